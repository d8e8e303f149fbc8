/** The options that all stores have which one alone may write: what may be given. */
import { oneOf, type Rules } from "../core/check-options.ts";
import type { WriterOptions } from "./store.ts";

export const writerRules: Rules<WriterOptions> = {
  whenHeld: oneOf("refuse", "wait", "take-over", "read"),
  signal: { isAllowed: (value) => value instanceof AbortSignal, what: "an AbortSignal" },
};
