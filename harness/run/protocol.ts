/** The messages between the run and a worker: checked where they arrive, plain JSON on the way. */
import { z } from "zod";
import { targets, unwinds } from "../../runtime/abi/abi.ts";

const subjectSchema = z.strictObject({
  id: z.string(),
  wasmPath: z.string(),
  axes: z
    .strictObject({
      target: z.enum(targets),
      optimize: z.string(),
      unwind: z.enum(unwinds),
      post: z.string(),
    })
    .optional(),
});
export type JobSubject = z.infer<typeof subjectSchema>;

/** To the worker: run these cases on this wasm, one after the other. One job at a time. */
export const jobSchema = z.strictObject({
  kind: z.literal("job"),
  /** The module that exports `suites`, as a URL. */
  suitesUrl: z.string(),
  subject: subjectSchema,
  partners: z.array(subjectSchema),
  /** The folder of the provisioned Lua sources. */
  luaPath: z.string(),
  cases: z.array(z.string()),
  seed: z.int(),
});
export type Job = z.infer<typeof jobSchema>;

const figuresSchema = z.record(z.string(), z.number());

/** A pass, as a worker says it and as the cache of outcomes keeps it. */
export const passSchema = z.strictObject({
  state: z.literal("pass"),
  durationMs: z.number(),
  figures: figuresSchema.exactOptional(),
});

/** What a worker can say of a case itself; a hang or a death is told by who watches it. */
const reportedOutcomeSchema = z.discriminatedUnion("state", [
  passSchema,
  z.strictObject({ state: z.literal("fail"), message: z.string(), durationMs: z.number() }),
  z.strictObject({ state: z.literal("crash"), message: z.string() }),
  z.strictObject({ state: z.literal("skipped"), reason: z.string() }),
]);
export type ReportedOutcome = z.infer<typeof reportedOutcomeSchema>;

/** From the worker: `start` and `outcome` of each case, then `done`; or the job can't begin. */
export const replySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("start"), case: z.string() }),
  z.strictObject({
    kind: z.literal("outcome"),
    case: z.string(),
    outcome: reportedOutcomeSchema,
  }),
  z.strictObject({ kind: z.literal("done") }),
  z.strictObject({ kind: z.literal("job-failed"), message: z.string() }),
]);
export type Reply = z.infer<typeof replySchema>;
