/** The mutator on a built variant: nothing is found, and what is planted is. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { programsOf } from "../harness/fuzz/batch.ts";
import { projectInvocation } from "../scripts/command/invocation.fixture.ts";
import { type Base, basesOf, commonCore, run } from "../suites/hostile/bases.ts";
import { hostileTarget } from "../suites/hostile/fuzz-target.ts";
import { faultOfUse, hostText, Watched } from "../suites/hostile/judge.ts";
import { StateJudge } from "../suites/hostile/judge-state.ts";
import { assembled, mutantOf } from "../suites/hostile/mutate.ts";
import { useState } from "../suites/hostile/use.ts";
import { builtArtifact } from "./built-artifact.fixture.ts";

let module: WebAssembly.Module;
let bases: readonly Base[] = [];

beforeAll(async () => {
  const invocation = projectInvocation(new AbortController().signal);
  const { wasmPath } = await builtArtifact("freestanding-small-js-opt", invocation);
  module = await WebAssembly.compile(new Uint8Array(await readFile(wasmPath)));
  bases = await basesOf(module);
});

function recipes(seed: number, count: number): readonly string[] {
  return programsOf(hostileTarget, { seed, batch: 0 }, count);
}

test("a mutant is the same again, and without a change it is its base", () => {
  for (const recipe of recipes(1, 50)) {
    expect(mutantOf(bases, recipe)).toEqual(mutantOf(bases, recipe));
  }
  for (const [number, base] of bases.entries()) {
    const unchanged = assembled(
      base,
      base.parts.map(({ bytes }) => bytes),
    );
    expect(mutantOf(bases, `base ${number}`)?.bytes).toEqual(unchanged);
  }
  expect(mutantOf(bases, "set 1 2 3")).toBeUndefined();
});

test("nothing is found among the first", async () => {
  const [side] = hostileTarget.sides?.of([{ name: "core", module, prelude: "" }]).others ?? [];
  const tallies = new Map<string, number>();
  for (const recipe of recipes(1, 300)) {
    const answer = await side?.answer(recipe);
    expect(answer?.text).toBe("fine");
    const tally = (answer?.kind === "text" ? answer.tally : undefined) ?? "none";
    tallies.set(tally, (tallies.get(tally) ?? 0) + 1);
  }
  expect(tallies.get("refused")).toBeGreaterThan(100);
  expect(tallies.get("accepted")).toBeGreaterThan(10);
});

describe("a planted fault is found:", () => {
  test("trust in a stranger's coroutines", async () => {
    const judge = new StateJudge(module, { bytecode: "trusted" });
    const failures: string[] = [];
    for (const recipe of recipes(2, 1500)) {
      const mutant = mutantOf(bases, recipe);
      if (mutant?.base.kind !== "state" || !/coroutines|closures/.test(mutant.base.name)) continue;
      const verdict = await judge.judge(mutant);
      if (verdict.kind === "failed") failures.push(verdict.failure);
      if (failures.length > 2) break;
    }
    expect(failures.length).toBeGreaterThan(2);
  });

  test.each([
    [
      "a value at an edge",
      "rawget = function(t, k) return k == 0x80000000 and 7 or real(t, k) end",
    ],
    [
      "a border that is none",
      "leak, step = {}, rawlen rawlen = function(t) return t == leak and 9 or step(t) end",
    ],
    [
      "a traversal without end",
      "leak, step = {}, next next = function(t, k) return t == leak and {} or step(t, k) end",
    ],
    ["a secret", "leak = {{'CANARY' .. 1}}"],
  ])("%s", async (_, code) => {
    const core = await commonCore(module, { libraries: ["base", "string"] });
    expect(faultOfUse(core.compute(useState))).toBeUndefined();
    run(core, `real = rawget ${code}`);
    expect(faultOfUse(core.compute(useState))).toBeTypeOf("string");
  });

  test("a table more at the host", async () => {
    const watched = new Watched();
    const core = await commonCore(module, { libraries: ["base"], wiring: watched.wiring });
    const [instance] = watched.instances;
    if (instance === undefined) throw new Error("the core has no instance");
    const before = hostText(core, instance);
    expect(hostText(core, instance)).toBe(before);
    core.tables.registry.skipIdsBelow(99);
    expect(hostText(core, instance)).not.toBe(before);
  });
});
