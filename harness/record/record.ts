/**
 * The records: flat lines of result, appended as they happen (`records.jsonl`), from which every
 * report is made. The schema's version changes when a field changes its meaning or goes.
 */
import { z } from "zod";

export const recordSchemaVersion = 1;

const axisFields = {
  /** The variant's id, or the file's name when `--wasm` brought it. */
  variant: z.string(),
  /** Empty when `--wasm` brought a file of unknown origin. */
  axes: z.record(z.string(), z.string()),
};

/** The machine a figure was taken on: times compare only where all of it, and the engine, agree. */
export const fingerprintSchema = z.strictObject({
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.int().positive(),
  /** The Node that runs the harness. */
  node: z.string(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** The first line of a run: what was asked, where, of which source. */
export const runRecordSchema = z.strictObject({
  kind: z.literal("run"),
  schema: z.literal(recordSchemaVersion),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
  command: z.string(),
  seed: z.int(),
  tier: z.enum(["quick", "standard", "full"]),
  engines: z.array(z.string()),
  /** The commit, with "+" behind it when files differ from it; absent outside git. */
  revision: z.string().optional(),
  tools: z.record(z.string(), z.string()),
  fingerprint: fingerprintSchema,
  /**
   * What the run set out to do, so that a report can name what is missing. Absent: every variant
   * that was built, on every engine asked for, with every case that any variant has an outcome of.
   */
  planned: z
    .array(
      z.strictObject({
        engine: z.string(),
        suite: z.string(),
        cases: z.array(z.string()),
        variants: z.array(z.string()),
      }),
    )
    .optional(),
  /** Variants that were asked for but are left out of the matrix, with the reason. */
  excluded: z.array(z.strictObject({ variant: z.string(), reason: z.string() })),
});

/** One variant was built, found in the cache, or failed to build. */
export const buildRecordSchema = z.strictObject({
  kind: z.literal("build"),
  ...axisFields,
  state: z.enum(["built", "cached", "failed"]),
  /** Of the build that made the artifact, even when it comes from the cache. Steps in order. */
  steps: z.array(z.strictObject({ name: z.string(), durationMs: z.number().nonnegative() })),
  sha256: z.string().optional(),
  /** The first compiler error, when it failed. */
  message: z.string().optional(),
  /** The command that repeats it. */
  repro: z.string(),
});

/** One size of one artifact, in bytes. `metric`: raw, gzip, brotli, or "section:<name>". */
export const sizeRecordSchema = z.strictObject({
  kind: z.literal("size"),
  ...axisFields,
  metric: z.string(),
  bytes: z.int().nonnegative(),
});

/** The sizes of all functions of one artifact: [name, code bytes], largest first. */
export const functionsRecordSchema = z.strictObject({
  kind: z.literal("functions"),
  ...axisFields,
  functions: z.array(z.tuple([z.string(), z.int().nonnegative()])),
});

const outcomeStates = [
  "pass",
  "fail",
  "crash",
  "timeout",
  "unsupported",
  "skipped",
  "not-run",
] as const;

/** What one case did once. */
export const outcomeRecordSchema = z.strictObject({
  kind: z.literal("outcome"),
  ...axisFields,
  engine: z.string(),
  engineVersion: z.string(),
  suite: z.string(),
  /** "suite/name". */
  case: z.string(),
  title: z.string(),
  state: z.enum(outcomeStates),
  durationMs: z.number().nonnegative().optional(),
  /** What the case measured, by camel-case name with its unit last. */
  figures: z.record(z.string(), z.number()).exactOptional(),
  /** What failed, or why it did not run. */
  message: z.string().optional(),
  /** The command that repeats it. */
  repro: z.string(),
  /** The outcome was taken from the cache: same wasm, same case, same engine, same seed. */
  reused: z.boolean(),
});

/** What a timed subject is, beside the others of its measurement. */
export const timedRoles = [
  /** The variant with which the others are compared. */
  "base",
  /** A variant that is not. */
  "variant",
  /** What the others are compared with, a second time: what it differs by is noise (A/A). */
  "twin",
  /** A core of another commit, or a wasm that was brought; the others are compared with it. */
  "revision",
  /** Another Lua. */
  "peer",
] as const;

/** Raw samples of one workload on one subject. */
export const timingRecordSchema = z.strictObject({
  kind: z.literal("timing"),
  ...axisFields,
  role: z.enum(timedRoles),
  engine: z.string(),
  engineVersion: z.string(),
  workload: z.string(),
  /** Time of one execution of the workload, one number per round, in milliseconds. */
  samplesMs: z.array(z.number().nonnegative()),
  /** Where each sample comes from: which process, and which round of the whole measurement. */
  rounds: z
    .array(z.strictObject({ process: z.int().nonnegative(), round: z.int().nonnegative() }))
    .exactOptional(),
  /** The smallest step of the clock that was seen, in milliseconds. */
  resolutionMs: z.number().nonnegative().exactOptional(),
  /** Rounds that were run before the first that counts, over all processes. */
  warmUpRounds: z.int().nonnegative().exactOptional(),
});

/** What one workload executes on one variant, exactly: docs/COST_MODEL.md. */
export const costRecordSchema = z.strictObject({
  kind: z.literal("cost"),
  ...axisFields,
  engine: z.string(),
  engineVersion: z.string(),
  workload: z.string(),
  scale: z.enum(["smoke", "full"]),
  /** Executed instructions, the charge of bulk operations with them. */
  instructions: z.int().nonnegative(),
  /** Bytes that bulk operations copied or filled in the guest. */
  bulkBytes: z.int().nonnegative(),
  hostCalls: z.int().nonnegative(),
  bytesToHost: z.int().nonnegative(),
  bytesFromHost: z.int().nonnegative(),
  /** Of Lua's heap. */
  heapPeakBytes: z.int().nonnegative(),
  /** Instructions by function, largest first: [name, instructions]. */
  functions: z.array(z.tuple([z.string(), z.int().nonnegative()])).exactOptional(),
});

/** What counting costs: the metered module beside the shipped one. */
export const meteringRecordSchema = z.strictObject({
  kind: z.literal("metering"),
  ...axisFields,
  bytes: z.int().nonnegative(),
  meteredBytes: z.int().nonnegative(),
  /** Of a workload's time metered to its time as shipped, where it was taken. */
  timeRatio: z.number().positive().exactOptional(),
});

/** Every byte of one artifact, by item. */
export const ledgerRecordSchema = z.strictObject({
  kind: z.literal("ledger"),
  ...axisFields,
  totalBytes: z.int().nonnegative(),
  unaccountedBytes: z.int().nonnegative(),
  /** [group, bytes], largest first. */
  groups: z.array(z.tuple([z.string(), z.int().nonnegative()])),
  /** [kind, name, group, shallow bytes, retained bytes], largest first. */
  items: z.array(
    z.tuple([z.string(), z.string(), z.string(), z.int().nonnegative(), z.int().nonnegative()]),
  ),
});

/** The last line of a run that came to its end or was interrupted. */
const endRecordSchema = z.strictObject({
  kind: z.literal("end"),
  finishedAt: z.iso.datetime(),
  interrupted: z.boolean(),
  durationMs: z.number().nonnegative(),
  /** In which no build, worker or sample was at work: the harness's own. */
  ownMs: z.number().nonnegative().exactOptional(),
});

export const recordSchema = z.discriminatedUnion("kind", [
  runRecordSchema,
  buildRecordSchema,
  sizeRecordSchema,
  functionsRecordSchema,
  outcomeRecordSchema,
  timingRecordSchema,
  costRecordSchema,
  meteringRecordSchema,
  ledgerRecordSchema,
  endRecordSchema,
]);

export type RunRecord = z.infer<typeof runRecordSchema>;
export type BuildRecord = z.infer<typeof buildRecordSchema>;
export type SizeRecord = z.infer<typeof sizeRecordSchema>;
export type FunctionsRecord = z.infer<typeof functionsRecordSchema>;
export type OutcomeRecord = z.infer<typeof outcomeRecordSchema>;
export type TimingRecord = z.infer<typeof timingRecordSchema>;
export type TimedRole = TimingRecord["role"];
export type CostRecord = z.infer<typeof costRecordSchema>;
export type MeteringRecord = z.infer<typeof meteringRecordSchema>;
export type LedgerRecord = z.infer<typeof ledgerRecordSchema>;
export type ResultRecord = z.infer<typeof recordSchema>;
