/** Tests of smallestSublist: what is left fails, and nothing of it can be left out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallestSublist } from "./sublist.ts";

describe("smallestSublist", () => {
  test("finds the parts that a failure needs, wherever they are", async () => {
    const parts = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(parts, async (needed) => {
        const items = Array.from({ length: 41 }, (_, index) => index);
        const fails = async (some: readonly number[]): Promise<boolean> =>
          needed.every((each) => some.includes(each));
        const smallest = await smallestSublist(items, fails);
        expect(smallest).toEqual(needed.toSorted((a, b) => a - b));
      }),
      { seed: 1 },
    );
  });

  test("keeps what it has when the time is up", async () => {
    let tries = 0;
    const fails = async (some: readonly string[]): Promise<boolean | undefined> => {
      tries += 1;
      return tries > 1 ? undefined : some.includes("d");
    };
    expect(await smallestSublist(["a", "b", "c", "d"], fails)).toEqual(["c", "d"]);
  });

  test("leaves one item, and none, as they are", async () => {
    const fails = async (): Promise<boolean> => true;
    expect(await smallestSublist(["a"], fails)).toEqual(["a"]);
    expect(await smallestSublist([], fails)).toEqual([]);
  });
});
