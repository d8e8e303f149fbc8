/** Tests of the recorder: one record per planned case, none for another, and the repro command. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { Recorder, RecorderError } from "./recorder.ts";
import { fixturePlan, type RunFixture, runFixture } from "./run.fixture.ts";

let fixture: RunFixture;
beforeEach(() => {
  fixture = runFixture({ execPath: process.execPath, environment: process.env });
});
afterEach(() => fixture[Symbol.dispose]());

const pass = { state: "pass", durationMs: 1 } as const;

test("a case that was recorded, or was not planned, is a fault", () => {
  const plan = fixturePlan(["one"], (id) => id.startsWith("fixture/passes"));
  const recorder = new Recorder(fixture.context({ plan }), plan.cells);
  const [cell] = plan.cells;
  if (cell === undefined) throw new Error("no cell");
  recorder.outcome(cell, "fixture/passes", pass);
  expect(() => recorder.outcome(cell, "fixture/passes", pass)).toThrow(RecorderError);
  expect(() => recorder.outcome(cell, "fixture/fails", pass)).toThrow(RecorderError);
  recorder.settleAll({ state: "not-run", reason: "interrupted" });
  recorder.settleAll({ state: "not-run", reason: "again" });
  expect(fixture.outcomes().map(({ state }) => state)).toEqual(["pass", "not-run"]);
});

test("a repro command can be pasted, whatever the name of the file", () => {
  const plan = fixturePlan(["it's one.wasm"], (id) => id === "fixture/passes");
  const [cell] = plan.cells;
  if (cell === undefined) throw new Error("no cell");
  const subjects = [{ id: "it's one.wasm", axes: {}, file: "a b/it's one.wasm" }];
  const recorder = new Recorder(fixture.context({ plan: { ...plan, subjects } }), plan.cells);
  recorder.outcome(cell, "fixture/passes", pass);
  expect(fixture.outcomes().map(({ repro }) => repro)).toEqual([
    "npm run matrix -- repro 'it'\\''s one.wasm/node/fixture/passes' " +
      "--wasm 'a b/it'\\''s one.wasm'",
  ]);
});

test("the repro command names a seed and a file that are not the default", () => {
  const plan = fixturePlan(["one"], (id) => id === "fixture/passes");
  const [cell] = plan.cells;
  if (cell === undefined) throw new Error("no cell");
  const subjects = [{ id: "one", axes: {}, file: "a/one.wasm" }];
  new Recorder(fixture.context({ plan }), plan.cells).outcome(cell, "fixture/passes", pass);
  const other = fixture.context({ plan: { ...plan, subjects }, seed: 7 });
  new Recorder(other, plan.cells).outcome(cell, "fixture/passes", pass);
  expect(fixture.outcomes().map(({ repro }) => repro)).toEqual([
    "npm run matrix -- repro one/node/fixture/passes",
    "npm run matrix -- repro one/node/fixture/passes --wasm a/one.wasm --seed 7",
  ]);
});
