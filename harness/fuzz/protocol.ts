/** The messages between the command and a worker: checked where they arrive, plain JSON. */
import { z } from "zod";
import { findingSchema } from "./finding.ts";

/** To the worker, once: what to compare. */
const setUpSchema = z.strictObject({
  kind: z.literal("set-up"),
  /** The module that exports `fuzzTargets`, as a URL. */
  targetsUrl: z.string(),
  target: z.string(),
  sides: z.array(z.strictObject({ name: z.string(), wasmPath: z.string() })),
  /** The program of the native twin; empty where the target does without. */
  twinPath: z.string(),
});
export type SetUp = z.infer<typeof setUpSchema>;

/** To the worker, one at a time: programs of a batch. */
const batchSchema = z.strictObject({
  kind: z.literal("batch"),
  seed: z.int(),
  batch: z.int(),
  /** The first program; those before it are left out. */
  from: z.int(),
  /** How many programs the whole batch has. */
  programs: z.int(),
  /** One program after the other, each announced: to tell which one ends the worker. */
  careful: z.boolean(),
  /** Whether a finding may still take time to be shrunk. */
  shrinks: z.boolean(),
});
export type Batch = z.infer<typeof batchSchema>;

export const requestSchema = z.discriminatedUnion("kind", [setUpSchema, batchSchema]);
export type Request = z.infer<typeof requestSchema>;

/** What came of a batch. */
const countsSchema = z.strictObject({
  programs: z.int(),
  /** Programs that were not compared, by what is excluded. */
  setAside: z.record(z.string(), z.int()),
  /** Programs that differ, by side. */
  differing: z.record(z.string(), z.int()),
  /** Programs by side and what their answers are counted as. */
  tallies: z.record(z.string(), z.int()),
});
export type Counts = z.infer<typeof countsSchema>;

export const replySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  /** In a careful batch: this side is about to run this program. */
  z.strictObject({
    kind: z.literal("asks"),
    index: z.int(),
    side: z.string(),
    program: z.string(),
  }),
  /** As it was found: sent before it is shrunk, so that nothing is lost. */
  z.strictObject({ kind: z.literal("found"), finding: findingSchema }),
  z.strictObject({ kind: z.literal("shrunk"), finding: findingSchema }),
  z.strictObject({ kind: z.literal("done"), counts: countsSchema }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
export type Reply = z.infer<typeof replySchema>;
