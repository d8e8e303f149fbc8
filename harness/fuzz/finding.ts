/** A finding: programs on which a side differs from the native twin, as it is kept and told. */
import { z } from "zod";

const answerSchema = z.strictObject({
  kind: z.enum(["text", "error", "broken"]),
  text: z.string(),
});

export const findingSchema = z.strictObject({
  suite: z.string(),
  seed: z.int(),
  batch: z.int(),
  /** The place of the program in its batch. */
  index: z.int(),
  /** fast-check's own: its seed, and its path to the smallest program that it found. */
  generatorSeed: z.int(),
  path: z.string(),
  /** The sides that differ. */
  sides: z.array(z.string()),
  /**
   * raw: as it was found; shrunk: as small as it gets, in a fresh state; order: it takes all these
   * programs, in turn, on one state.
   */
  state: z.enum(["raw", "shrunk", "order"]),
  /** One, but for `order`. What follows is of the last. */
  programs: z.array(z.string()).nonempty(),
  native: answerSchema,
  /** Of the first side that differs. */
  other: answerSchema,
});
export type Finding = z.infer<typeof findingSchema>;
