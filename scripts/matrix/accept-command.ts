/** `npm run matrix -- accept`: the last run becomes the baseline, and a reviewer is told. */
import { join, relative } from "node:path";
import { classicWorkloadNames } from "../../benchmarks/index.ts";
import { readBaseline, writeBaseline } from "../../harness/record/baseline.ts";
import { keepFile } from "../../harness/record/kept-file.ts";
import type { ResultRecord } from "../../harness/record/record.ts";
import { acceptedText } from "../../harness/report/accepted.ts";
import { readBudgets } from "../../harness/report/budget.ts";
import { reportModel } from "../../harness/report/model.ts";
import type { ReportModel } from "../../harness/report/schema.ts";
import { verdictOf } from "../../harness/report/verdict.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";
import { UsageError } from "../command/usage.ts";
import { lastRecords } from "./last-records.ts";

/** The exit code. Throws UsageError when there is no last run, or it has failures. */
export function acceptLastRun({ root, stdout }: Invocation): number {
  const { records: path, baseline, budgets } = projectPaths(root);
  const records = lastRecords(path);
  const model = reportModel({
    ...{ records, baseline: readBaseline(baseline) },
    ...{ budgets: readBudgets(budgets), classic: classicWorkloadNames },
  });
  const note = accept({ model, records, root });
  if (note === undefined) {
    throw new UsageError("the last run failed or did not end: see reports/latest/report.md");
  }
  stdout.write(`${note}\n`);
  return 0;
}

/**
 * Writes reports/baseline/ and, in it, what that changes; returns words about it. Undefined, and
 * nothing is written, for a run that failed: being over budget or slower is what is accepted.
 */
export function accept(run: {
  readonly model: ReportModel;
  readonly records: readonly ResultRecord[];
  readonly root: string;
}): string | undefined {
  const { model, records, root } = run;
  const verdict = verdictOf(model);
  if (verdict !== 0 && verdict !== 6 && verdict !== 7) return undefined;
  const { baseline: directory } = projectPaths(root);
  writeBaseline({ directory, records });
  const textPath = join(directory, "accepted.md");
  keepFile(textPath, acceptedText(model));
  const count = `The baseline of ${model.variants.length} variants was written: reports/baseline/`;
  return `${count}; what changed: ${relative(root, textPath)}`;
}
