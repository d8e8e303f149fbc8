/** Exact costs that need not be counted again: a file for each wasm, engine and set of jobs. */
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const count = z.int().nonnegative();
const workloadCostSchema = z.strictObject({
  workload: z.string(),
  instructions: count,
  bulkBytes: count,
  hostCalls: count,
  bytesToHost: count,
  bytesFromHost: count,
  heapPeakBytes: count,
  functions: z.array(z.tuple([z.string(), count])).exactOptional(),
});
const keptSchema = z.strictObject({ meteredBytes: count, costs: z.array(workloadCostSchema) });

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

  async add(key: string, costs: KeptCosts): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const path = this.#path(key);
    await writeFile(`${path}.new`, JSON.stringify(costs));
    await rename(`${path}.new`, path);
  }

  /** Drops the files that were not used for the longest time, down to the cap. */
  async trim(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    if (names.length <= filesMax) return;
    const ages = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        return { path, usedMs: (await stat(path)).mtimeMs };
      }),
    );
    ages.sort((a, b) => b.usedMs - a.usedMs);
    await Promise.all(ages.slice(filesMax).map(({ path }) => rm(path, { force: true })));
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.json`);
  }
}
