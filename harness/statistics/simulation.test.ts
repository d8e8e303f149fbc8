/**
 * The verdicts on synthetic samples: how often equals are called different, and how often a
 * difference is seen. Seeded: it gives the same counts each time.
 */
import { expect, test } from "vitest";
import { learnNoise, noiseOf } from "./noise.ts";
import { type SyntheticNoise, type SyntheticSeries, syntheticRun } from "./synthetic.fixture.ts";
import { looksAtProcesses, type VerdictWord, verdictOf } from "./verdict.ts";

const quiet: SyntheticNoise = {
  ...{ sample: 0.01, process: 0.004, drift: 0.05, disturbed: { rate: 0, sample: 0 } },
  outliers: { rate: 0.05, factor: 0.5 },
};
const shared: SyntheticNoise = {
  ...{ sample: 0.03, process: 0.01, drift: 0.1, disturbed: { rate: 0, sample: 0 } },
  outliers: { rate: 0.1, factor: 0.5 },
};

/** Quiet, but for one process in four. */
const bursts: SyntheticNoise = { ...quiet, disturbed: { rate: 0.25, sample: 0.5 } };

const workloads = ["a", "b", "c", "d", "e"];
const processes = 12;

interface Campaign {
  readonly ratio: number;
  readonly noise: SyntheticNoise;
  readonly rounds: number;
  readonly runs: number;
}

/** Looks as the stage does: after so many processes, and when all are through. */
function countVerdicts(campaign: Campaign): Readonly<Record<VerdictWord, number>> {
  const counts = { faster: 0, slower: 0, equal: 0, undecided: 0 };
  for (let run = 0; run < campaign.runs; run++) {
    for (const verdict of verdictsOfRun(campaign, run)) counts[verdict] += 1;
  }
  return counts;
}

function verdictsOfRun({ ratio, noise, rounds }: Campaign, run: number): readonly VerdictWord[] {
  const all = workloads.map((workload, index) => ({
    workload,
    series: syntheticRun({
      subjectsMs: { base: 20, twin: 20, subject: 20 * ratio },
      ...{ processes, rounds, noise, seed: 1_000 * run + index },
    }),
  }));
  const verdicts = new Map<string, VerdictWord>();
  // The last look, at the end, is not one of those.
  for (const look of [...looksAtProcesses, Number.POSITIVE_INFINITY]) {
    const seen = all.map(({ workload, series }) => ({
      workload,
      base: cut(series.get("base"), look),
      twin: cut(series.get("twin"), look),
      subject: cut(series.get("subject"), look),
    }));
    const learned = learnNoise(seen);
    for (const { workload, base, subject } of seen) {
      if ((verdicts.get(workload) ?? "undecided") !== "undecided") continue;
      const question = {
        ...{ base, subject, noise: noiseOf(learned, workload), precisionPercent: 2 },
        isLook: Number.isFinite(look),
      };
      verdicts.set(workload, verdictOf(question).verdict);
    }
  }
  return [...verdicts.values()];
}

function cut(series: SyntheticSeries | undefined, processesSeen: number): SyntheticSeries {
  const { samplesMs, rounds } = series ?? { samplesMs: [], rounds: [] };
  const length = rounds.filter(({ process }) => process < processesSeen).length;
  return { samplesMs: samplesMs.slice(0, length), rounds: rounds.slice(0, length) };
}

test.each([
  ["quiet", quiet],
  ["shared", shared],
  ["now and then busy", bursts],
])("on a %s machine equals are hardly ever called different", (_, noise) => {
  const counts = countVerdicts({ ratio: 1, noise, rounds: 8, runs: 100 });
  // 500 verdicts: 1 % of them is what is promised.
  expect(counts.faster + counts.slower).toBeLessThanOrEqual(2);
});

test("3 % slower, or faster, is seen in more than nine of ten", () => {
  const slower = countVerdicts({ ratio: 1.03, noise: quiet, rounds: 8, runs: 20 });
  expect(slower.slower).toBeGreaterThanOrEqual(95);
  expect(slower.faster + slower.equal).toBe(0);
  const faster = countVerdicts({ ratio: 1 / 1.03, noise: quiet, rounds: 8, runs: 20 });
  expect(faster.faster).toBeGreaterThanOrEqual(95);
});

test("a machine that is busy now and then hides 3 % in few cases", () => {
  const counts = countVerdicts({ ratio: 1.03, noise: bursts, rounds: 8, runs: 20 });
  expect(counts.slower).toBeGreaterThanOrEqual(85);
  expect(counts.faster + counts.equal).toBe(0);
});

test("equals are found equal on a quiet machine", () => {
  const counts = countVerdicts({ ratio: 1, noise: quiet, rounds: 8, runs: 20 });
  expect(counts.equal).toBeGreaterThanOrEqual(95);
});

test("what can't be seen is undecided, not equal", () => {
  const counts = countVerdicts({ ratio: 1.03, noise: shared, rounds: 4, runs: 20 });
  expect(counts.undecided + counts.slower).toBeGreaterThanOrEqual(98);
  expect(counts.undecided).toBeGreaterThan(40);
});
