/** Reports again: the reports of records that were saved, without running anything. */
import { readBaseline } from "../record/baseline.ts";
import { RecordError, readRecords } from "../record/journal.ts";
import { readBudgets } from "./budget.ts";
import { reportModel } from "./model.ts";
import { writeReports } from "./render.ts";
import type { ReportModel } from "./schema.ts";

export interface SavedReportPaths {
  readonly recordsPath: string;
  /** A folder of baseline files, or the records of another run: it must hold sizes. */
  readonly baselinePath?: string;
  /** The project's own baseline, which may not be there yet: used without a `baselinePath`. */
  readonly ownBaselinePath: string;
  readonly budgetsPath: string;
  readonly outDirectory: string;
}

/** Throws RecordError, BudgetError or NoRunError: the message says which file, and where in it. */
export async function reportAgain({
  recordsPath,
  baselinePath,
  ownBaselinePath,
  budgetsPath,
  outDirectory,
}: SavedReportPaths): Promise<{ readonly model: ReportModel; readonly paths: readonly string[] }> {
  const { records, warning } = readRecords(recordsPath);
  const baseline = readBaseline(baselinePath ?? ownBaselinePath);
  if (baselinePath !== undefined && baseline.every((record) => record.kind !== "size")) {
    throw new RecordError(`${baselinePath}: there are no sizes to compare with`);
  }
  const model = reportModel({
    records,
    baseline,
    budgets: readBudgets(budgetsPath),
    warnings: warning === undefined ? [] : [warning],
  });
  return { model, paths: await writeReports(model, outDirectory) };
}
