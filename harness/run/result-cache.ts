/** Results that need not be found again: an append-only file per wasm, a line per result. */
import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { evictEntries } from "../build/cache.ts";
import { keeping } from "../record/kept-file.ts";

/** Of each folder of results. */
const sizeBytesMax = 128 * 1024 * 1024;

/** What a result depends on. */
export interface ResultKey {
  /** SHA-256 of the wasm. */
  readonly sha256: string;
  /** All else, in one text. */
  readonly rest: string;
}

export class ResultCache<Value> {
  readonly #directory: string;
  readonly #lines: z.ZodType<{ readonly key: string; readonly value: Value | null }>;
  readonly #files = new Map<string, Promise<ReadonlyMap<string, Value>>>();

  constructor(directory: string, values: z.ZodType<Value>) {
    this.#directory = directory;
    this.#lines = z.strictObject({ key: z.string(), value: values.nullable() });
  }

  /** The result of an earlier run with the same key, if there is one. */
  async find({ sha256, rest }: ResultKey): Promise<Value | undefined> {
    const known = this.#files.get(sha256) ?? this.#read(sha256);
    this.#files.set(sha256, known);
    return (await known).get(rest);
  }

  /** Writes it at once; `null` takes back what was written before. Throws WriteError. */
  add({ sha256, rest }: ResultKey, value: Value | null): void {
    const path = this.#path(sha256);
    // The line end comes first: a line that a kill cut short ends there, and costs only itself.
    const line = `\n${JSON.stringify({ key: rest, value })}`;
    keeping(path, () => {
      mkdirSync(this.#directory, { recursive: true });
      appendFileSync(path, line);
    });
  }

  /** Drops the files that were not used for the longest time, until the rest fit. */
  async trim(): Promise<void> {
    await evictEntries([this.#directory], sizeBytesMax);
  }

  /** A line that does not read is a kill in the middle of a write: it is found again. */
  async #read(sha256: string): Promise<ReadonlyMap<string, Value>> {
    const path = this.#path(sha256);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return new Map();
    const now = new Date();
    await utimes(path, now, now);
    const results = new Map<string, Value>();
    for (const line of text.split("\n")) {
      const parsed = this.#lines.safeParse(parseJson(line));
      if (!parsed.success) continue;
      const { key, value } = parsed.data;
      if (value === null) results.delete(key);
      else results.set(key, value);
    }
    return results;
  }

  #path(sha256: string): string {
    return join(this.#directory, `${sha256}.jsonl`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
