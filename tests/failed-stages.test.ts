/** What goes wrong in one stage or variant: the rest goes on, and reports and exit code tell it. */
import { execFile } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { nodeEngine } from "../harness/engine/node-engine.ts";
import type { ResultRecord } from "../harness/record/record.ts";
import { recordSchemaVersion } from "../harness/record/record.ts";
import { readBudgets } from "../harness/report/budget.ts";
import { reportModel } from "../harness/report/model.ts";
import { writeReports } from "../harness/report/render.ts";
import { verdictOf } from "../harness/report/verdict.ts";
import { plan } from "../harness/run/plan.ts";
import { run } from "../harness/run/run.ts";
import { buildStage } from "../harness/run/stages/build.ts";
import { timesStage } from "../harness/run/stages/times.ts";
import { variantById } from "../harness/variant/list.ts";
import { projectInvocation, recordedInvocation } from "../scripts/command/invocation.fixture.ts";
import { main } from "../scripts/matrix/main.ts";
import { builtArtifacts, projectContext } from "../scripts/subject/run-context.ts";
import { subjectOf } from "../scripts/subject/select.ts";

const stop = new AbortController();
const invocation = projectInvocation(stop.signal);
const { root } = invocation;
const folder = mkdtempSync(join(tmpdir(), "failed-stages-"));
afterAll(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

const allReports = [
  "benchmark.json",
  "ctrf.json",
  "junit.xml",
  "records.jsonl",
  "report.html",
  "report.json",
  "report.md",
];

const subjects = ["freestanding-small-js-none", "freestanding-small-js-opt"].flatMap((id) => {
  const variant = variantById(id);
  return variant === undefined ? [] : [subjectOf(variant)];
});

/** Builds the subjects, but for the one that is broken, and times some workloads on them. */
async function timed(workloads: readonly string[], broken?: string) {
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress: () => {} });
  const engine = nodeEngine({
    execPath: process.execPath,
    entry: new URL("./wrong-bench-worker.fixture.ts", import.meta.url),
    environment: process.env,
  });
  const records: ResultRecord[] = [];
  const stages = [
    buildStage(subjects),
    timesStage(subjects, {
      workloads,
      budgetMs: 1_000,
      processes: 2,
      rounds: 1,
      seed: 1,
      precisionPercent: 2,
      engine: { name: "node", version: process.versions.node },
      start: () => engine.start(),
      now: () => performance.now(),
      peers: [],
      facts: async () => ({}),
    }),
  ];
  records.push({
    kind: "run",
    schema: recordSchemaVersion,
    startedAt: "2026-01-01T00:00:00.000Z",
    command: "npm run matrix",
    seed: 1,
    tier: "standard",
    engines: ["node"],
    tools: {},
    fingerprint: { os: "", arch: "", cpu: "", cores: 1, memoryBytes: 1, node: "" },
    excluded: [],
  });
  await run(stages, {
    ...projectContext(invocation),
    plan: plan({ tier: "standard", subjects, engines: ["node"], suites: [] }),
    engines: new Map(),
    artifactOf: async (subject, hooks) =>
      subject.id === broken
        ? { ok: false, message: "error: on purpose" }
        : await artifactOf(subject, hooks),
    force: false,
    seed: 1,
    jobs: 1,
    onRecord: (record) => void records.push(record),
    onEvent: () => undefined,
    onLine: () => undefined,
  });
  const reports = mkdtempSync(join(folder, "reports-"));
  const budgets = readBudgets(join(root, "reports/budgets.json"));
  const sources = {
    records,
    budgets,
    classic: new Set<string>(),
    recordsPath: "records.jsonl",
    baseline: [],
  };
  const model = reportModel(sources);
  await writeReports(model, reports);
  const outcomes = records.filter((record) => record.kind === "outcome");
  return {
    exitCode: verdictOf(model, { strict: false }),
    reports: readdirSync(reports).toSorted(),
    states: outcomes.map(({ variant, state }) => [variant, state]),
    messages: outcomes.map(({ message }) => message),
    timings: records.flatMap((each) => (each.kind === "timing" ? [each.workload] : [])),
  };
}

test("a wrong result: exit 5, all reports, and the other workload is timed", async () => {
  const found = await timed(["fib", "noop"]);
  expect(found.states).toEqual([
    ["freestanding-small-js-none", expect.stringMatching(/pass|fail/)],
    ["freestanding-small-js-opt", expect.stringMatching(/pass|fail/)],
  ]);
  expect(found.messages.join()).toMatch(/noop on freestanding-small-js-\w+.*: expected "something/);
  expect(new Set(found.timings)).toEqual(new Set(["fib"]));
  expect(found.reports).toEqual(allReports.filter((name) => name !== "records.jsonl"));
  expect(found.exitCode).toBe(5);
});

test("a process that ends over a workload: exit 5, and the other workload is timed", async () => {
  const found = await timed(["load", "fib"]);
  expect(new Set(found.states.map(([, state]) => state))).toEqual(new Set(["fail"]));
  expect(found.messages.join()).toContain("load: the process ended (exit code 7)");
  expect(new Set(found.timings)).toEqual(new Set(["fib"]));
  expect(found.exitCode).toBe(5);
});

test("a variant that does not build: exit 3, and the others are timed", async () => {
  const [broken = ""] = subjects.map(({ id }) => id);
  const found = await timed(["fib"], broken);
  expect(found.states).toEqual([
    [broken, "not-run"],
    ["freestanding-small-js-opt", "pass"],
  ]);
  expect(new Set(found.timings)).toEqual(new Set(["fib"]));
  expect(found.exitCode).toBe(3);
});

test("a compile error in a timed variant, by the command: exit 3, all reports", async () => {
  const copy = join(folder, "project");
  const { stdout: listed } = await promisify(execFile)(
    "git",
    [
      "ls-files",
      "-z",
      "build.zig",
      "build.zig.zon",
      "zig",
      "lua",
      "LICENSE",
      "reports/budgets.json",
    ],
    { cwd: root },
  );
  for (const path of listed.split("\0").filter((each) => each !== "")) {
    cpSync(join(root, path), join(copy, path));
  }
  mkdirSync(join(copy, ".cache"));
  // Zig's own caches spare the compilation of what is the same.
  for (const name of ["node_modules", ".tools", ".cache/zig", ".cache/zig-global"]) {
    symlinkSync(join(root, name), join(copy, name), "junction");
  }
  appendFileSync(
    join(copy, "zig/core/root.zig"),
    'comptime {\n    @compileError("on purpose");\n}\n',
  );
  const line = "--filter freestanding-fast-exnref-opt --stage build,inspect,bench,report";
  const recorded = recordedInvocation(line, { ...invocation, root: copy });
  expect(await main(recorded.invocation)).toBe(3);
  const [firstScreen = ""] = recorded.out().split("\n\n\n");
  expect(firstScreen.split("\n").slice(0, 24).join("\n")).toContain("error: on purpose");
  expect(readdirSync(join(copy, "reports/latest")).toSorted()).toEqual(allReports);
});
