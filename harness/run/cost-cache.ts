/** Exact costs that need not be counted again: a file for each wasm, engine and set of jobs. */
import { readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { keepFile } from "../record/kept-file.ts";
import { costRecordSchema } from "../record/record.ts";
import { trimFolder } from "./trim-folder.ts";

const workloadCostSchema = costRecordSchema.omit({
  ...{ kind: true, variant: true, axes: true },
  ...{ engine: true, engineVersion: true, scale: true },
});
const keptSchema = z.strictObject({
  meteredBytes: z.int().nonnegative(),
  costs: z.array(workloadCostSchema),
});

/** What one workload cost, as its record will have it. */
export type WorkloadCost = z.infer<typeof workloadCostSchema>;
export type KeptCosts = z.infer<typeof keptSchema>;

/** How many are remembered; the least recently used go first. */
const filesMax = 512;

export class CostCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** `key`: a hash of all that the costs depend on. A file that does not read is none. */
  async find(key: string): Promise<KeptCosts | undefined> {
    const path = this.#path(key);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const now = new Date();
    await utimes(path, now, now);
    try {
      return keptSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  /** Throws WriteError. */
  add(key: string, costs: KeptCosts): void {
    keepFile(this.#path(key), JSON.stringify(costs));
  }

  /** Drops the files that were not used for the longest time, down to the cap. */
  async trim(): Promise<void> {
    await trimFolder(this.#directory, filesMax);
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.json`);
  }
}
