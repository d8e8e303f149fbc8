/** Reports again: the reports of records that were saved, without running anything. */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { baselineRecords, readBaseline } from "../record/baseline.ts";
import { RecordError, readRecords } from "../record/journal.ts";
import type { ResultRecord } from "../record/record.ts";
import { readBudgets } from "./budget.ts";
import type { SavedRun } from "./history.ts";
import { reportModel } from "./model.ts";
import { writeReports } from "./render.ts";
import type { ReportModel } from "./schema.ts";

export interface SavedReportPaths {
  /** Records of runs that belong together: shards of a matrix, and its benchmarks. */
  readonly recordsPaths: readonly string[];
  /** The records of another run: a baseline, and laid beside this one case by case. */
  readonly beforePath?: string;
  /** A folder of baseline files, or the records of another run: it must hold figures. */
  readonly baselinePath?: string;
  /** The project's own baseline, which may not be there yet: used without a `baselinePath`. */
  readonly ownBaselinePath: string;
  /** A folder of saved records, *.jsonl, one run each. */
  readonly historyPath?: string;
  readonly budgetsPath: string;
  readonly outDirectory: string;
  /** The names of the workloads whose geometric mean is compared with peers. */
  readonly classic: ReadonlySet<string>;
}

/** Throws RecordError, BudgetError or NoRunError: the message says which file, and where in it. */
export async function reportAgain(
  paths: SavedReportPaths,
): Promise<{ readonly model: ReportModel; readonly paths: readonly string[] }> {
  const { recordsPaths, beforePath, historyPath, budgetsPath, outDirectory, classic } = paths;
  const read = recordsPaths.map((path) => readRecords(recordsFile(path)));
  const before = beforePath === undefined ? undefined : readBefore(beforePath);
  const [first = ""] = recordsPaths;
  const model = reportModel({
    records: read.flatMap(({ records }) => records),
    baseline: before === undefined ? baselineOf(paths) : baselineRecords(before),
    budgets: readBudgets(budgetsPath),
    ...{ classic, recordsPath: linkTo(recordsFile(first), outDirectory) },
    ...(before === undefined ? {} : { before }),
    ...(historyPath === undefined ? {} : { history: readHistory(historyPath) }),
    warnings: read.flatMap(({ warning }) => warning ?? []),
  });
  return { model, paths: await writeReports(model, outDirectory) };
}

/** A folder stands for the records that a run wrote into it. */
function recordsFile(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(path, "records.jsonl") : path;
}

/** As a page's link: with forward slashes, and each part encoded. */
function linkTo(path: string, directory: string): string {
  const parts = relative(directory, path).split(/[\\/]/);
  return parts.map(encodeURIComponent).join("/");
}

function readBefore(path: string): readonly ResultRecord[] {
  const { records } = readRecords(recordsFile(path));
  if (records.some((record) => record.kind === "run")) return records;
  throw new RecordError(`${path}: the records hold no run to compare with`);
}

function baselineOf({ baselinePath, ownBaselinePath }: SavedReportPaths) {
  const baseline = readBaseline(baselinePath ?? ownBaselinePath);
  if (baselinePath !== undefined && baseline.every((record) => record.kind === "run")) {
    throw new RecordError(`${baselinePath}: there are no figures to compare with`);
  }
  return baseline;
}

function readHistory(directory: string): readonly SavedRun[] {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    throw new RecordError(`${directory}: there is no folder of saved records`);
  }
  const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
  return names.toSorted().map((name) => {
    return baselineRecords(readRecords(join(directory, name)).records);
  });
}
