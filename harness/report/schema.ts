/** The shape of report.json: the model that every other format is rendered from. */
import { z } from "zod";
import { fingerprintSchema } from "../record/record.ts";
import {
  comparisonSchema,
  costReportSchema,
  costTotalSchema,
  effectSchema,
  frontSchema,
  historySchema,
  interactionSchema,
  ledgerReportSchema,
  meteringSchema,
  peerSchema,
  workloadSchema,
} from "./schema-figures.ts";

export const reportSchemaVersion = 1;

/** States of outcomes and cells, worst first: a cell is as bad as the worst of its outcomes. */
export const cellStates = [
  "crash",
  "timeout",
  "fail",
  "missing",
  "not-run",
  "unsupported",
  "skipped",
  "pass",
] as const;
export type CellState = (typeof cellStates)[number];

const bytes = z.int().nonnegative();
const durationMs = z.number().nonnegative();

/** The answer to one of the three questions, in words; where `tone` is bad, the exit code is. */
export const answerSchema = z.strictObject({
  answer: z.enum(["yes", "no", "unknown"]),
  tone: z.enum(["good", "notice", "bad"]),
  headline: z.string(),
  figure: z.string(),
  detail: z.string(),
});
export type Answer = z.infer<typeof answerSchema>;

const runSchema = z.strictObject({
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  /** unfinished: no record of its end; it was killed, or still runs. */
  state: z.enum(["finished", "interrupted", "unfinished"]),
  command: z.string(),
  seed: z.int(),
  tier: z.string(),
  engines: z.array(z.strictObject({ name: z.string(), version: z.string().optional() })),
  revision: z.string().optional(),
  tools: z.record(z.string(), z.string()),
  fingerprint: fingerprintSchema,
});

/** A figure beside its baseline. The change is there when the baseline knows the figure. */
export const sizeSchema = z.strictObject({
  metric: z.string(),
  bytes,
  baselineBytes: bytes.optional(),
  changeBytes: z.int().optional(),
  /** Absent where the baseline is 0. */
  changePercent: z.number().optional(),
});
export type Size = z.infer<typeof sizeSchema>;

export const variantReportSchema = z.strictObject({
  variant: z.string(),
  axes: z.record(z.string(), z.string()),
  build: z.strictObject({
    /** none: the records hold no build of it. */
    state: z.enum(["built", "cached", "failed", "none"]),
    durationMs,
    steps: z.array(z.strictObject({ name: z.string(), durationMs })),
    sha256: z.string().optional(),
  }),
  /** raw, gzip, brotli, in this order, as far as they were measured. */
  sizes: z.array(sizeSchema),
  /** Of the wasm, largest first; `metric` is the section's name. */
  sections: z.array(sizeSchema),
  /** The largest functions; records.jsonl has them all. */
  functions: z.array(z.strictObject({ name: z.string(), bytes })),
  functionsCount: z.int().nonnegative(),
  functionsBytes: bytes,
});
export type VariantReport = z.infer<typeof variantReportSchema>;

export const cellSchema = z.strictObject({
  variant: z.string(),
  engine: z.string(),
  suite: z.string(),
  state: z.enum(cellStates),
  /** How many of its cases are in each state. */
  counts: z.record(z.enum(cellStates), z.int().nonnegative()),
  casesCount: z.int().nonnegative(),
  durationMs,
  /** How many outcomes came from the cache. */
  reusedCount: z.int().nonnegative(),
});
export type Cell = z.infer<typeof cellSchema>;

