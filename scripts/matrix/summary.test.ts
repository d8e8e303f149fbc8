/** Tests of the summary: the verdict first, one entry per cause and its command. */
import { expect, test } from "vitest";
import type {
  CostRecord,
  OutcomeRecord,
  ResultRecord,
  RunRecord,
  TimingRecord,
} from "../../harness/record/record.ts";
import { reportModel } from "../../harness/report/model.ts";
import { summaryText } from "./summary.ts";

const run: RunRecord = {
  kind: "run",
  schema: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  command: "npm run matrix",
  seed: 1,
  tier: "standard",
  engines: ["node"],
  tools: {},
  fingerprint: { os: "o", arch: "a", cpu: "c", cores: 1, memoryBytes: 1, node: "1" },
  excluded: [],
};

function failure(variant: string, name: string, message: string): OutcomeRecord {
  return {
    kind: "outcome",
    variant,
    axes: {},
    engine: "node",
    engineVersion: "1",
    suite: "s",
    case: `s/${name}`,
    title: name,
    state: "fail",
    durationMs: 1,
    message,
    repro: `npm run matrix -- repro ${variant}/node/s/${name}`,
    reused: false,
  };
}

function summaryOf(...records: readonly ResultRecord[]): string {
  const finishedAt = run.startedAt;
  const end = { kind: "end", finishedAt, interrupted: false, durationMs: 5 } as const;
  const model = reportModel({ records: [run, ...records, end] });
  return summaryText({ model, notes: ["a note"], reports: "reports/x.html", colored: false });
}

test("the verdict comes first; one failure in many places is one entry with its command", () => {
  const size = { kind: "size", variant: "one", axes: {}, metric: "raw", bytes: 1234 } as const;
  const text = summaryOf(
    size,
    failure("one", "a", "no luck\n  at x"),
    failure("two", "a", "no luck\n  at y"),
    failure("two", "b", "another"),
  );
  const lines = text.trim().split("\n");
  expect(lines[0]).toMatch(/^broke\? {2}Yes/);
  expect(text).toContain("fail one/node/s/a and 1 more: no luck\n");
  expect(text).toContain("  npm run matrix -- repro one/node/s/a\n");
  expect(text).toContain("fail two/node/s/b: another");
  expect(text).toMatch(/one +raw +1,234/);
  expect(text).toContain("a note");
  expect(lines.at(-1)).toBe("reports: reports/x.html");
});

test("a thousand causes are ten entries and a number", () => {
  const many = Array.from({ length: 1000 }, (_, index) => failure("one", `c${index}`, `m${index}`));
  const text = summaryOf(...many);
  expect(text.match(/npm run matrix -- repro/g)).toHaveLength(10);
  expect(text).toContain("990 other failures");
});

test("exact costs and other Luas have a line each, with what changed", () => {
  const variant = { variant: "one", axes: { target: "wasi" } };
  const engine = { engine: "node", engineVersion: "1", workload: "fib" };
  const cost = (instructions: number): CostRecord => ({
    ...{ kind: "cost", ...variant, ...engine, scale: "full", instructions, bulkBytes: 0 },
    ...{ hostCalls: 0, bytesToHost: 0, bytesFromHost: 0, heapPeakBytes: 0 },
  });
  const timing = (subject: string, samplesMs: number[]): TimingRecord => {
    const axes = subject === "one" ? variant.axes : {};
    const role = subject === "one" ? "base" : "peer";
    return { kind: "timing", variant: subject, role, axes, ...engine, samplesMs };
  };
  const size: ResultRecord = { kind: "size", ...variant, metric: "raw", bytes: 1234 };
  const records = [run, size, cost(2_020_000), timing("one", [2, 2]), timing("peer-1", [3, 3])];
  const model = reportModel({ records, baseline: [run, cost(2_000_000)] });
  const text = summaryText({ model, notes: [], reports: undefined, colored: false });
  expect(text).toMatch(/one +raw +1,234 +instructions 2,020 k \(\+1\.00 %\)/);
  expect(text).toContain("one: 1.50 × as fast as peer-1, 1 workload");
});
