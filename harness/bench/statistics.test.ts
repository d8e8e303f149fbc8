/** Tests of what is read out of samples. */
import { expect, test } from "vitest";
import { figuresOf, median } from "./statistics.ts";

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

const measurement = {
  workload: "fib",
  subjects: [
    { subject: "peer", samplesMs: [10, 20, 40] },
    { subject: "ours", samplesMs: [5, 10, 40] },
  ],
  unsupported: [],
};

test("speed is the median of the ratios of each round, not the ratio of medians", () => {
  expect(figuresOf(measurement, "peer")).toEqual({
    reference: "peer",
    figures: [
      { subject: "peer", medianMs: 20, speed: 1 },
      { subject: "ours", medianMs: 10, speed: 2 },
    ],
  });
});

test("without the reference the first subject stands for it", () => {
  expect(figuresOf(measurement, "absent")?.reference).toBe("peer");
  expect(figuresOf({ ...measurement, subjects: [] }, "peer")).toBeUndefined();
});
