/** What accepting a run as the baseline changes, for whoever reviews the commit. */
import { formatChange, formatChangePercent, formatCount, formatTime } from "./format.ts";
import { code, table } from "./markdown/text.ts";
import type { BudgetCheck, ReportModel } from "./schema.ts";

/** How many exact costs are listed: those that changed most. */
const costsMax = 40;

/** Markdown. The model: the accepted run beside the baseline that it takes the place of. */
export function acceptedText(model: ReportModel): string {
  const { run } = model;
  const revision = run.revision === undefined ? "" : `, revision ${run.revision}`;
  return [
    "# The last baseline that was accepted",
    `The run of ${formatTime(run.startedAt)}${revision}: \`${run.command}\`. ` +
      "Each figure beside the one that it takes the place of.",
    "## Over budget",
    budgetText(model),
    "## Sizes",
    sizesText(model),
    "## Exact cost",
    costsText(model),
  ]
    .map((part) => `${part.trimEnd()}\n`)
    .join("\n");
}

function budgetText({ budget }: ReportModel): string {
  const over = budget.checks.filter((check) => check.over);
  if (over.length === 0) return "Nothing.";
  const tables = [...Map.groupBy(over, ({ reason }) => reason)].map(([reason, checks]) => {
    const rows = checks.map(({ variant, metric, value, limit, unit }) => [
      ...[code(variant), metric, figureText(value, unit), figureText(limit, unit)],
    ]);
    const head = ["variant", "figure", "now", "limit"];
    return `Why there is a limit: ${reason}.\n\n${table({ head, rows, right: [2, 3] })}`;
  });
  return tables.join("\n");
}

function figureText(value: number, unit: BudgetCheck["unit"]): string {
  return unit === "percent" ? formatChangePercent(value) : formatCount(value);
}

function sizesText({ variants }: ReportModel): string {
  const rows = variants.flatMap(({ variant, sizes }) =>
    sizes.flatMap(({ metric, bytes, baselineBytes, changeBytes }) => {
      if (changeBytes === 0) return [];
      const before = baselineBytes === undefined ? "new" : formatCount(baselineBytes);
      const change = changeBytes === undefined ? "" : formatChange(changeBytes);
      return [[code(variant), metric, before, formatCount(bytes), change]];
    }),
  );
  if (rows.length === 0) return "Every size is as it was.";
  const head = ["variant", "size", "before", "now", "change"];
  return table({ head, rows, right: [2, 3, 4] });
}

function costsText({ costs, costTotals }: ReportModel): string {
  const totals = costTotals.map(({ variant, geometricMean, changePercent }) => [
    code(variant),
    "geometric mean",
    "",
    formatCount(geometricMean),
    changePercent === undefined ? "new" : formatChangePercent(changePercent),
  ]);
  const changed = costs
    .filter(({ changePercent = 0 }) => changePercent !== 0)
    .toSorted((a, b) => Math.abs(b.changePercent ?? 0) - Math.abs(a.changePercent ?? 0));
  const rows = changed
    .slice(0, costsMax)
    .map(({ variant, workload, instructions, baselineInstructions = 0, changePercent = 0 }) => [
      code(variant),
      workload,
      formatCount(baselineInstructions),
      formatCount(instructions),
      formatChangePercent(changePercent),
    ]);
  if (totals.length === 0) return "Not counted in this run.";
  const head = ["variant", "workload", "before", "now", "change"];
  const left = changed.length - rows.length;
  const more = left > 0 ? `\n${formatCount(left)} smaller changes are left out.\n` : "";
  return table({ head, rows: [...totals, ...rows], right: [2, 3, 4] }) + more;
}
