/** Outcomes that need not be found again: one append-only file per wasm, a line per outcome. */
import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { keeping } from "../record/kept-file.ts";
import type { Outcome } from "../suite/case.ts";
import { passSchema } from "./protocol.ts";
import { trimFolder } from "./trim-folder.ts";

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

/** `null`: what an earlier line says no longer holds. */
const lineSchema = z.strictObject({ key: z.string(), outcome: reusableSchema.nullable() });

/** How many wasm files are remembered; the least recently used go first. */
const filesMax = 512;

export class OutcomeCache {
  readonly #directory: string;
  readonly #files = new Map<string, Promise<ReadonlyMap<string, ReusableOutcome>>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The outcome of an earlier run with the same key, if there is one. */
  async find(key: OutcomeKey): Promise<ReusableOutcome | undefined> {
    const known = this.#files.get(key.sha256) ?? this.#read(key.sha256);
    this.#files.set(key.sha256, known);
    return (await known).get(lineKey(key));
  }

  /**
   * Writes the outcome at once. A failure, a crash or a timeout is not to be reused, and takes back
   * a pass that was written before it. Throws WriteError.
   */
  add(key: OutcomeKey, outcome: Outcome): void {
    const reusable = outcome.state === "pass" || outcome.state === "skipped" ? outcome : null;
    const path = this.#path(key.sha256);
    // The line end comes first: a line that a kill cut short ends there, and costs only itself.
    const line = `\n${JSON.stringify({ key: lineKey(key), outcome: reusable })}`;
    keeping(path, () => {
      mkdirSync(this.#directory, { recursive: true });
      appendFileSync(path, line);
    });
  }

  /** Drops the files that were not used for the longest time, down to the cap. */
  async trim(): Promise<void> {
    await trimFolder(this.#directory, filesMax);
  }

  /** A line that does not read is a kill in the middle of a write: its case is run again. */
  async #read(sha256: string): Promise<ReadonlyMap<string, ReusableOutcome>> {
    const path = this.#path(sha256);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return new Map();
    const now = new Date();
    await utimes(path, now, now);
    const outcomes = new Map<string, ReusableOutcome>();
    for (const line of text.split("\n")) {
      const parsed = lineSchema.safeParse(parseJson(line));
      if (!parsed.success) continue;
      const { key, outcome } = parsed.data;
      if (outcome === null) outcomes.delete(key);
      else outcomes.set(key, outcome);
    }
    return outcomes;
  }

  #path(sha256: string): string {
    return join(this.#directory, `${sha256}.jsonl`);
  }
}

function lineKey(key: OutcomeKey): string {
  const { axes, engine, engineVersion, seed, closure, partners } = key;
  const parts = [key.case, axes, engine, engineVersion, seed, closure];
  return (partners === undefined ? parts : [...parts, partners]).join(" ");
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
