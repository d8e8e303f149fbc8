/** Tests of the model: what a run's records say, nothing lost and nothing made up. */
import { describe, expect, test } from "vitest";
import { baselineRecords } from "../record/baseline.ts";
import type { OutcomeRecord, ResultRecord } from "../record/record.ts";
import type { Budgets } from "./budget.ts";
import { foldStates } from "./cells.ts";
import { fixtureEnd, fixtureRecords, fixtureRun, fixtureVariants } from "./fixture.ts";
import { fixtureTimings } from "./fixture-measures.ts";
import { NoRunError, reportModel } from "./model.ts";
import { cellStates, reportSchema } from "./schema.ts";
import { verdictOf } from "./verdict.ts";

const good = fixtureRecords({ troubled: false });
const bad = fixtureRecords({ troubled: true });
const baseline = baselineRecords(good);

function without(drop: (record: ResultRecord) => boolean): readonly ResultRecord[] {
  return good.filter((record) => !drop(record));
}

describe("the model of a good run", () => {
  const model = reportModel({ records: good, baseline });

  test("is what its schema says", () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  test("has a passed cell for every variant and suite, and says no twice", () => {
    expect(model.cells).toHaveLength(48 * 3);
    expect(new Set(model.cells.map((cell) => cell.state))).toEqual(new Set(["pass"]));
    expect(model.cells.reduce((sum, cell) => sum + cell.casesCount, 0)).toBe(48 * 40);
    expect(model.answers.broke).toMatchObject({ answer: "no", figure: "1,920 of 1,920 passed" });
    expect(model.answers.grew).toMatchObject({ answer: "no", tone: "good" });
    expect(model.answers.slowed.headline).toBe("No: no exact cost rose, and no time.");
    expect(verdictOf(model)).toBe(0);
  });

  test("counts what came from the cache", () => {
    expect(model.cache).toEqual({
      ...{ buildsCount: 48, buildsCachedCount: 0, outcomesCount: 1920 },
      outcomesReusedCount: good.filter((record) => record.kind === "outcome" && record.reused)
        .length,
    });
  });
});

describe("the model of a bad run", () => {
  const model = reportModel({ records: bad, baseline });

  test("is what its schema says", () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  test("has every failure with its command, the worst first", () => {
    const states = model.failures.map((failure) => failure.state);
    expect(states).toEqual(["build", "crash", "timeout", "fail", "fail", "fail"]);
    expect(
      model.failures.every((failure) => failure.repro.startsWith("npm run matrix -- repro ")),
    ).toBe(true);
    expect(model.answers.broke).toMatchObject({ answer: "yes", tone: "bad" });
  });

  test("names the cases of a variant that did not build as missing", () => {
    expect(
      model.missing.map(({ variant, suite, cases, reason }) => [
        variant,
        suite,
        cases.length,
        reason,
      ]),
    ).toEqual([
      ["wasi-debug-eh-none", "scenarios", 8, "its build failed"],
      ["wasi-debug-eh-none", "exports", 14, "its build failed"],
      ["wasi-debug-eh-none", "hosts", 18, "its build failed"],
    ]);
    expect(model.cells).toHaveLength(48 * 3);
  });

  test("says which variant grew most, and by how much", () => {
    const grown = model.variants.find(({ variant }) => variant === "freestanding-small-js-opt");
    expect(grown?.sizes[0]).toMatchObject({
      bytes: 215_800,
      baselineBytes: 201_000,
      changeBytes: 14_800,
    });
    expect(model.answers.grew.headline).toBe(
      "Yes, within budget: freestanding-small-js-opt most, by 14,800 bytes.",
    );
  });

  test("puts skips together by their reason", () => {
    expect(
      model.skips.map(({ state, cases, variants }) => [state, cases.length, variants.length]),
    ).toEqual([
      ["unsupported", 1, 16],
      ["skipped", 1, 23],
    ]);
  });
});

describe("what is missing", () => {
  const lost = "wasi-small-js-opt";

  test("one lost outcome is seen, and is no pass", () => {
    const model = reportModel({
      records: without(
        (r) => r.kind === "outcome" && r.variant === lost && r.case === "hosts/case-5",
      ),
    });
    expect(model.missing).toMatchObject([
      { variant: lost, suite: "hosts", cases: ["hosts/case-5"] },
    ]);
    expect(model.answers.broke).toMatchObject({ answer: "unknown", tone: "bad" });
    expect(verdictOf(model)).toBe(5);
  });

  test("a suite that no variant has an outcome of is seen when it was planned", () => {
    const planned = [
      { engine: "node", suite: "official", cases: ["official/math"], variants: [lost] },
    ];
    const records = [{ ...fixtureRun, planned }, ...good.slice(1)];
    expect(reportModel({ records }).missing).toMatchObject([{ variant: lost, suite: "official" }]);
  });

  test("an engine asked for without any outcome is seen", () => {
    const records = [{ ...fixtureRun, engines: ["node", "firefox"] }, ...good.slice(1)];
    expect(reportModel({ records }).missing).toHaveLength(48 * 3);
  });
});

describe("the verdict", () => {
  const records = (change: Partial<OutcomeRecord>): readonly ResultRecord[] =>
    good.map((record) =>
      record.kind === "outcome" && record.case === "hosts/case-2"
        ? { ...record, ...change }
        : record,
    );

  test("3 a build failed, before 5 a case failed", () => {
    expect(verdictOf(reportModel({ records: bad }))).toBe(3);
  });
  test.each([
    ["fail", 5, 5],
    ["crash", 5, 5],
    ["timeout", 5, 5],
    ["not-run", 5, 5],
    ["unsupported", 0, 5],
    ["skipped", 0, 0],
    ["pass", 0, 0],
  ] as const)("%s is %i, and %i when strict", (state, lenient, strict) => {
    const model = reportModel({ records: records({ state }) });
    expect(verdictOf(model)).toBe(lenient);
    expect(verdictOf(model, { strict: true })).toBe(strict);
  });
  test("5 where engines count an exact cost differently", () => {
    const cost = good.find((record) => record.kind === "cost");
    if (cost?.kind !== "cost") throw new Error("the fixture has no cost");
    const other = { ...cost, engine: "bun", instructions: cost.instructions + 1 };
    const model = reportModel({ records: [...good, other] });
    expect(model.warnings[0]).toContain("differs between engines");
    expect(verdictOf(model)).toBe(5);
    const same = reportModel({ records: [...good, { ...cost, engine: "bun" }] });
    expect(same.costs[0]?.engines).toEqual(["node", "bun"]);
    expect(same.warnings).toEqual([]);
  });
  test("7 surely slower than the budget allows, after 6", () => {
    const slower = fixtureTimings({ variants: fixtureVariants(), slower: 1.07 });
    const isTiming = (record: ResultRecord) => record.kind === "timing";
    const later = [...good.filter((record) => !isTiming(record)), ...slower];
    const limit = { metric: "time:*", maxSlowerPercent: 5, reason: "patience" };
    const verdict = (limits: Budgets["limits"]) =>
      verdictOf(reportModel({ records: later, baseline, budgets: { schema: 1, limits } }));
    expect(verdict([limit])).toBe(7);
    expect(verdict([{ ...limit, maxSlowerPercent: 8 }])).toBe(0);
    expect(verdict([limit, { metric: "raw", maxBytes: 100, reason: "small" }])).toBe(6);
  });
  test("6 over budget", () => {
    const limits = [{ metric: "raw", maxBytes: 100, reason: "small" }];
    expect(verdictOf(reportModel({ records: good, budgets: { schema: 1, limits } }))).toBe(6);
  });
  test("130 interrupted, before all else", () => {
    const interrupted: ResultRecord = {
      ...{ kind: "end", finishedAt: "2026-08-01T10:31:02.000Z", interrupted: true, durationMs: 1 },
    };
    expect(verdictOf(reportModel({ records: [...bad.slice(0, -1), interrupted] }))).toBe(130);
  });
});

describe("records", () => {
  test("without a run make no report", () => {
    expect(() => reportModel({ records: good.slice(1) })).toThrow(NoRunError);
  });

  test("without an end say so", () => {
    const model = reportModel({ records: without((record) => record === fixtureEnd) });
    expect(model.run.state).toBe("unfinished");
    expect(model.warnings).toHaveLength(1);
  });

  test("of one thing twice: the later counts", () => {
    const first = good.find((record) => record.kind === "outcome");
    if (first?.kind !== "outcome") throw new Error("the fixture has no outcome");
    const again: OutcomeRecord = { ...first, state: "fail", message: "no" };
    const model = reportModel({ records: [...good, again] });
    expect(model.outcomes).toHaveLength(1920);
    expect(model.failures).toHaveLength(1);
  });

  test("of a build alone give no cells and no verdict on cases", () => {
    const model = reportModel({ records: without((record) => record.kind === "outcome") });
    expect(model.cells).toEqual([]);
    expect(model.answers.broke.answer).toBe("unknown");
    expect(verdictOf(model)).toBe(0);
  });
});

test("a cell is as bad as its worst outcome", () => {
  for (const [index, worst] of cellStates.entries()) {
    expect(foldStates(cellStates.slice(index).toReversed())).toBe(worst);
  }
  expect(foldStates([])).toBe("missing");
});
