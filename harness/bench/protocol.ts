/** The messages between a measurement and its processes: checked where they arrive, plain JSON. */
import { z } from "zod";
import { peerFactsSchema, peerNames } from "./peers/peers.ts";

const coreSpecSchema = z.strictObject({
  name: z.string(),
  axes: z.record(z.string(), z.string()),
  wasmPath: z.string(),
  role: z.enum(["base", "variant", "twin", "revision"]),
});
/** A core to be timed: the process compiles it by itself. */
export type CoreSpec = z.infer<typeof coreSpecSchema>;

/** To a process, once: time these workloads on these subjects, one after the other. */
export const orderSchema = z.strictObject({
  kind: z.literal("order"),
  cores: z.array(coreSpecSchema),
  /** The peers that take part, and what is known of them. */
  peers: z.array(z.enum(peerNames)),
  facts: peerFactsSchema,
  workloads: z.array(z.string()),
  /** For all of them together; each gets its share of what is left. */
  budgetMs: z.number().nonnegative(),
  /** Exactly so many rounds of each after the first, whatever they take. */
  rounds: z.int().positive().exactOptional(),
  seed: z.int(),
});
export type Order = z.infer<typeof orderSchema>;

/** From the process: `begin`, then `timed` or `wrong` of each workload; `done`, or `failed`. */
export const replySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("begin"), workload: z.string() }),
  z.strictObject({
    kind: z.literal("timed"),
    workload: z.string(),
    subjects: z.array(
      z.strictObject({
        subject: z.string(),
        samplesMs: z.array(z.number().nonnegative()),
        rounds: z.array(z.int().nonnegative()),
      }),
    ),
    unsupported: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
    warmUpRounds: z.int().nonnegative(),
    isSettled: z.boolean(),
    resolutionMs: z.number().positive(),
    tookMs: z.number().nonnegative(),
  }),
  /** A result is wrong: of this subject, or of nobody that is known. */
  z.strictObject({
    kind: z.literal("wrong"),
    workload: z.string(),
    subject: z.string().exactOptional(),
    message: z.string(),
  }),
  z.strictObject({ kind: z.literal("done") }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
export type Reply = z.infer<typeof replySchema>;
export type TimedReply = Extract<Reply, { readonly kind: "timed" }>;
export type WrongReply = Extract<Reply, { readonly kind: "wrong" }>;