/** What failed, and the command that repeats it. A failed build has no engine, suite or case. */
export const failureSchema = z.strictObject({
  state: z.enum(["build", "crash", "timeout", "fail"]),
  variant: z.string(),
  engine: z.string().optional(),
  suite: z.string().optional(),
  case: z.string().optional(),
  title: z.string().optional(),
  message: z.string(),
  repro: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Cases that gave no verdict, together by their reason. */
export const skipSchema = z.strictObject({
  state: z.enum(["not-run", "unsupported", "skipped"]),
  engine: z.string(),
  reason: z.string(),
  cases: z.array(z.string()),
  variants: z.array(z.string()),
  outcomesCount: z.int().positive(),
});
export type Skip = z.infer<typeof skipSchema>;

/** Cases that were asked for and have no outcome at all. */
export const missingSchema = z.strictObject({
  variant: z.string(),
  engine: z.string(),
  suite: z.string(),
  cases: z.array(z.string()),
  reason: z.string(),
});
export type Missing = z.infer<typeof missingSchema>;

/** One limit applied to one figure. */
export const budgetCheckSchema = z.strictObject({
  /** slower: the change of a time, of which only a verdict "slower" can be over its limit. */
  kind: z.enum(["maximum", "growth", "slower"]),
  unit: z.enum(["bytes", "instructions", "percent"]),
  variant: z.string(),
  metric: z.string(),
  value: z.number(),
  /** The most that the figure may be; for a growth, worked out from the baseline. */
  limit: z.number().nonnegative(),
  over: z.boolean(),
  reason: z.string(),
});
export type BudgetCheck = z.infer<typeof budgetCheckSchema>;

export const outcomeSchema = z.strictObject({
  variant: z.string(),
  engine: z.string(),
  suite: z.string(),
  case: z.string(),
  title: z.string(),
  state: z.enum(cellStates),
  durationMs: durationMs.optional(),
  /** What the case measured, by camel-case name with its unit last. */
  figures: z.record(z.string(), z.number()).optional(),
  message: z.string().optional(),
  repro: z.string().optional(),
  reused: z.boolean(),
});
export type ReportOutcome = z.infer<typeof outcomeSchema>;

export const reportSchema = z.strictObject({
  schema: z.literal(reportSchemaVersion),
  run: runSchema,
  answers: z.strictObject({ broke: answerSchema, grew: answerSchema, slowed: answerSchema }),
  variants: z.array(variantReportSchema),
  excluded: z.array(z.strictObject({ variant: z.string(), reason: z.string() })),
  cells: z.array(cellSchema),
  outcomes: z.array(outcomeSchema),
  failures: z.array(failureSchema),
  missing: z.array(missingSchema),
  skips: z.array(skipSchema),
  budget: z.strictObject({
    checks: z.array(budgetCheckSchema),
    /** Limits that no figure of this run falls under: a filtered run, or a misspelt axis. */
    unmatched: z.array(z.string()),
  }),
  /** Where the raw samples lie, from the reports' folder on; absent where they are elsewhere. */
  recordsPath: z.string().optional(),
  /** The runs that the baseline's figures come from; empty without a baseline. */
  baseline: z.array(z.strictObject({ startedAt: z.string(), revision: z.string().optional() })),
  costs: z.array(costReportSchema),
  costTotals: z.array(costTotalSchema),
  ledgers: z.array(ledgerReportSchema),
  meterings: z.array(meteringSchema),
  workloads: z.array(workloadSchema),
  peers: z.array(peerSchema),
  effects: z.array(effectSchema),
  interactions: z.array(interactionSchema),
  fronts: z.array(frontSchema),
  history: z.array(historySchema),
  /** Another saved run beside this one, where one was asked for. */
  comparison: comparisonSchema.optional(),
  cache: z.strictObject({
    buildsCount: z.int().nonnegative(),
    buildsCachedCount: z.int().nonnegative(),
    outcomesCount: z.int().nonnegative(),
    outcomesReusedCount: z.int().nonnegative(),
  }),
  /**
   * Builds and cases are sums over what ran side by side, so they may exceed `wallMs`, the sum over
   * the runs that the records are of.
   */
  time: z.strictObject({
    wallMs: durationMs.optional(),
    buildsMs: durationMs,
    casesMs: durationMs,
    /** Wall time in which nothing was built, run or timed; absent where a run did not tell it. */
    harnessMs: durationMs.optional(),
    harnessPercent: z.number().optional(),
  }),
  warnings: z.array(z.string()),
});
export type ReportModel = z.infer<typeof reportSchema>;
