/** Outcomes that need not be found again: what they depend on, and which may be reused. */
import { z } from "zod";
import type { Outcome } from "../suite/case.ts";
import { passSchema } from "./protocol.ts";
import { ResultCache, type ResultKey } from "./result-cache.ts";

/** All that an outcome depends on. */
export interface OutcomeKey {
  /** SHA-256 of the wasm. */
  readonly sha256: string;
  /** Those of its partners, in one text; absent where it has none. */
  readonly partners?: string;
  /** The axes that the cases are told, in one text: a case may judge by them. */
  readonly axes: string;
  readonly case: string;
  /** Hash of the case's import closure. */
  readonly closure: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly seed: number;
}

const reusableSchema = z.discriminatedUnion("state", [
  passSchema,
  z.strictObject({ state: z.literal("skipped"), reason: z.string() }),
]);
export type ReusableOutcome = z.infer<typeof reusableSchema>;

export class OutcomeCache {
  readonly #results: ResultCache<ReusableOutcome>;

  constructor(directory: string) {
    this.#results = new ResultCache(directory, reusableSchema);
  }

  /** The outcome of an earlier run with the same key, if there is one. */
  async find(key: OutcomeKey): Promise<ReusableOutcome | undefined> {
    return await this.#results.find(resultKey(key));
  }

  /**
   * Writes the outcome at once. A failure, a crash or a timeout is not to be reused, and takes back
   * a pass that was written before it. Throws WriteError.
   */
  add(key: OutcomeKey, outcome: Outcome): void {
    const isReusable = outcome.state === "pass" || outcome.state === "skipped";
    this.#results.add(resultKey(key), isReusable ? outcome : null);
  }

  async trim(): Promise<void> {
    await this.#results.trim();
  }
}

function resultKey({ sha256, ...key }: OutcomeKey): ResultKey {
  const { axes, engine, engineVersion, seed, closure, partners } = key;
  const parts = [key.case, axes, engine, engineVersion, seed, closure];
  const rest = (partners === undefined ? parts : [...parts, partners]).join(" ");
  return { sha256, rest };
}
