/** Tests of reports from saved records: the same as of the run itself, clear about bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeBaseline } from "../record/baseline.ts";
import { openJournal, RecordError } from "../record/journal.ts";
import { reportAgain } from "./again.ts";
import { readBudgets } from "./budget.ts";
import { fixtureOutcomes } from "./fixture.ts";
import { fixtureClassic } from "./fixture-measures.ts";
import { NoRunError, reportModel } from "./model.ts";

const records = fixtureOutcomes({ troubled: true });
const budgetsPath = join(import.meta.dirname, "..", "..", "reports", "budgets.json");

let directory = "";
let recordsPath = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "again-"));
  recordsPath = join(directory, "records.jsonl");
  using journal = openJournal(recordsPath);
  for (const record of records) journal.append(record);
});
afterEach(() => rmSync(directory, { recursive: true }));

function paths(baselinePath?: string) {
  return {
    ...{
      recordsPaths: [recordsPath],
      classic: fixtureClassic,
      budgetsPath,
      outDirectory: join(directory, "out"),
    },
    ownBaselinePath: join(directory, "own"),
    ...(baselinePath === undefined ? {} : { baselinePath }),
  };
}

test("saved records give the model that they gave at first", async () => {
  const { model, paths: written } = await reportAgain(paths());
  expect(model).toEqual(
    reportModel({
      records,
      budgets: readBudgets(budgetsPath),
      classic: fixtureClassic,
      recordsPath: "../records.jsonl",
    }),
  );
  expect(written).toHaveLength(6);
});

test("a baseline is a folder or the records of a run; the project's own by default", async () => {
  writeBaseline({
    directory: join(directory, "own"),
    records: fixtureOutcomes({ troubled: false }),
  });
  const { model } = await reportAgain(paths());
  expect(model.answers.grew.figure).toBe("+7.36 % raw");
  expect((await reportAgain(paths(join(directory, "own")))).model).toEqual(model);
  expect((await reportAgain(paths(recordsPath))).model.answers.grew.figure).toBe("0 % raw");
});

test("a baseline that was asked for and is not there is an error", async () => {
  await expect(reportAgain(paths(join(directory, "nowhere")))).rejects.toThrow(RecordError);
});

test("the cut end of a killed run's records is a warning in the report", async () => {
  writeFileSync(recordsPath, readFileSync(recordsPath, "utf8").slice(0, -10));
  const { model } = await reportAgain(paths());
  expect(model.run.state).toBe("unfinished");
  expect(model.warnings[0]).toContain("the last line is damaged");
});

test("two runs are laid side by side: the earlier one is the baseline", async () => {
  const beforePath = join(directory, "before.jsonl");
  using journal = openJournal(beforePath);
  for (const record of fixtureOutcomes({ troubled: false })) journal.append(record);
  const { model } = await reportAgain({ ...paths(), beforePath });
  expect(model.comparison).toMatchObject({ brokeCount: 45, mendedCount: 0, onlyNowCount: 0 });
  expect(model.answers.grew.figure).toBe("+7.36 % raw");
  const back = await reportAgain({
    ...paths(),
    recordsPaths: [beforePath],
    beforePath: recordsPath,
  });
  expect(back.model.comparison).toMatchObject({ brokeCount: 0, mendedCount: 5, onlyNowCount: 40 });
});

test("a folder stands for its records, and history for all saved ones", async () => {
  const saved = join(directory, "saved");
  for (const day of ["01", "02"]) {
    using journal = openJournal(join(saved, `${day}.jsonl`));
    for (const record of fixtureOutcomes({ troubled: false })) {
      const startedAt = `2026-07-${day}T10:00:00.000Z`;
      journal.append(record.kind === "run" ? { ...record, startedAt } : record);
    }
  }
  const { model } = await reportAgain({
    ...{ ...paths(), recordsPaths: [directory], historyPath: saved },
  });
  const line = model.history.find(({ variant }) => variant === "freestanding-small-js-opt");
  expect(line?.metric).toBe("raw size, bytes");
  expect(line?.points.map(({ value }) => value)).toEqual([201_000, 201_000, 215_800]);
  await expect(
    reportAgain({ ...paths(), historyPath: join(directory, "nowhere") }),
  ).rejects.toThrow(RecordError);
});

test("an empty file is no run", async () => {
  writeFileSync(recordsPath, "");
  await expect(reportAgain(paths())).rejects.toThrow(NoRunError);
});
