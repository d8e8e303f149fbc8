/** `node scripts/tally.ts`: the last line of `.ci/run`, the sum of all tests that it has run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Counts, countsPath, keptCounts } from "../harness/cli/kept-counts.ts";
import { readRecords } from "../harness/record/journal.ts";
import { fuzzTargets } from "../suites/fuzz-targets.ts";
import { recordCounts, sumCounts, vitestCounts } from "./counts.ts";

const root = join(import.meta.dirname, "..");

/** What a part did not leave behind did not run: a failure, and never zero tests in silence. */
function countsOf(read: () => Counts): Counts {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function vitestReport(): unknown {
  return JSON.parse(readFileSync(countsPath(root, "vitest"), "utf8"));
}

const { passed, failed, skipped } = sumCounts([
  // The quick variants' cases are counted where the matrix ran them.
  countsOf(() => vitestCounts(vitestReport(), (file) => file.endsWith("quick.test.ts"))),
  countsOf(() => keptCounts(root, "zig")),
  countsOf(() => keptCounts(root, "native")),
  ...fuzzTargets.map(({ name }) => countsOf(() => keptCounts(root, `fuzz-${name}`))),
  countsOf(() => recordCounts(readRecords(join(root, "reports/latest/records.jsonl")).records)),
]);
process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
