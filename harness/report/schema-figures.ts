/** The shape of report.json's figures: exact costs, times, ledgers, effects, history. */
import { z } from "zod";
import { timedRoles } from "../record/record.ts";

const count = z.int().nonnegative();
const bytes = z.int().nonnegative();
const durationMs = z.number().nonnegative();

/** What one workload executes on one variant. Equal on every engine, or `disagreement` says. */
export const costReportSchema = z.strictObject({
  variant: z.string(),
  axes: z.record(z.string(), z.string()),
  workload: z.string(),
  scale: z.enum(["smoke", "full"]),
  engines: z.array(z.string()),
  instructions: count,
  bulkBytes: bytes,
  hostCalls: count,
  bytesToHost: bytes,
  bytesFromHost: bytes,
  heapPeakBytes: bytes,
  baselineInstructions: count.optional(),
  changeInstructions: z.int().optional(),
  /** Absent where the baseline is 0. */
  changePercent: z.number().optional(),
  /** Instructions by function, where a run in profile mode told; largest first. */
  functions: z.array(z.tuple([z.string(), count])).optional(),
  /** What each engine counted, where they differ: exact cost must not. */
  disagreement: z.string().optional(),
});
export type CostReport = z.infer<typeof costReportSchema>;

/** The exact cost of a variant over all the workloads that it shares with the baseline. */
export const costTotalSchema = z.strictObject({
  variant: z.string(),
  workloadsCount: count,
  /** Of the workloads' instructions. */
  geometricMean: z.number().nonnegative(),
  /** Of the changes; absent without a baseline of any of them. */
  changePercent: z.number().optional(),
  comparedCount: count,
});
export type CostTotal = z.infer<typeof costTotalSchema>;

const verdictWords = ["faster", "slower", "equal", "undecided"] as const;

/** One subject's time against another's. Above 1: it is slower. */
export const timeVerdictSchema = z.strictObject({
  /** What it is compared with, in words: a subject of the run, or the baseline. */
  against: z.string(),
  verdict: z.enum(verdictWords),
  ratio: z.number().positive(),
  /** The 95 % interval; absent where one process alone was timed. */
  low: z.number().nonnegative().optional(),
  high: z.number().nonnegative().optional(),
  equalWithinPercent: z.number().optional(),
  /** What the run showed between equals; absent where no twin was timed. */
  noisePercent: z.number().optional(),
  /** So far the ratio moved during the measurement, where that was more than chance. */
  driftPercent: z.number().optional(),
  processesApart: z.int().positive().optional(),
  processes: count,
  rounds: count,
});
export type TimeVerdict = z.infer<typeof timeVerdictSchema>;

export const timedSubjectSchema = z.strictObject({
  subject: z.string(),
  /** As in the records: base, variant, twin, revision or peer. */
  role: z.enum(timedRoles),
  axes: z.record(z.string(), z.string()),
  medianMs: durationMs,
  samplesCount: count,
  /** With the workload's first subject; absent for that one. */
  comparison: timeVerdictSchema.optional(),
  /** With the same subject before this change, where that can be told. */
  change: timeVerdictSchema.optional(),
});
export type TimedSubject = z.infer<typeof timedSubjectSchema>;

/** One workload in one engine: its subjects side by side, in the order of the records. */
export const workloadSchema = z.strictObject({
  workload: z.string(),
  engine: z.string(),
  /** Of the set whose geometric mean is compared with peers. */
  classic: z.boolean(),
  subjects: z.array(timedSubjectSchema),
});
export type Workload = z.infer<typeof workloadSchema>;

/** How many times as fast one of our cores is as a peer. Above 1: the core is faster. */
const speedSchema = z.strictObject({
  speed: z.number().positive(),
  low: z.number().nonnegative().optional(),
  high: z.number().nonnegative().optional(),
});
export type Speed = z.infer<typeof speedSchema>;

export const peerSchema = z.strictObject({
  peer: z.string(),
  core: z.string(),
  engine: z.string(),
  workloads: z.array(
    z.strictObject({ workload: z.string(), classic: z.boolean(), ...speedSchema.shape }),
  ),
  /** Of the classic workloads that both ran; of all where none is known to be classic. */
  geometricMean: speedSchema,
  meanOfCount: count,
});
export type Peer = z.infer<typeof peerSchema>;

