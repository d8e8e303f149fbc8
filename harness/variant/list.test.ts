/** What the list of variants promises: all of them, ids that never change, a smallest quick set. */
import { describe, expect, test } from "vitest";
import {
  allVariants,
  excludedVariants,
  quickVariants,
  representativeVariants,
  variantById,
} from "./list.ts";
import { axes, axisNames, variantOf } from "./variant.ts";

describe("allVariants", () => {
  test("is the full factorial less the exclusions", () => {
    const combinations = axisNames.reduce((count, axis) => count * axes[axis].length, 1);
    expect(allVariants().length + excludedVariants().length).toBe(combinations);
    expect(excludedVariants()).toEqual([]);
  });

  test("gives each an id of its own, in an order that never changes", () => {
    const ids = allVariants().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // Baselines and reports are keyed by these: a changed line orphans them.
    expect(ids.join("\n")).toMatchInlineSnapshot(`
      "freestanding-debug-js-none
      freestanding-debug-js-opt
      freestanding-debug-eh-none
      freestanding-debug-eh-opt
      freestanding-debug-exnref-none
      freestanding-debug-exnref-opt
      freestanding-safe-js-none
      freestanding-safe-js-opt
      freestanding-safe-eh-none
      freestanding-safe-eh-opt
      freestanding-safe-exnref-none
      freestanding-safe-exnref-opt
      freestanding-fast-js-none
      freestanding-fast-js-opt
      freestanding-fast-eh-none
      freestanding-fast-eh-opt
      freestanding-fast-exnref-none
      freestanding-fast-exnref-opt
      freestanding-small-js-none
      freestanding-small-js-opt
      freestanding-small-eh-none
      freestanding-small-eh-opt
      freestanding-small-exnref-none
      freestanding-small-exnref-opt
      wasi-debug-js-none
      wasi-debug-js-opt
      wasi-debug-eh-none
      wasi-debug-eh-opt
      wasi-debug-exnref-none
      wasi-debug-exnref-opt
      wasi-safe-js-none
      wasi-safe-js-opt
      wasi-safe-eh-none
      wasi-safe-eh-opt
      wasi-safe-exnref-none
      wasi-safe-exnref-opt
      wasi-fast-js-none
      wasi-fast-js-opt
      wasi-fast-eh-none
      wasi-fast-eh-opt
      wasi-fast-exnref-none
      wasi-fast-exnref-opt
      wasi-small-js-none
      wasi-small-js-opt
      wasi-small-eh-none
      wasi-small-eh-opt
      wasi-small-exnref-none
      wasi-small-exnref-opt"
    `);
  });

  test("is found again by id", () => {
    for (const variant of allVariants()) expect(variantById(variant.id)).toEqual(variant);
    expect(variantById("freestanding-small-js")).toBeUndefined();
  });

  test("an id comes from the axes alone", () => {
    for (const variant of allVariants()) expect(variantOf(variant)).toEqual(variant);
  });
});

describe("quickVariants", () => {
  const quick = quickVariants();

  test("has each value of each axis", () => {
    for (const axis of axisNames) {
      const values = new Set(quick.map((variant) => variant[axis]));
      expect([...values].toSorted()).toEqual([...axes[axis]].toSorted());
    }
  });

  test("is no larger than the longest axis, so no smaller set would do", () => {
    expect(quick.length).toBe(Math.max(...axisNames.map((axis) => axes[axis].length)));
  });

  test("is part of the matrix", () => {
    for (const { id } of quick) expect(variantById(id)).toBeDefined();
  });
});

test("the representatives: the quick set, and a variant for each other target × optimize", () => {
  const ids = representativeVariants().map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual(quickVariants().map(({ id }) => id));
  expect(ids).toHaveLength(8);
  const pairs = representativeVariants().map(({ target, optimize }) => `${target} ${optimize}`);
  expect(new Set(pairs).size).toBe(8);
  for (const id of ids) expect(variantById(id)).toBeDefined();
});
