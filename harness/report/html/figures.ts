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
<p>What cases measured where they passed: heap, stack, counts of what was tried, and time.</p>
${tables.map(suiteTable)}</section>`;
}

function suiteTable({ suite, engine, variants, rows }: FigureTable): Markup {
  const list = table({
    label: `Figures of ${suite}`,
    columns: [
      ...[{ title: "Case" }, { title: "Figures" }],
      ...variants.map((variant) => ({ title: markup`<code>${variant}</code>`, figure: true })),
    ],
    rows: rows.map(figureRow),
  });
  const cases = formatPlural(rows.length, "case");
  const counts = `${cases} on ${formatPlural(variants.length, "variant")}`;
  return markup`<details class="contents"><summary><strong>${suite}</strong> in ${engine}
<span class="quiet">${counts}</span></summary>${list}</details>`;
}

function figureRow({ case: id, title, figures, shared, values }: FigureRow): readonly Markup[] {
  const name = id.slice(id.indexOf("/") + 1);
  const same = shared === "" ? undefined : markup`<br><span class="quiet">${shared}</span>`;
  return [
    rowHead(markup`<abbr title="${title}">${name}</abbr>`),
    cell(markup`${figures}${same}`),
    ...values.map(valueCell),
  ];
}

function valueCell(value: FigureValue): Markup {
  if (value.kind === "none") return figureCell("");
  if (value.kind === "figures") return figureCell(value.text);
  const { symbol, word } = stateWords[value.state];
  const bad = value.state !== "skipped" && value.state !== "unsupported";
  return figureCell(`${symbol} ${word}`, bad ? "bad" : "quiet");
}