export const meteringSchema = z.strictObject({
  variant: z.string(),
  bytes,
  meteredBytes: bytes,
  timeRatio: z.number().positive().optional(),
});
export type Metering = z.infer<typeof meteringSchema>;

const changedBytes = {
  bytes,
  baselineBytes: bytes.optional(),
  changeBytes: z.int().optional(),
};

export const ledgerReportSchema = z.strictObject({
  variant: z.string(),
  totalBytes: bytes,
  unaccountedBytes: bytes,
  baselineBytes: bytes.optional(),
  /** Largest first; a group that is gone has 0 bytes. */
  groups: z.array(z.strictObject({ group: z.string(), ...changedBytes })),
  /** The largest; records.jsonl has them all. */
  items: z.array(
    z.strictObject({
      ...{ kind: z.string(), name: z.string(), group: z.string() },
      ...{ bytes, retainedBytes: bytes },
    }),
  ),
  itemsCount: count,
  /** What is not as large as in the baseline, the largest change first. */
  changes: z.array(
    z.strictObject({
      ...{ kind: z.string(), name: z.string(), group: z.string() },
      state: z.enum(["added", "removed", "grown", "shrunk"]),
      ...{ bytes, baselineBytes: bytes, changeBytes: z.int() },
    }),
  ),
  changesCount: count,
});
export type LedgerReport = z.infer<typeof ledgerReportSchema>;

/** What a figure is multiplied by. */
const factor = {
  /** Geometric mean over the pairs. */
  ratio: z.number().positive(),
  least: z.number().positive(),
  most: z.number().positive(),
  /** The 95 % interval of the mean, of figures that are measured and not counted. */
  low: z.number().nonnegative().optional(),
  high: z.number().nonnegative().optional(),
  pairsCount: z.int().positive(),
};

/** An axis value beside another: over all pairs of variants that differ in nothing else. */
export const effectSchema = z.strictObject({
  ...{ metric: z.string(), axis: z.string(), value: z.string(), against: z.string() },
  ...factor,
});
export type Effect = z.infer<typeof effectSchema>;

/** How much more than by both effects a figure changes where both values come together. */
export const interactionSchema = z.strictObject({
  metric: z.string(),
  /** Two of them: each an axis, its value, and the one beside it. */
  axes: z.array(z.strictObject({ axis: z.string(), value: z.string(), against: z.string() })),
  ...factor,
});
export type Interaction = z.infer<typeof interactionSchema>;

/** Size against speed. On the front: no other variant is both smaller and faster. */
export const frontSchema = z.strictObject({
  speed: z.enum(["instructions", "time"]),
  workloadsCount: count,
  points: z.array(
    z.strictObject({
      variant: z.string(),
      axes: z.record(z.string(), z.string()),
      bytes,
      /** Geometric mean over the workloads, beside the fastest variant: 1 and more. */
      relative: z.number().positive(),
      onFront: z.boolean(),
    }),
  ),
});
export type Front = z.infer<typeof frontSchema>;

/** One figure over the saved runs. */
export const historySchema = z.strictObject({
  metric: z.string(),
  variant: z.string(),
  points: z.array(
    z.strictObject({
      startedAt: z.string(),
      revision: z.string().optional(),
      value: z.number(),
    }),
  ),
});
export type History = z.infer<typeof historySchema>;

/** What another saved run said of the cases, beside this one. */
export const comparisonSchema = z.strictObject({
  before: z.strictObject({
    ...{ startedAt: z.string(), command: z.string() },
    revision: z.string().optional(),
    sameMachine: z.boolean(),
  }),
  /** Outcomes whose state is another, the worst first. */
  changed: z.array(
    z.strictObject({
      ...{ variant: z.string(), engine: z.string(), case: z.string() },
      ...{ before: z.string(), now: z.string(), turn: z.enum(["broke", "mended", "other"]) },
    }),
  ),
  brokeCount: count,
  mendedCount: count,
  sameCount: count,
  /** Outcomes that only one of the runs has: another filter, other cases. */
  onlyBeforeCount: count,
  onlyNowCount: count,
});
export type RunComparison = z.infer<typeof comparisonSchema>;
