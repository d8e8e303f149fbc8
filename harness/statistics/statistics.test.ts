/** Tests of the statistics on figures whose answers are known. */
import { describe, expect, test } from "vitest";
import { bootstrapError } from "./bootstrap.ts";
import { boundsOf, compare, pairedLogRatios } from "./comparison.ts";
import { driftOf } from "./drift.ts";
import { median, standardDeviation } from "./location.ts";
import { meanRatio } from "./mean-ratio.ts";
import { learnNoise, noiseOf } from "./noise.ts";
import { randomOf, shuffled } from "./random.ts";
import { studentFactor } from "./student.ts";
import { percentOf, verdictOf } from "./verdict.ts";
import { judgeWarmUp } from "./warm-up.ts";
import { effectiveCount, weighedMedians, weightedMean } from "./weights.ts";

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("a seed repeats the order, another one gives another", () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  expect(shuffled(items, randomOf(7))).toEqual(shuffled(items, randomOf(7)));
  expect(shuffled(items, randomOf(7))).not.toEqual(shuffled(items, randomOf(8)));
  expect(shuffled(items, randomOf(7)).toSorted((a, b) => a - b)).toEqual(items);
});

// From the tables of Abramowitz and Stegun (26.10), two-sided.
test.each([
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 5, 2.571],
  [0.95, 11, 2.201],
  [0.95, 30, 2.042],
  [0.999, 3, 12.924],
  [0.999, 4, 8.61],
  [0.999, 23, 3.768],
])("Student's factor at %d with %d degrees of freedom is %d", (level, freedom, factor) => {
  expect(studentFactor(level, freedom)).toBeCloseTo(factor, 2);
});

