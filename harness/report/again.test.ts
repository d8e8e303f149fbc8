/** Tests of reports from saved records: the same as of the run itself, clear about bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeBaseline } from "../record/baseline.ts";
import { openJournal, RecordError } from "../record/journal.ts";
import { reportAgain } from "./again.ts";
import { readBudgets } from "./budget.ts";
import { fixtureRecords } from "./fixture.ts";
import { NoRunError, reportModel } from "./model.ts";

const records = fixtureRecords({ troubled: true });
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
    ...{ recordsPath, budgetsPath, outDirectory: join(directory, "out") },
    ownBaselinePath: join(directory, "own"),
    ...(baselinePath === undefined ? {} : { baselinePath }),
  };
}

test("saved records give the model that they gave at first", async () => {
  const { model, paths: written } = await reportAgain(paths());
  expect(model).toEqual(reportModel({ records, budgets: readBudgets(budgetsPath) }));
  expect(written).toHaveLength(4);
});

test("a baseline is a folder or the records of a run; the project's own by default", async () => {
  writeBaseline({
    directory: join(directory, "own"),
    records: fixtureRecords({ troubled: false }),
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

test("an empty file is no run", async () => {
  writeFileSync(recordsPath, "");
  await expect(reportAgain(paths())).rejects.toThrow(NoRunError);
});
