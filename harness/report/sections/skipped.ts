/** The section on what gave no verdict, and why. */
import { formatPlural } from "../format.ts";
import type { ReportModel, Skip } from "../schema.ts";
import { code, count, empty, row, words } from "../section/cells.ts";
import { type Cell, type Section, tablePart } from "../section/section.ts";

export function skippedSection({ skips, excluded, budget }: ReportModel): Section | undefined {
  if (skips.length + excluded.length + budget.unmatched.length === 0) return undefined;
  return {
    id: "skipped",
    title: "Not judged",
    parts: [
      tablePart({
        label: "Not judged",
        columns: [
          { title: "What" },
          { title: "Because" },
          { title: "Engine" },
          { title: "Outcomes", isFigure: true },
          { title: "Where" },
        ],
        rows: [
          ...skips.map((skip) =>
            row(
              words(skip.state),
              words(skip.reason),
              words(skip.engine),
              count(skip.outcomesCount),
              places(skip),
            ),
          ),
          ...excluded.map(({ variant, reason }) =>
            row(words("excluded"), words(reason), empty, empty, code(variant)),
          ),
          ...budget.unmatched.map((limit) => {
            const reason = "No figure of this run falls under it.";
            return row(words("limit"), words(reason), empty, empty, words(limit));
          }),
        ],
      }),
    ],
  };
}

function places({ cases, variants }: Skip): Cell {
  return {
    text: `${formatPlural(cases.length, "case")} on ${formatPlural(variants.length, "variant")}`,
    details: [cases.join(", "), variants.join(", ")],
  };
}
