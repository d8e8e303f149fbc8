/** The section on what cases measured: one table per suite, folded, a column a variant. */
import {
  type FigureEnd,
  type FigureRow,
  type FigureTable,
  type FigureValue,
  figureTables,
} from "../figures.ts";
import { formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import { once, words } from "../section/cells.ts";
import {
  type Cell,
  figureColumn,
  type Part,
  type Row,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";
import { stateWords } from "../words.ts";

export function figuresSection(model: ReportModel): Section | undefined {
  const tables = figureTables(model);
  if (tables.length === 0) return undefined;
  return {
    id: "figures",
    title: "Figures of cases",
    parts: [
      textPart(
        "What cases measured where they passed: heap, stack, counts of what was tried, and time. " +
          "A figure that is the same on all variants is written once.",
      ),
      ...tables.map(suiteFold),
    ],
  };
}

function suiteFold({ suite, engine, variants, casesCount, rows }: FigureTable): Part {
  const table = tablePart({
    label: `Figures of ${suite}`,
    columns: [
      { title: "Case" },
      { title: "Figure" },
      figureColumn("Least"),
      { title: "On" },
      figureColumn("Most"),
      { title: "On" },
      ...variants.map((variant) => ({ ...figureColumn(variant), isDetail: true })),
    ],
    rows: rows.map((row, index) => figureRow(row, rows[index - 1]?.case === row.case)),
  });
  const cases = formatPlural(casesCount, "case");
  return {
    kind: "fold",
    title: `${suite} in ${engine}`,
    note: `${cases} on ${formatPlural(variants.length, "variant")}`,
    parts: [table],
  };
}

function figureRow(row: FigureRow, isRepeated: boolean): Row {
  const name = row.case.slice(row.case.indexOf("/") + 1);
  const { least, most } = row;
  return {
    cells: [
      { ...once(name, isRepeated), note: row.title },
      words(row.figure),
      words(least.text),
      most === undefined ? words("all") : whereCell(least),
      words(most?.text ?? ""),
      most === undefined ? words("") : whereCell(most),
      ...row.values.map((value) => valueCell(value, most === undefined)),
    ],
  };
}

function whereCell({ variant }: FigureEnd): Cell {
  return { text: variant, look: "code" };
}

function valueCell(value: FigureValue, isSame: boolean): Cell {
  if (value.kind === "none") return words("");
  if (value.kind === "figure") return isSame ? { text: "·", tone: "quiet" } : words(value.text);
  const { symbol, word } = stateWords[value.state];
  const isBad = value.state !== "skipped" && value.state !== "unsupported";
  return { text: `${symbol} ${word}`, tone: isBad ? "bad" : "quiet" };
}
