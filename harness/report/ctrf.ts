/** ctrf.json: outcomes in the Common Test Report Format (ctrf.io), for tools that read it. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { CellState, Failure, ReportModel, ReportOutcome } from "./schema.ts";

/** The version of the format's specification that this file is written by. */
const specVersion = "0.0.0";

type Status = "passed" | "failed" | "skipped" | "pending" | "other";

/** One test as the format has it: times in whole milliseconds, suites from the outermost on. */
interface Test {
  readonly name: string;
  readonly status: Status;
  readonly duration: number;
  readonly suite: readonly string[];
  readonly rawStatus: string;
  readonly message?: string;
  readonly trace?: string;
  readonly extra: Readonly<Record<string, string | boolean>>;
}

/** The verdict's three answers stand beside the results, where the format leaves room. */
export function renderCtrf(model: ReportModel): string {
  const { run, answers, time } = model;
  const builds = model.failures.filter((failure) => failure.state === "build").map(buildTest);
  const tests = [...builds, ...model.outcomes.map(outcomeTest)];
  const count = (status: Status) => tests.filter((test) => test.status === status).length;
  const start = Date.parse(run.startedAt);
  // A clock that was set back meanwhile must not make a run end before its start.
  const stop = Math.max(start, Date.parse(run.finishedAt ?? run.startedAt));
  const document = {
    ...{ reportFormat: "CTRF", specVersion, timestamp: run.finishedAt ?? run.startedAt },
    generatedBy: "lua-persistent-wasm",
    results: {
      tool: { name: "lua-persistent-wasm", version: run.revision ?? "unknown" },
      summary: {
        ...{ tests: tests.length, passed: count("passed"), failed: count("failed") },
        ...{ skipped: count("skipped"), pending: count("pending"), other: count("other") },
        ...{ suites: new Set(tests.map(({ suite }) => JSON.stringify(suite))).size, start, stop },
        ...(time.wallMs === undefined ? {} : { duration: Math.round(time.wallMs) }),
        extra: answers,
      },
      tests,
      environment: {
        appName: "lua-persistent-wasm",
        ...{ osPlatform: run.fingerprint.os, osVersion: run.fingerprint.arch },
        ...(run.revision === undefined ? {} : { commit: run.revision.replace(/\+$/, "") }),
        extra: { command: run.command, seed: run.seed, tools: run.tools },
      },
    },
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

function outcomeTest(outcome: ReportOutcome): Test {
  const { variant, engine, suite, title, state, durationMs = 0, message, repro, reused } = outcome;
  return {
    ...{ name: outcome.case, status: statusOf(state), duration: Math.round(durationMs) },
    ...{ suite: [variant, engine, suite], rawStatus: state },
    ...(message === undefined ? {} : messageOf(message)),
    extra: { title, reused, ...(repro === undefined ? {} : { repro }) },
  };
}

function buildTest({ variant, message, repro }: Failure): Test {
  return {
    ...{ name: "build", status: "failed", duration: 0, suite: [variant], rawStatus: "build" },
    ...messageOf(message),
    extra: { repro },
  };
}

function messageOf(message: string): Pick<Test, "message" | "trace"> {
  const [first = "", ...rest] = message.split("\n");
  return rest.length === 0 ? { message: first } : { message: first, trace: rest.join("\n") };
}

function statusOf(state: CellState): Status {
  switch (state) {
    case "pass":
      return "passed";
    case "fail":
    case "crash":
    case "timeout":
    case "missing":
      return "failed";
    case "unsupported":
    case "skipped":
      return "skipped";
    case "not-run":
      return "pending";
    default:
      return assertNever(state);
  }
}
