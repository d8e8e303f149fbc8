/** Tests of the progress displays: what a log and a terminal get, and that neither is flooded. */
import { describe, expect, test } from "vitest";
import type { BuildRecord, OutcomeRecord } from "../../harness/record/record.ts";
import type { RunEvent } from "../../harness/run/event.ts";
import { Board } from "./board.ts";
import { LineLog } from "./line-log.ts";
import { isColored, openDisplay } from "./open-display.ts";

const cell = { subject: "one", engine: "node", suite: "s" };
const totals = { builds: 1, cells: 1, cellsOf: new Map([["one", 1]]) };

const built: BuildRecord = {
  kind: "build",
  variant: "one",
  axes: {},
  state: "built",
  steps: [{ name: "compile", durationMs: 2500 }],
  repro: "",
};

function outcome(state: OutcomeRecord["state"], message?: string): RunEvent {
  const record: OutcomeRecord = {
    kind: "outcome",
    variant: "one",
    axes: {},
    engine: "node",
    engineVersion: "1",
    suite: "s",
    case: "s/c",
    title: "",
    state,
    repro: "",
    reused: state === "skipped",
    ...(message === undefined ? {} : { message }),
  };
  return { kind: "outcome", cell, record };
}

const whole: readonly RunEvent[] = [
  { kind: "build-started", subject: "one" },
  { kind: "build-step", subject: "one", step: "compile" },
  { kind: "build-finished", subject: "one", record: built },
  { kind: "cell-started", cell, cases: 3 },
  { kind: "case-started", cell, case: "s/c" },
  outcome("pass"),
  outcome("fail", "expected 1\n  at x"),
  outcome("skipped", "not here"),
  { kind: "cell-finished", cell, reused: 1 },
];

function stream(parts: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const written: string[] = [];
  return { ...parts, written, write: (text: string) => written.push(text) };
}

describe("a log", () => {
  test("has a line when built, one per failure, one when tested", () => {
    const target = stream();
    const log = new LineLog({ stream: target, totals, nowMs: () => 0 });
    for (const event of whole) log.onEvent(event);
    log.close();
    expect(target.written).toEqual([
      "[0.0 s] built one in 2.5 s (1/1)\n",
      "[0.0 s] FAILED one/node/s/c (fail): expected 1\n",
      "[0.0 s] tested one: 1 passed, 1 failed, 1 without verdict, 1 reused (1/1 cells)\n",
    ]);
  });

  test("shows the compiler's words when a build fails", () => {
    const target = stream();
    const log = new LineLog({ stream: target, totals, nowMs: () => 0 });
    const record: BuildRecord = { ...built, state: "failed", message: "a.zig:1: error: no" };
    log.onEvent({ kind: "build-finished", subject: "one", record });
    expect(target.written.join("")).toContain("a.zig:1: error: no");
  });

  test("tells of twenty failures, and of no more", () => {
    const target = stream();
    const log = new LineLog({ stream: target, totals, nowMs: () => 0 });
    for (let count = 0; count < 1000; count += 1) log.onEvent(outcome("fail", "no"));
    expect(target.written).toHaveLength(21);
  });
});

describe("a board", () => {
  test("repaints in place, keeps failures, and leaves nothing of itself", () => {
    const target = stream({ isTTY: true, columns: 60 });
    const board = new Board({ stream: target, totals, nowMs: () => 0, colored: false });
    for (const event of whole) board.onEvent(event);
    board.line("a line that stays");
    board.close();
    const screen = screenOf(target.written.join(""));
    expect(screen).toContain("FAILED one/node/s/c (fail): expected 1");
    expect(screen).toContain("a line that stays");
    expect(screen.join("\n")).not.toContain("builds");
  });

  test("no line is wider than the terminal", () => {
    const target = stream({ isTTY: true, columns: 40 });
    const board = new Board({ stream: target, totals, nowMs: () => 0, colored: false });
    board.onEvent({ kind: "build-started", subject: "x".repeat(200) });
    board.line("painted");
    board.close();
    const painted = target.written.filter((text) => text.includes("builds"));
    expect(painted.length).toBeGreaterThan(0);
    for (const line of painted.join("").split("\n")) expect(line.length).toBeLessThan(40);
  });
});

/** What stands on a screen after the writes: lines, "up n" and "clear to the end". */
function screenOf(written: string): readonly string[] {
  const lines: string[] = [""];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is tested.
  for (const [token] of written.matchAll(/\u001b\[(\d+)A|\u001b\[J|\n|[^\u001b\n]+/g)) {
    const up = /\[(\d+)A/.exec(token)?.[1];
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), lines.length, "");
    else if (token === "\n") lines.push("");
    else if (!token.includes("[J")) lines[lines.length - 1] += token;
  }
  return lines;
}

test("a terminal has a board; CI, a pipe and a dumb terminal have lines", () => {
  const shared = {
    arguments: [],
    root: "",
    nodePath: "",
    nodeVersion: "",
    stdout: stream(),
    signal: new AbortController().signal,
    now: () => new Date(0),
    nowMs: () => 0,
  };
  const displayOn = (isTTY: boolean, environment: Readonly<Record<string, string>>): string => {
    const display = openDisplay({ ...shared, environment, stderr: stream({ isTTY }) }, totals);
    display.close();
    return display.constructor.name;
  };
  expect(displayOn(true, {})).toBe("Board");
  expect(displayOn(true, { CI: "true" })).toBe("LineLog");
  expect(displayOn(true, { TERM: "dumb" })).toBe("LineLog");
  expect(displayOn(false, {})).toBe("LineLog");
});

test("NO_COLOR, and what is no terminal, have no colours", () => {
  expect(isColored({ environment: {} }, { isTTY: true })).toBe(true);
  expect(isColored({ environment: { NO_COLOR: "" } }, { isTTY: true })).toBe(true);
  expect(isColored({ environment: { NO_COLOR: "1" } }, { isTTY: true })).toBe(false);
  expect(isColored({ environment: {} }, {})).toBe(false);
});
