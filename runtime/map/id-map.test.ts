/** Ids in an IdMap: found as they were put, in their order, and never wrapped. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { idMax } from "../abi/abi.ts";
import { IdMap } from "./id-map.ts";

const id = fc.oneof(fc.integer({ min: 0, max: idMax }), fc.integer({ min: 0, max: 9 }));

it("is a Map of ids, in the order of insertion", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean())), (changes) => {
      const [map, model] = [new IdMap<number>(), new Map<number, number>()];
      for (const [at, [each, isDeleted]] of changes.entries()) {
        if (isDeleted) expect(map.delete(each)).toBe(model.delete(each));
        else {
          map.set(each, at);
          model.set(each, at);
        }
      }
      expect([...map]).toEqual([...model]);
      expect([...map.keys()]).toEqual([...model.keys()]);
      for (const [each] of changes) expect(map.get(each)).toBe(model.get(each));
    }),
  );
});

it("has nothing under what is no id, and takes none", () => {
  const map = new IdMap([
    [0, "first"],
    [idMax, "last"],
  ]);
  expect([...map.keys()]).toEqual([0, idMax]);
  for (const none of [-1, idMax + 1, 2 ** 31, 2 ** 32 - 1]) {
    expect(map.get(none)).toBeUndefined();
    expect(map.has(none)).toBe(false);
    expect(() => map.set(none, "none")).toThrow(RangeError);
  }
});
