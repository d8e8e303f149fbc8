/** Tests of the outcome cache: what is kept, what is taken back, what a kill leaves. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OutcomeCache, type OutcomeKey } from "./outcome-cache.ts";

const key: OutcomeKey = {
  sha256: "abc",
  axes: "freestanding-js",
  case: "scenarios/t1",
  closure: "def",
  engine: "node",
  engineVersion: "26.0.0",
  seed: 1,
};
const pass = { state: "pass", durationMs: 5 } as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "outcomes-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function reopened(): OutcomeCache {
  return new OutcomeCache(directory);
}

test("a pass is found again, by its whole key alone", async () => {
  reopened().add(key, pass);
  expect(await reopened().find(key)).toEqual(pass);
  const others: readonly Partial<OutcomeKey>[] = [
    { sha256: "abd" },
    { axes: "" },
    { case: "scenarios/t2" },
    { closure: "deg" },
    { engine: "bun" },
    { engineVersion: "26.0.1" },
    { seed: 2 },
  ];
  for (const other of others) expect(await reopened().find({ ...key, ...other })).toBeUndefined();
});

test("failures, crashes and timeouts are not kept, and take back an earlier pass", async () => {
  for (const outcome of [
    { state: "fail", message: "", durationMs: 1 },
    { state: "crash", message: "" },
    { state: "timeout", limitMs: 1 },
  ] as const) {
    reopened().add(key, pass);
    reopened().add(key, outcome);
    expect(await reopened().find(key)).toBeUndefined();
  }
});

test("a line that a kill cut short costs only itself", async () => {
  const second = { ...key, case: "scenarios/t2" };
  reopened().add(key, pass);
  const [file = ""] = readdirSync(directory);
  appendFileSync(join(directory, file), '\n{"key":"scena');
  reopened().add(second, pass);
  expect(await reopened().find(key)).toEqual(pass);
  expect(await reopened().find(second)).toEqual(pass);
});
