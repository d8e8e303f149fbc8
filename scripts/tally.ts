/** `node scripts/tally.ts`: the last line of `.ci/run`, the sum of all tests that it has run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRecords } from "../harness/record/journal.ts";
import { fuzzTargets } from "../suites/fuzz-targets.ts";
import { recordCounts, sumCounts, vitestCounts } from "./check/counts.ts";
import type { Invocation } from "./command/invocation.ts";
import { type Counts, countsPath, keptCounts } from "./command/kept-counts.ts";
import { runAsProcess } from "./command/process.ts";

/** The arguments name parts that this system can't run: they are left out by who called them. */
async function tally(invocation: Invocation): Promise<number> {
  const { root, stdout, stderr, arguments: absent } = invocation;
  /** What a part did not leave behind did not run: a failure, and never zero tests in silence. */
  const countsOf = (read: () => Counts): Counts => {
    try {
      return read();
    } catch (error) {
      stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
  };
  const { passed, failed, skipped } = sumCounts([
    // The quick variants' cases are counted where the matrix ran them.
    countsOf(() => vitestCounts(vitestReport(root), (file) => file.endsWith("quick.test.ts"))),
    countsOf(() => keptCounts(root, "zig")),
    ...(absent.includes("native") ? [] : [countsOf(() => keptCounts(root, "native"))]),
    ...fuzzTargets.map(({ name }) => countsOf(() => keptCounts(root, `fuzz-${name}`))),
    countsOf(() => recordCounts(readRecords(join(root, "reports/latest/records.jsonl")).records)),
  ]);
  stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

function vitestReport(root: string): unknown {
  return JSON.parse(readFileSync(countsPath(root, "vitest"), "utf8"));
}

await runAsProcess(tally);
