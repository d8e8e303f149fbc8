/** Tests of the treemap: areas as the bytes, all of the box covered, nothing overlapping. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { squarify } from "./treemap.ts";

const box = { x: 10, y: 20, width: 300, height: 200 };

test("boxes have the share of their bytes and cover the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }), (sizes) => {
      const areas = sizes
        .toSorted((a, b) => b - a)
        .map((bytes, index) => ({ name: String(index), bytes }));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const placed = squarify(areas, box);
      expect(placed).toHaveLength(areas.length);
      for (const { bytes, x, y, width, height } of placed) {
        expect(width * height).toBeCloseTo((bytes / total) * box.width * box.height, 4);
        expect(x).toBeGreaterThanOrEqual(box.x - 1e-6);
        expect(y).toBeGreaterThanOrEqual(box.y - 1e-6);
        expect(x + width).toBeLessThanOrEqual(box.x + box.width + 1e-6);
        expect(y + height).toBeLessThanOrEqual(box.y + box.height + 1e-6);
      }
      for (const [index, one] of placed.entries()) {
        for (const other of placed.slice(index + 1)) {
          const wide =
            Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
          const high =
            Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
          expect(Math.max(0, wide) * Math.max(0, high)).toBeLessThan(1e-6);
        }
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("nothing has no boxes", () => {
  expect(squarify([], box)).toEqual([]);
  expect(squarify([{ name: "none", bytes: 0 }], box)).toEqual([]);
});