test("one observation has no interval", () => {
  expect(studentFactor(0.95, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("the bootstrap of a mean comes near the error that is known for it", () => {
  const figures = [1, 2, 4, 3, 6, 5];
  const known = standardDeviation(figures) / Math.sqrt(figures.length);
  const weighted = figures.map((figure) => ({ figure, weight: 1 }));
  expect(bootstrapError(weighted, 1) / known).toBeCloseTo(1, 1);
  expect(bootstrapError(weighted, 1)).toBe(bootstrapError(weighted, 1));
  expect(bootstrapError(weighted.slice(1, 2), 1)).toBeNaN();
});

describe("a process that was disturbed", () => {
  const calm = [0.01, 0, -0.01, 0.012, -0.008];
  const clusters = [calm, calm, calm, calm.map((each) => 0.2 + 40 * each)];
  const weighted = weighedMedians(clusters);

  test("weighs less, a lucky one no more than others", () => {
    expect(weighted.slice(0, 3).map(({ weight }) => weight)).toEqual([1, 1, 1]);
    expect(weighted[3]?.weight).toBeLessThan(0.01);
    expect(Math.abs(weightedMean(weighted))).toBeLessThan(0.001);
    const lucky = weighedMedians([calm, calm, calm.map((each) => each / 100)]);
    expect(lucky.map(({ weight }) => weight)).toEqual([1, 1, 1]);
  });

  test("counts as less than one", () => {
    expect(effectiveCount(weighted)).toBeCloseTo(3, 1);
    expect(effectiveCount(weighted.slice(0, 3))).toBe(3);
  });

  test("does not weigh less for rounds that differ less than the processes do", () => {
    const apart = [0, 0.1, 0.2, 0.3].map((center) => calm.map((each) => center + each));
    const noisy = [...apart.slice(1), calm.map((each) => 3 * each)];
    expect(weighedMedians(noisy)[3]?.weight).toBeGreaterThan(0.9);
  });

  test("is drawn in where it lies far from all others, and only there", () => {
    const centers = [0.001, 0.006, -0.004, 0.002, -0.003];
    const withHalfSpeed = [...centers, 0.69].map((center) => calm.map((each) => center + each));
    const drawnIn = weighedMedians(withHalfSpeed).map(({ figure }) => figure);
    expect(drawnIn.slice(0, 5)).toEqual(centers);
    expect(drawnIn[5]).toBeGreaterThan(0.01);
    expect(drawnIn[5]).toBeLessThan(0.08);
    expect(weighedMedians(withHalfSpeed).map(({ isApart }) => isApart ?? false)).toEqual(
      [...centers, 0.69].map((center) => center === 0.69),
    );
    const five = weighedMedians(withHalfSpeed.slice(1));
    expect(five[4]?.figure).toBeCloseTo(0.69, 12);
    const twoWays = [...centers, 0.69, 0.7].map((center) => calm.map((each) => center + each));
    expect(weighedMedians(twoWays).filter(({ isApart }) => isApart)).toEqual([]);
  });
});

/** As many processes as rows; a figure is the time of one round. */
function samples(rows: readonly (readonly number[])[]) {
  return {
    samplesMs: rows.flat(),
    rounds: rows.flatMap((row, process) => row.map((_, round) => ({ process, round }))),
  };
}

describe("a comparison", () => {
  test("pairs rounds, whoever sat some out", () => {
    const base = samples([
      [10, 20, 30],
      [40, 50, 60],
    ]);
    const subject = {
      samplesMs: [60, 80, 120],
      rounds: [
        { process: 0, round: 2 },
        { process: 1, round: 0 },
        { process: 1, round: 2 },
      ],
    };
    const ratios = [...pairedLogRatios(base, subject).values()].map((logs) => logs.map(Math.exp));
    expect(ratios.map((row) => row.map((each) => each.toFixed(6)))).toEqual([
      ["2.000000"],
      ["2.000000", "2.000000"],
    ]);
  });

  test("takes what slows a whole round down out of the ratio", () => {
    const base = samples([
      [10, 20, 40],
      [11, 10, 80],
      [30, 10, 10],
      [10, 12, 14],
    ]);
    const subject = { ...base, samplesMs: base.samplesMs.map((each) => 1.5 * each) };
    const comparison = compare(base, subject);
    expect(comparison).toMatchObject({ processes: 4, rounds: 12 });
    expect(Math.exp(comparison.estimate)).toBeCloseTo(1.5, 10);
    expect(comparison.standardError).toBeCloseTo(0, 10);
  });

  test("of one process has no bounds", () => {
    const base = samples([[10, 11, 12]]);
    expect(boundsOf(compare(base, base), 0.95)).toEqual({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });
});

describe("drift", () => {
  test("within processes and between them is told, chance is not", () => {
    const rising = [1, 2, 3, 4].map((seed) => [0, 0.01, 0.1, 0.11].map((x) => x + seed / 1e4));
    expect(driftOf(rising)).toMatchObject({ isDrifting: true });
    expect(driftOf(rising).within).toBeCloseTo(0.1, 6);
    const later = [0, 0.001, 0.002, 0.001, 0.1, 0.101, 0.102, 0.1].map((x) => [x, x, x]);
    expect(driftOf(later)).toMatchObject({ isDrifting: true });
    expect(driftOf(later).between).toBeCloseTo(0.1, 2);
    const random = randomOf(3);
    const chance = Array.from({ length: 8 }, () => Array.from({ length: 6 }, random));
    expect(driftOf(chance)).toMatchObject({ isDrifting: false });
  });

  test("neighbours that tell the same story have an autocorrelation", () => {
    const slow = Array.from({ length: 40 }, (_, i) => Math.sin(i / 6));
    expect(driftOf([slow]).autocorrelation).toBeGreaterThan(0.9);
    const hasty = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(driftOf([hasty]).autocorrelation).toBeLessThan(-0.9);
  });
});

describe("the warm-up", () => {
  const steady = [10, 10.1, 9.9, 10, 10.1, 9.9, 10];

  test("ends where the samples become steady, never before the second", () => {
    expect(judgeWarmUp([steady])).toEqual({ rounds: 1, isSettled: true });
    expect(judgeWarmUp([[80, 50, 30, ...steady]])).toEqual({ rounds: 3, isSettled: true });
    expect(judgeWarmUp([steady, [80, 50, ...steady.slice(2)]])).toMatchObject({ rounds: 2 });
  });

  test("that goes on to the end is told, chance hardly ever", () => {
    const falling = [80, 70, 61, 52, 44, 37, 30, 25, 20, 16];
    expect(judgeWarmUp([falling])).toEqual({ rounds: 5, isSettled: false });
    const noisy = [90, 80, 82, 79, 81, 83, 80, 10.2, 10, 10.1];
    expect(judgeWarmUp([noisy])).toEqual({ rounds: 1, isSettled: false });
    const random = randomOf(5);
    const alarms = Array.from({ length: 400 }, () => Array.from({ length: 12 }, random)).filter(
      (samples) => !judgeWarmUp([samples]).isSettled,
    );
    expect(alarms.length).toBeLessThan(40);
  });
});

describe("the noise", () => {
  const base = samples([
    [10, 10],
    [10, 10],
    [10, 10],
    [10, 10],
  ]);
  const near = samples([
    [10, 10],
    [10.01, 10.01],
    [10, 10],
    [10.01, 10.01],
  ]);
  const far = samples([
    [11, 11],
    [10, 10],
    [10, 10],
    [9, 9],
  ]);

  test("is the larger of the workload's own and what is usual", () => {
    const noise = learnNoise([
      { workload: "near", base, twin: near },
      { workload: "far", base, twin: far },
      { workload: "near too", base, twin: near },
    ]);
    const usual = noiseOf(noise, "near") ?? Number.NaN;
    expect(percentOf(usual)).toBeGreaterThan(0.05);
    expect(percentOf(usual)).toBeLessThan(0.3);
    expect(noiseOf(noise, "unseen")).toBe(usual);
    expect(noiseOf(noise, "far")).toBeGreaterThan(10 * usual);
  });

  test("is unknown without a twin, and with one process", () => {
    expect(noiseOf(learnNoise([]), "fib")).toBeUndefined();
    const once = samples([[10, 10]]);
    const noise = learnNoise([{ workload: "fib", base: once, twin: once }]);
    expect(noiseOf(noise, "fib")).toBeUndefined();
  });
});

describe("a verdict", () => {
  const rows = [0.02, -0.03, 0.01, 0, 0.015, -0.02].map((x) => [10 + x, 10, 10 - x]);
  const base = samples(rows);
  const times = (factor: number) => samples(rows.map((row) => row.map((each) => factor * each)));
  const ask = (factor: number, noise: number | undefined) =>
    verdictOf({ base, subject: times(factor), noise, precisionPercent: 2 });

  test("is faster or slower beyond the noise, equal within the precision", () => {
    expect(ask(1.05, 0.01)).toMatchObject({ verdict: "slower", processes: 6, rounds: 18 });
    expect(ask(0.95, 0.01)).toMatchObject({ verdict: "faster" });
    const equal = ask(1.005, 0.01);
    expect(equal.verdict).toBe("equal");
    expect(equal.equalWithinPercent).toBeCloseTo(0.5, 1);
  });

  test("never goes below the noise of the A/A pair, nor without one", () => {
    expect(ask(1.05, 0.06).verdict).toBe("undecided");
    expect(ask(1.05, undefined).verdict).toBe("undecided");
    expect(ask(1.05, undefined).noisePercent).toBe(Number.POSITIVE_INFINITY);
  });

  test("takes more evidence at a look than at the end", () => {
    // By 3 %, with a standard error of 0.5 %: Student's 99.95 % take 8.25 of them, 99.5 % 4.77.
    const off = [-0.018, -0.009, 0, 0, 0.009, 0.018].map((each) => 10.3 * (1 + each));
    const question = { base, subject: samples(off.map((each) => [each, each, each])) };
    const known = { ...question, noise: 0.01, precisionPercent: 2 };
    expect(verdictOf({ ...known, isLook: true }).verdict).toBe("undecided");
    expect(verdictOf(known).verdict).toBe("slower");
    const wider = off.map((each) => 10.3 + 2 * (each - 10.3));
    const unsure = { ...known, subject: samples(wider.map((each) => [each, each, each])) };
    expect(verdictOf(unsure).verdict).toBe("undecided");
    expect(verdictOf(unsure).low).toBeGreaterThan(1);
  });

  test("is not given while the ratio moves by more than it says", () => {
    const many = samples(Array.from({ length: 4 }, () => rows).flat());
    const factorOf = (process: number) => (process < 12 ? 1.01 : 1.035);
    const samplesMs = many.samplesMs.map(
      (each, index) => each * factorOf(many.rounds[index]?.process ?? 0),
    );
    const moving = { ...many, samplesMs };
    const verdict = verdictOf({ base: many, subject: moving, noise: 0.01, precisionPercent: 2 });
    expect(verdict.surelyLow).toBeGreaterThan(1);
    expect(verdict.driftPercent).toBeGreaterThan(2);
    expect(verdict.verdict).toBe("undecided");
  });
});

describe("the geometric mean", () => {
  test("takes twice and half together for nothing", () => {
    const base = samples([[10], [10], [10]]);
    const mean = meanRatio([
      { base, subject: samples([[20], [20], [20]]) },
      { base, subject: samples([[5], [5], [5]]) },
    ]);
    expect(mean).toMatchObject({ workloads: 2 });
    expect(mean?.ratio).toBeCloseTo(1, 10);
    expect(meanRatio([])).toBeUndefined();
  });

  test("has the error of the processes, which workloads share", () => {
    const base = samples([[10], [10], [10]]);
    const subject = samples([[9], [10], [11]]);
    const one = meanRatio([{ base, subject }]);
    const same = meanRatio([
      { base, subject },
      { base, subject },
    ]);
    expect(same?.high).toBeCloseTo(one?.high ?? 0, 10);
    const opposed = meanRatio([
      { base, subject },
      { base: subject, subject: base },
    ]);
    expect(opposed?.high).toBeCloseTo(1, 10);
    expect(one?.high).toBeGreaterThan(1.1);
  });
});
