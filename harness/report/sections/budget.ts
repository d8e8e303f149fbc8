/** The section on limits: the broken ones; without any, the figure closest to each maximum. */
import { formatChange, formatChangePercent, formatCount } from "../format.ts";
import type { BudgetCheck, ReportModel } from "../schema.ts";
import { code, row, words } from "../section/cells.ts";
import { type Row, type Section, tablePart } from "../section/section.ts";

export function budgetSection({ budget }: ReportModel): Section | undefined {
  const over = budget.checks.filter((check) => check.over);
  const shown = over.length > 0 ? over : closestToLimits(budget.checks);
  if (shown.length === 0) return undefined;
  const title = over.length > 0 ? "Over budget" : "Closest to their limits";
  return {
    id: "budget",
    title,
    shortTitle: "Budget",
    parts: [
      tablePart({
        label: title,
        columns: [
          { title: "Variant" },
          { title: "Metric" },
          { title: "Figure", isFigure: true },
          { title: "Limit", isFigure: true },
          { title: "Against it", isFigure: true },
          { title: "Why the limit" },
        ],
        rows: shown.map(budgetRow),
      }),
    ],
  };
}

function closestToLimits(checks: readonly BudgetCheck[]): readonly BudgetCheck[] {
  const sorted = checks
    .filter((check) => check.kind === "maximum")
    .toSorted((a, b) => a.value / a.limit - b.value / b.limit);
  const lastOfLimit = new Map(
    sorted.map((check) => [JSON.stringify([check.metric, check.limit, check.reason]), check]),
  );
  return [...lastOfLimit.values()];
}

function budgetRow(check: BudgetCheck): Row {
  const { variant, metric, kind, unit, value, limit, over, reason } = check;
  const isPercent = unit === "percent";
  const against = isPercent ? formatChangePercent(value - limit) : formatChange(value - limit);
  return row(
    code(variant),
    words(kind === "growth" ? `${metric}, growth` : metric),
    words(isPercent ? formatChangePercent(value) : formatCount(value)),
    words(isPercent ? `${limit} %` : formatCount(limit)),
    over ? { text: against, tone: "bad" } : words(against),
    words(reason),
  );
}
