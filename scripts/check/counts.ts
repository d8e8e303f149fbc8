/** How many tests passed, failed and were skipped, read from what each kind of test run leaves. */
import { z } from "zod";
import type { ResultRecord } from "../../harness/record/record.ts";
import type { Counts } from "../command/kept-counts.ts";

export function sumCounts(all: readonly Counts[]): Counts {
  const sum = (of: (counts: Counts) => number): number =>
    all.reduce((total, counts) => total + of(counts), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** From `zig build test --summary all`: "12/13 tests passed; 1 skipped", "1 failed", …. */
export function zigTestCounts(output: string): Counts {
  const summary = /Build Summary:.*$/m.exec(output)?.[0] ?? "";
  const [, passed = "0", all = "0"] = /(\d+)\/(\d+) tests passed/.exec(summary) ?? [];
  const skipped = Number(/(\d+) skipped/.exec(summary)?.[1] ?? 0);
  const failed = Number(all) - Number(passed) - skipped;
  // A test binary that does not compile has no tests to count: it is one failure.
  return { passed: Number(passed), failed: summary === "" ? 1 : failed, skipped };
}

const vitestSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** From vitest's JSON report. Of files that `leftOut` names only failures count. */
export function vitestCounts(json: unknown, leftOut: (file: string) => boolean): Counts {
  const { testResults } = vitestSchema.parse(json);
  return sumCounts(
    testResults.map(({ name, status, assertionResults }) => {
      const count = (wanted: (status: string) => boolean): number =>
        assertionResults.filter((each) => wanted(each.status)).length;
      const failed = count((each) => each === "failed");
      // A file that does not load fails without a test of its own.
      const failures = failed === 0 && status === "failed" ? 1 : failed;
      if (leftOut(name)) return { passed: 0, failed: failures, skipped: 0 };
      const passed = count((each) => each === "passed");
      return { passed, failed: failures, skipped: assertionResults.length - passed - failed };
    }),
  );
}

/** From the records of a run of the matrix: failed are also builds, and cases that did not run. */
export function recordCounts(records: readonly ResultRecord[]): Counts {
  return sumCounts(
    records.map((record) => {
      if (record.kind === "build") return tally(record.state === "failed" ? "failed" : undefined);
      if (record.kind !== "outcome") return tally(undefined);
      if (record.state === "pass") return tally("passed");
      return tally(["skipped", "unsupported"].includes(record.state) ? "skipped" : "failed");
    }),
  );
}

function tally(kind: keyof Counts | undefined): Counts {
  const none: Counts = { passed: 0, failed: 0, skipped: 0 };
  return kind === undefined ? none : { ...none, [kind]: 1 };
}
