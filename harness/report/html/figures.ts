/** The part of the page on what cases measured: one table per suite, folded, a column a variant. */
import { type FigureRow, type FigureTable, type FigureValue, figureTables } from "../figures.ts";
import { formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import { stateWords } from "../words.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";

export function figuresSection(model: ReportModel): Markup | undefined {
  const tables = figureTables(model);
  if (tables.length === 0) return undefined;
  return markup`<section id="figures"><h2>Figures of cases</h2>
<p>What cases measured where they passed: heap, stack, counts of what was tried, and time.
A figure that is the same on all variants is written once.</p>
${tables.map(suiteTable)}</section>`;
}

function suiteTable({ suite, engine, variants, casesCount, rows }: FigureTable): Markup {
  const list = table({
    label: `Figures of ${suite}`,
    columns: [
      ...[{ title: "Case" }, { title: "Figure" }, { title: "Range", figure: true }],
      ...variants.map((variant) => ({ title: markup`<code>${variant}</code>`, figure: true })),
    ],
    rows: rows.map((row, index) => figureRow(row, rows[index - 1])),
  });
  const cases = formatPlural(casesCount, "case");
  const counts = `${cases} on ${formatPlural(variants.length, "variant")}`;
  return markup`<details class="contents"><summary><strong>${suite}</strong> in ${engine}
<span class="quiet">${counts}</span></summary>${list}</details>`;
}

function figureRow(row: FigureRow, above: FigureRow | undefined): readonly Markup[] {
  const name = row.case.slice(row.case.indexOf("/") + 1);
  const { least, most } = row;
  const isAgain = above?.case === row.case;
  return [
    rowHead(
      isAgain
        ? markup`<span class="again">${name}</span>`
        : markup`<abbr title="${row.title}">${name}</abbr>`,
    ),
    cell(row.figure),
    figureCell(most === undefined ? least.text : `${least.text} – ${most.text}`),
    ...row.values.map((value) => valueCell(value, most === undefined)),
  ];
}

function valueCell(value: FigureValue, isSame: boolean): Markup {
  if (value.kind === "none") return figureCell("");
  if (value.kind === "figure") return figureCell(isSame ? "·" : value.text, isSame ? "quiet" : "");
  const { symbol, word } = stateWords[value.state];
  const bad = value.state !== "skipped" && value.state !== "unsupported";
  return figureCell(`${symbol} ${word}`, bad ? "bad" : "quiet");
}
