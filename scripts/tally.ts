/** `node scripts/tally.ts`: the last line of `.ci/run`, the sum of all tests that it has run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRecords } from "../harness/record/journal.ts";
import { type Counts, countsSchema, recordCounts, sumCounts, vitestCounts } from "./counts.ts";

const root = join(import.meta.dirname, "..");
const checks = join(root, ".cache", "checks");

/** What a part did not leave behind did not run: a failure, and never zero tests in silence. */
function countsOf(read: () => Counts): Counts {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(checks, name), "utf8"));
}

const { passed, failed, skipped } = sumCounts([
  // The quick variants' cases are counted where the matrix ran them.
  countsOf(() => vitestCounts(readJson("vitest.json"), (file) => file.endsWith("quick.test.ts"))),
  countsOf(() => countsSchema.parse(readJson("zig.json"))),
  countsOf(() => recordCounts(readRecords(join(root, "reports/latest/records.jsonl")).records)),
]);
process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
