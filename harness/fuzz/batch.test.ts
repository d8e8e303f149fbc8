/** Tests of batches: they repeat, and a finding's path leads back to its program. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchSeed, programsOf } from "./batch.ts";
import type { FuzzTarget } from "./target.ts";

const target: FuzzTarget = {
  name: "numbers",
  title: "numbers",
  prelude: "",
  casesPerProgram: 1,
  programs: fc.array(fc.nat()).map((numbers) => `return "${numbers.join()}"`),
};

describe("a batch", () => {
  const place = { seed: 7, batch: 3 };

  test("repeats, and a shorter one is the beginning of a longer", () => {
    const programs = programsOf(target, place, 100);
    expect(programsOf(target, place, 100)).toEqual(programs);
    expect(programsOf(target, place, 20)).toEqual(programs.slice(0, 20));
  });

  test("is another for each number and each seed", () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 40].flatMap((seed) =>
      [0, 1, 2, 999_999].map((batch) => batchSeed({ seed, batch })),
    );
    expect(new Set(seeds).size).toBe(20);
    expect(seeds.every((seed) => Number.isInteger(seed))).toBe(true);
  });

  test("a place in it is a path of fast-check, from which a program is shrunk", () => {
    const programs = programsOf(target, place, 50);
    for (const [index, program] of programs.entries()) {
      const tried: string[] = [];
      const property = fc.property(target.programs, (each) => void tried.push(each));
      fc.check(property, { seed: batchSeed(place), path: String(index), numRuns: 1 });
      expect(tried).toEqual([program]);
    }
  });
});
