/** Tests of the counts: each kind of test run, whole and broken. */
import { expect, test } from "vitest";
import { sumCounts, vitestCounts, zigTestCounts } from "./counts.ts";

test("zig's summary", () => {
  const whole = "Build Summary: 5/5 steps succeeded; 41/41 tests passed\ntest success\n";
  expect(zigTestCounts(whole)).toEqual({ passed: 41, failed: 0, skipped: 0 });
  const broken =
    "Build Summary: 3/5 steps succeeded; 1 failed; 38/41 tests passed; 1 skipped; 2 failed";
  expect(zigTestCounts(broken)).toEqual({ passed: 38, failed: 2, skipped: 1 });
  expect(zigTestCounts("error: no such file")).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("vitest's report: a file that does not load is a failure", () => {
  const file = (name: string, status: string, ...states: readonly string[]) => ({
    name,
    status,
    assertionResults: states.map((state) => ({ status: state })),
  });
  const report = {
    testResults: [
      file("a.test.ts", "failed", "passed", "failed", "pending"),
      file("b.test.ts", "failed"),
      file("quick.test.ts", "failed", "passed", "failed"),
    ],
  };
  const leftOut = (name: string): boolean => name === "quick.test.ts";
  expect(vitestCounts(report, leftOut)).toEqual({ passed: 1, failed: 3, skipped: 1 });
  expect(vitestCounts(report, () => false)).toEqual({ passed: 2, failed: 3, skipped: 1 });
});

test("sums", () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(sumCounts([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
