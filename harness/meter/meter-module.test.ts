/** What the meter pass must not change in a module, and what it refuses. */
import { describe, expect, test } from "vitest";
import { readModule, WasmFormatError } from "../wasm/module.ts";
import { readSections } from "../wasm/sections.ts";
import { assemble } from "./assemble.fixture.ts";
import { Counters, counterPrefix, MeterError } from "./counters.ts";
import { meterModule } from "./meter-module.ts";
import { run } from "./run.fixture.ts";

describe("the module that comes out", () => {
  const whole = assemble(`
    (import "env" "fail" (func $fail))
    (import "env" "limit" (global $limit i32))
    (memory (export "memory") 2 2)
    (table funcref (elem $f $fail))
    (global $own (export "own") (mut i32) (i32.const 5))
    (func $start global.get $limit global.set $own)
    (start $start)
    (func $f (export "f") (result i32) global.get $own)
    (data (i32.const 16) "hello")`);

  test.each(["total", "functions"] as const)("%s: adds, and changes nothing else", (mode) => {
    const before = readModule(whole);
    const { wasm } = meterModule(whole, { mode });
    const after = readModule(wasm);
    expect(after.imports).toEqual(before.imports);
    expect(after.exports.slice(0, before.exports.length)).toEqual(before.exports);
    const added = after.exports.slice(before.exports.length);
    expect(added.every(({ name }) => name.startsWith(counterPrefix))).toBe(true);
    expect(added).toHaveLength(mode === "total" ? 2 : 3);
    expect(after.globals.slice(0, before.globals.length)).toEqual(before.globals);
    expect(after.functions.map(({ name }) => name)).toEqual(["start", "f"]);
    const untouched = (bytes: Uint8Array) =>
      readSections(bytes)
        .filter(({ name }) => !["global", "export", "code"].includes(name))
        .map(({ name, offset, sizeBytes }) => [name, bytes.slice(offset, offset + sizeBytes)]);
    expect(untouched(wasm)).toEqual(untouched(whole));
  });

  test("counts the start function, too", async () => {
    const { counts, answer } = await run(meterModule(whole, { mode: "total" }).wasm);
    expect(answer).toBe(3);
    expect(counts.instructions).toBe(2 + 1);
  });

  test("has the sections that it needs, also where the module had none", () => {
    const { wasm } = meterModule(assemble("(func i32.const 1 drop)"), { mode: "functions" });
    expect(readSections(wasm).map(({ name }) => name)).toEqual([
      ...["type", "function", "global", "export", "code"],
      "custom:name",
    ]);
    expect(WebAssembly.validate(new Uint8Array(wasm))).toBe(true);
    const empty = meterModule(assemble(""), { mode: "total" }).wasm;
    expect(WebAssembly.validate(new Uint8Array(empty))).toBe(true);
  });

  test("has no section that names places in the code of before", () => {
    const section = (name: string) => [0, name.length + 1, name.length, ...Buffer.from(name)];
    const lines = [...section(".debug_line"), ...section("metadata.code.branch_hint")];
    const module = Uint8Array.of(...whole, ...lines, ...section("producers"));
    const names = readSections(meterModule(module, { mode: "total" }).wasm).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("custom"))).toEqual([
      "custom:name",
      "custom:producers",
    ]);
  });

  test("can't be metered again", () => {
    const { wasm } = meterModule(whole, { mode: "total" });
    expect(() => meterModule(wasm, { mode: "total" })).toThrow(MeterError);
  });
});

describe("what is refused", () => {
  /** One function, () -> (), with this code. */
  function moduleOf(...code: readonly number[]): Uint8Array {
    const body = [0, ...code];
    return Uint8Array.of(
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[3, 2, 1, 0],
      ...[10, body.length + 2, 1, body.length, ...body],
    );
  }
  const meter = (wasm: Uint8Array) => meterModule(wasm, { mode: "total" });

  test("an unknown instruction, by function and offset, also in dead code", () => {
    expect(() => meter(moduleOf(0x01, 0x0b))).not.toThrow();
    const unknown = /^function 0: unknown instruction 0xff at offset 0x18 /;
    expect(() => meter(moduleOf(0x01, 0xff, 0x0b))).toThrow(unknown);
    expect(() => meter(moduleOf(0x00, 0xff, 0x0b))).toThrow(unknown);
    expect(() => meter(moduleOf(0xfc, 0x7f, 0x0b))).toThrow(/function 0: unknown instruction/);
    // struct.new of garbage collection, and call_ref.
    expect(() => meter(moduleOf(0xfb, 0x00, 0x00, 0x0b))).toThrow(/unknown instruction 0xfb/);
    expect(() => meter(moduleOf(0x14, 0x00, 0x0b))).toThrow(/unknown instruction 0x14/);
  });

  test("ends that don't match", () => {
    expect(() => meter(moduleOf(0x02, 0x40, 0x0b))).toThrow(/function 0: 1 ends are missing/);
    expect(() => meter(moduleOf(0x0b, 0x01, 0x0b))).toThrow(/behind the last end/);
  });

  test("what is no module", () => {
    expect(() => meter(Uint8Array.of(1, 2, 3))).toThrow(WasmFormatError);
  });

  test("an instance whose counters are not there", () => {
    expect(() => new Counters({})).toThrow(MeterError);
  });
});
