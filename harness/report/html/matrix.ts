/** The part of the page on cells: variants as rows, suites as columns; and what gave no verdict. */
import { formatCount, formatDuration, formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { Cell, CellState, ReportModel, Skip, VariantReport } from "../schema.ts";
import { cellDetail, cellText } from "../words.ts";
import { axisAttributes, filterForm } from "./filters.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";
import { variantGroups, variantName } from "./variants.ts";

const tones: Readonly<Record<CellState, string>> = {
  crash: "bad",
  timeout: "bad",
  fail: "bad",
  missing: "notice",
  "not-run": "notice",
  unsupported: "quiet",
  skipped: "quiet",
  pass: "good",
};

/** With more columns, the tables of the targets stand one below the other. */
const columnsBesides = 4;

interface SuiteColumn {
  readonly engine: string;
  readonly suite: string;
}

export function matrixSection(model: ReportModel): Markup | undefined {
  if (model.cells.length === 0) return undefined;
  const engines = [...new Set(model.cells.map((one) => one.engine))];
  const columns = engines.flatMap((engine) =>
    [...new Set(model.cells.filter((one) => one.engine === engine).map((one) => one.suite))].map(
      (suite) => ({ engine, suite }),
    ),
  );
  const cells = new Map(model.cells.map((one) => [cellKey(one), one]));
  const whole = model.cells.filter((one) => one.state === "pass").length;
  const tables = variantGroups(model.variants).map(({ group, variants }) =>
    matrixTable({ group, variants, columns, engines, cells }),
  );
  const layout = columns.length > columnsBesides ? "stack" : "pair";
  return markup`<section id="cells" class="matrix"><h2>Cells</h2>
<p>${formatCount(whole)} of ${formatPlural(model.cells.length, "cell")} passed whole.
A cell is one suite on one variant in one engine, and shows its worst state.</p>
${filterForm(model)}
<div class="${layout}">${tables}</div></section>`;
}

function matrixTable({
  group,
  variants,
  columns,
  engines,
  cells,
}: {
  readonly group: string;
  readonly variants: readonly VariantReport[];
  readonly columns: readonly SuiteColumn[];
  readonly engines: readonly string[];
  readonly cells: ReadonlyMap<string, Cell>;
}): Markup {
  const engineHeads = engines.map((engine) => {
    const width = columns.filter((column) => column.engine === engine).length;
    return markup`<th scope="colgroup" colspan="${width}">${engine}</th>`;
  });
  return table({
    label: `Cells of ${group}`,
    caption: group,
    columns: [
      { title: "Variant" },
      ...columns.map(({ suite }) => ({
        ...{ title: suite, attributes: markup` data-suite="${suite}"` },
      })),
    ],
    rowAttributes: variants.map(({ axes }) => axisAttributes(axes)),
    ...(engines.length < 2 ? {} : { over: markup`<tr><td></td>${engineHeads}</tr>` }),
    rows: variants.map(({ variant, build }) => [
      rowHead(variantName({ variant, group })),
      ...columns.map((column) => {
        const found = cells.get(cellKey({ variant, ...column }));
        const { suite } = column;
        return matrixCell({ cell: found, suite, unbuilt: build.state === "failed" });
      }),
    ]),
  });
}

function matrixCell({
  cell: found,
  suite,
  unbuilt,
}: {
  readonly cell: Cell | undefined;
  readonly suite: string;
  readonly unbuilt: boolean;
}): Markup {
  const place = (state: string) => markup`data-suite="${suite}" data-state="${state}"`;
  if (unbuilt) return markup`<td class="cell bad" ${place("missing")}>✗ not built</td>`;
  if (found === undefined) {
    return markup`<td class="cell none" ${place("")} title="not asked for">·</td>`;
  }
  const { state, counts, durationMs, reusedCount } = found;
  const reused = reusedCount === 0 ? "" : `, ${formatCount(reusedCount)} from the cache`;
  const partial = tones[state] === "quiet" && counts.pass > 0;
  const tone = partial ? "part" : tones[state];
  const title = `${cellDetail(found)}; ${formatDuration(durationMs)}${reused}`;
  return markup`<td class="cell ${tone}" ${place(state)} title="${title}">${cellText(found)}</td>`;
}

export function skipsSection({ skips, excluded, budget }: ReportModel): Markup | undefined {
  if (skips.length + excluded.length + budget.unmatched.length === 0) return undefined;
  const none = cell(undefined);
  const list = table({
    label: "Not judged",
    columns: [
      ...[{ title: "What" }, { title: "Because" }, { title: "Engine" }],
      ...[{ title: "Outcomes", figure: true }, { title: "Where" }],
    ],
    rows: [
      ...skips.map((skip) => [
        ...[rowHead(skip.state), cell(skip.reason), cell(skip.engine)],
        ...[figureCell(formatCount(skip.outcomesCount)), cell(skipPlaces(skip))],
      ]),
      ...excluded.map(({ variant, reason }) => [
        ...[rowHead("excluded"), cell(reason), none, none, cell(markup`<code>${variant}</code>`)],
      ]),
      ...budget.unmatched.map((limit) => [
        ...[rowHead("limit"), cell("No figure of this run falls under it."), none, none],
        cell(limit),
      ]),
    ],
  });
  return markup`<section id="skipped"><h2>Not judged</h2>${list}</section>`;
}

function skipPlaces({ cases, variants }: Skip): Markup {
  const places = formatPlural(variants.length, "variant");
  return markup`<details><summary>${formatPlural(cases.length, "case")} on ${places}</summary>
<p>${cases.join(", ")}</p><p>${variants.join(", ")}</p></details>`;
}

function cellKey({ variant, engine, suite }: SuiteColumn & { readonly variant: string }): string {
  return JSON.stringify([variant, engine, suite]);
}
