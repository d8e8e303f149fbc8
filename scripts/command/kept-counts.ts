/** What each kind of test run leaves of its counts, for the sum of `.ci/run` (scripts/tally.ts). */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { keepFile } from "../../harness/record/kept-file.ts";

const countsSchema = z.strictObject({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
export type Counts = Readonly<z.infer<typeof countsSchema>>;

/** The folder is made when it is not there. */
export function countsPath(root: string, name: string): string {
  const folder = join(root, ".cache", "checks");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.json`);
}

export function keepCounts(root: string, name: string, counts: Counts): void {
  keepFile(countsPath(root, name), JSON.stringify(counts));
}

/** Throws when they were not kept. */
export function keptCounts(root: string, name: string): Counts {
  return countsSchema.parse(JSON.parse(readFileSync(countsPath(root, name), "utf8")));
}
