/** Tests of what `npm run bench` prints, on synthetic samples. */
import { expect, test } from "vitest";
import type { TimingRecord } from "../../harness/record/record.ts";
import { twinName } from "../../harness/statistics/noise.ts";
import { syntheticRun } from "../../harness/statistics/synthetic.fixture.ts";
import { type BenchResult, benchJson, benchTable, formatMs } from "./table.ts";

const noise = {
  ...{ sample: 0.005, process: 0.001, drift: 0, disturbed: { rate: 0, sample: 0 } },
  outliers: { rate: 0, factor: 0 },
};

function records(workload: string, processes: number): readonly TimingRecord[] {
  const series = syntheticRun({
    subjectsMs: { ours: 10, same: 10, peer: 20, [twinName("ours")]: 10 },
    ...{ processes, rounds: 6, noise, seed: 5 },
  });
  const roles = new Map([
    ["ours", "base"],
    [twinName("ours"), "twin"],
    ["peer", "peer"],
  ] as const);
  return [...series].map(([variant, { samplesMs, rounds }]) => ({
    ...{
      kind: "timing",
      variant,
      role: roles.get(variant) ?? "variant",
      axes: {},
      engine: "node",
      engineVersion: "26.0.0",
      workload,
    },
    ...{ samplesMs: [...samplesMs], rounds: [...rounds], resolutionMs: 0.001, warmUpRounds: 6 },
  }));
}

function result(changes: Partial<BenchResult> = {}): BenchResult {
  return {
    records: [...records("fib", 6), ...records("sort", 6)],
    ...{
      precisionPercent: 2,
      classic: ["fib", "sort"],
      unsupported: [],
      unsettled: new Map(),
      wrong: [],
    },
    ...changes,
  };
}

test("each subject has its ratio, interval and verdict; the twin has the noise", () => {
  const lines = benchTable(result()).split("\n");
  expect(lines[0]).toMatch(/^workload +subject +median +ratio +95 % interval +verdict$/);
  expect(lines[1]).toMatch(/^fib +ours +[\d.]+ ms +1$/);
  expect(lines[2]).toMatch(
    / same +\d+\.?\d* ms +[01]\.\d{3} +[\d.]+ to [\d.]+ +equal within 0\.\d+ %$/,
  );
  expect(lines[3]).toMatch(/ peer +[\d.]+ ms +(?:2\.0\d\d|1\.9\d\d) +[\d.]+ to [\d.]+ +slower$/);
  expect(lines[4]).toMatch(/ ours \(A\/A\) .* noise 0\.\d+ %$/);
  expect(lines.find((line) => line.startsWith("mean of 2") && line.includes("peer"))).toMatch(
    /(?:2\.0\d\d|1\.9\d\d) +[\d.]+ to [\d.]+ +classic workloads$/,
  );
});

test("one process has no interval, and no verdict", () => {
  const lines = benchTable(result({ records: records("fib", 1) })).split("\n");
  expect(lines[3]).toMatch(/ peer .* none +undecided$/);
});

test("what is unsupported or not settled is told below", () => {
  const text = benchTable(
    result({
      unsupported: [
        { workload: "fib", subject: "fengari", reason: "not installed" },
        { workload: "sort", subject: "fengari", reason: "not installed" },
      ],
      unsettled: new Map([
        ["fib", 4],
        ["sort", 1],
      ]),
    }),
  );
  expect(text).toContain("unsupported, fengari: not installed (fib, sort)");
  expect(text).toContain("not settled: fib still got faster in 4 of 6 processes");
  expect(text).not.toContain("not settled: sort");
});

test("JSON has the verdicts and the raw samples", () => {
  const shown: unknown = JSON.parse(benchJson(result()));
  expect(shown).toMatchObject({
    workloads: [
      {
        ...{ workload: "fib", base: { subject: "ours" } },
        subjects: [
          { subject: "same", isTwin: false, verdict: { verdict: "equal", processes: 6 } },
          { subject: "peer", verdict: { verdict: "slower", rounds: 36 } },
          { subject: "ours (A/A)", isTwin: true },
        ],
        samples: [{ subject: "ours", warmUpRounds: 6 }, {}, {}, {}],
      },
      { workload: "sort" },
    ],
    means: [{ subject: "same", workloads: 2 }, { subject: "peer" }],
  });
});

test("times have three digits that count", () => {
  expect([1234.5, 99.96, 0.012345].map(formatMs)).toEqual(["1235 ms", "100 ms", "0.0123 ms"]);
});
