/** Tests of the arguments that are generated: every function is called, all edges occur. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { argumentsTarget } from "./fuzz-target.ts";
import { callsPerProgram } from "./program.ts";

const programs = fc.sample(argumentsTarget.programs, { seed: 1, numRuns: 1_000 });
const text = programs.join("\n");

describe("the programs of arguments", () => {
  test("call each function of the catalogue, which names none twice", () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const calls = text.matchAll(/(?:call|inside|walk|again)\((?:\d, )?"([^"]+)"/g);
    const called = new Set([...calls].map(([, name]) => name));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
  });

  test("have no fewer calls than are counted", () => {
    const calls = programs.reduce((sum, program) => sum + program.split("\n").length - 5, 0);
    expect(calls).toBeGreaterThanOrEqual(programs.length * callsPerProgram);
  });

  test.each([
    ["±2^31", "0x80000000", "0xffffffff80000000", "0x7fffffff", "0xffffffff7fffffff"],
    ["±2^63", "0x7fffffffffffffff", "0x8000000000000000", "0x8000000000000001"],
    ["±2^53", "0x20000000000001", "0x1fffffffffffff", "2^53+1", "0xffe0000000000000"],
    ["floats", "nan", "-0.0", "-huge", "5e-324", "1.7976931348623157e308"],
    ["numerals", '"0x10"', '"9223372036854775808"', '"-9223372036854775808"', '"1e400"'],
    ["strings", '""', '"\\000', "\\255\\133", 'rep("a", 20000)', 'rep("a?", 20000)'],
    ["patterns and formats", '"%%b()"', '"[', ".99", "%99", "i16", "!%Y", "i4294967296"],
    ["metamethods", "__index", "__len", "__name", "__eq", "__lt", "__close", "__gc", '"kv"'],
    ["functions", "yields(", "raise(", "collects()", "remeta(", 'f"pcall"', "recursive", "sets("],
    ["coroutines", 'co("new")', 'co("dead")', 'co("failed")', 'co("closing")', "main"],
    ["sequences", "latest(3", "again(3", "steps(", 'call("setmetatable", o[1], {', "inside("],
  ])("hold edges: %s", (_, ...edges) => {
    const unescaped = edges.map((edge) => edge.replace("%%", "%"));
    expect(unescaped.filter((edge) => !text.includes(edge))).toEqual([]);
  });

  test("have nothing that a Lua string or line can't hold", () => {
    for (const program of programs) expect(program).toMatch(/^[\n -~]*$/);
    expect(text).not.toMatch(/undefined|\[object/);
  });
});
