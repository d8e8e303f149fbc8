/** The end of a run: reports are written, the verdict is said in words and as an exit code. */
import { join, relative, resolve } from "node:path";
import { classicWorkloadNames } from "../../benchmarks/index.ts";
import { type BaselineRecord, readBaseline } from "../../harness/record/baseline.ts";
import { RecordError } from "../../harness/record/journal.ts";
import type { ResultRecord } from "../../harness/record/record.ts";
import { type Budgets, readBudgets } from "../../harness/report/budget.ts";
import { reportModel } from "../../harness/report/model.ts";
import { writeReports } from "../../harness/report/render.ts";
import type { ReportModel } from "../../harness/report/schema.ts";
import { verdictOf } from "../../harness/report/verdict.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";
import { UsageError } from "../command/usage.ts";
import { isColored } from "../progress/open-display.ts";
import { accept } from "./accept-command.ts";
import type { RunOptions } from "./command-line.ts";
import { summaryText } from "./summary.ts";

/** What a run is compared with. */
export interface Comparison {
  readonly budgets: Budgets;
  readonly baseline: readonly BaselineRecord[];
}

export interface Conclusion {
  readonly options: RunOptions;
  readonly invocation: Invocation;
  readonly comparison: Comparison;
  readonly records: readonly ResultRecord[];
}

/** Read before anything is run: a mistake in it is not to cost a quarter of an hour. */
export function readComparison(options: RunOptions, invocation: Invocation): Comparison {
  const { budgets } = projectPaths(invocation.root);
  return { budgets: readBudgets(budgets), baseline: baselineOf(options, invocation) };
}

/** Writes reports/latest/, prints the summary or the JSON; the exit code (README, "Exit codes"). */
export async function conclude(conclusion: Conclusion): Promise<number> {
  const { options, invocation, comparison, records } = conclusion;
  const paths = projectPaths(invocation.root);
  const { budgets, baseline } = comparison;
  const classic = classicWorkloadNames;
  const sources = { records, budgets, classic, recordsPath: "records.jsonl" };
  const model = reportModel({ ...sources, baseline });
  const written = options.stages.has("report");
  if (written) await writeReports(model, paths.latest);
  let exitCode: number = verdictOf(model, { strict: options.strict });
  const notes: string[] = [];
  if (options.updateBaseline) {
    const note = accept({ model, records, root: invocation.root });
    notes.push(note ?? "The baseline was not written: the run has failures.");
    // Growth is accepted by this very command; what stays over a limit of its own still counts.
    if (note !== undefined) {
      const accepted = reportModel({ ...sources, baseline: readBaseline(paths.baseline) });
      exitCode = verdictOf(accepted, { strict: options.strict });
    }
  }
  print({ options, invocation, model, notes, written });
  return exitCode;
}

function baselineOf(options: RunOptions, invocation: Invocation): readonly BaselineRecord[] {
  const { root } = invocation;
  if (options.baseline === undefined) return readBaseline(projectPaths(root).baseline);
  const path = resolve(root, options.baseline);
  try {
    const baseline = readBaseline(path);
    if (baseline.length > 0) return baseline;
  } catch (error) {
    if (error instanceof RecordError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
  throw new UsageError(`--baseline ${options.baseline}: no records of sizes are there`);
}

function print(result: {
  readonly options: RunOptions;
  readonly invocation: Invocation;
  readonly model: ReportModel;
  readonly notes: readonly string[];
  readonly written: boolean;
}): void {
  const { options, invocation, model, notes, written } = result;
  const { stdout, stderr, root } = invocation;
  if (options.json) {
    stdout.write(`${JSON.stringify(model, undefined, 2)}\n`);
    for (const note of notes) stderr.write(`${note}\n`);
    return;
  }
  const { latest } = projectPaths(root);
  const reports = written ? join(relative(root, latest), "report.html") : undefined;
  stdout.write(summaryText({ model, notes, reports, colored: isColored(invocation, stdout) }));
}
