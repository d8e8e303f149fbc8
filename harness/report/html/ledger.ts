/** The part of the page on whose bytes a wasm is: treemap, difference, groups and largest items. */
import { formatChange, formatCount, formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import type { LedgerReport } from "../schema-figures.ts";
import { seriesColor } from "./chart-spec.ts";
import { figure } from "./charts.ts";
import { rowChart } from "./row-chart.ts";
import { cell, figureCell, longTable, rowHead, table } from "./table.ts";
import { familiesOf, treemapChart } from "./treemap.ts";

/** A treemap each: of the variants that are timed, for people ship those; else the smallest. */
const mapsShown = 2;
const groupsDrawn = 14;
const changesShown = 10;
const groupsShown = 18;
const itemsBrief = 12;

export async function ledgerSection(model: ReportModel): Promise<Markup | undefined> {
  const { ledgers } = model;
  if (ledgers.length === 0) return undefined;
  const drawn = drawnLedgers(model);
  const parts = await Promise.all(drawn.map(ledgerPart));
  const lost = ledgers.filter(({ unaccountedBytes }) => unaccountedBytes > 0).length;
  const others = ledgers.filter((ledger) => !drawn.includes(ledger));
  const folded = others.map(
    (ledger) => markup`<details class="contents"><summary><code>${ledger.variant}</code>
<span class="quiet">${ledgerWords(ledger)}</span></summary>${ledgerTables(ledger)}</details>
`,
  );
  return markup`<section id="ledger"><h2>Whose bytes</h2>
<p>Every byte of each wasm, by where it comes from.
${lost === 0 ? "None is unaccounted for." : `${formatPlural(lost, "ledger")} miss bytes.`}
An item's retained size is what would go if it went.</p>
${parts}${othersFold(folded)}</section>`;
}

function othersFold(ledgers: readonly Markup[]): Markup | undefined {
  if (ledgers.length === 0) return undefined;
  const title = formatPlural(ledgers.length, "other variant");
  return markup`<details class="contents"><summary>${title}</summary>
${ledgers}</details>`;
}

function drawnLedgers({ ledgers, workloads }: ReportModel): readonly LedgerReport[] {
  const timed = new Set(workloads.flatMap((one) => one.subjects.map(({ subject }) => subject)));
  const ofTimed = ledgers.filter(({ variant }) => timed.has(variant)).slice(0, mapsShown);
  if (ofTimed.length > 0) return ofTimed;
  return ledgers.toSorted((a, b) => a.totalBytes - b.totalBytes).slice(0, 1);
}

function ledgerWords({ totalBytes, baselineBytes, changesCount }: LedgerReport): string {
  const total = `${formatCount(totalBytes)} bytes`;
  if (baselineBytes === undefined) return total;
  if (changesCount === 0) return `${total}, as in the baseline`;
  const items = formatPlural(changesCount, "item");
  return `${total}, ${formatChange(totalBytes - baselineBytes)} in ${items}`;
}

async function ledgerPart(ledger: LedgerReport): Promise<Markup> {
  const { variant } = ledger;
  const caption = `Groups of ${variant} as areas; the table beside has the figures.`;
  const svg = await treemapChart(ledger);
  const key = familiesOf(ledger).map(
    (name, index) =>
      markup`<li><span class="dot" style="--color: ${seriesColor(index)}"></span>${name}</li>`,
  );
  const map = markup`<div>${figure({ title: "By group", caption, svg })}
<ul class="key">${key}</ul></div>`;
  return markup`<h3><code>${variant}</code>: ${ledgerWords(ledger)}</h3>
<div class="pair"><div class="stack">${map}${await differenceChart(ledger)}</div>
<div>${groupsTable(ledger)}</div></div>
${changesTable(ledger)}
<details class="contents"><summary>The largest items</summary>${itemsTable(ledger)}</details>`;
}

async function differenceChart({ variant, groups }: LedgerReport): Promise<Markup | undefined> {
  const points = groups
    .flatMap(({ group, changeBytes = 0 }) =>
      changeBytes === 0
        ? []
        : [{ row: group, value: changeBytes, tone: changeBytes > 0 ? "bad" : "good" } as const],
    )
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, groupsDrawn);
  if (points.length === 0) return undefined;
  const title = "Change against the baseline, bytes";
  const svg = await rowChart({ points, line: 0, title: "by group", bars: true });
  return figure({ title, caption: `${title}, by group of ${variant}.`, svg });
}

/** What is largest, and what changed: 48 variants with all of it would be megabytes. */
function ledgerTables(ledger: LedgerReport): Markup {
  const groups = ledger.groups.slice(0, groupsShown);
  const items = ledger.items.slice(0, itemsBrief);
  return markup`${groupsTable({ ...ledger, groups })}${changesTable(ledger)}
${itemsTable({ ...ledger, items })}`;
}

function groupsTable({ variant, groups, baselineBytes, totalBytes }: LedgerReport): Markup {
  const compared = baselineBytes !== undefined;
  const columns = [
    { title: "Group" },
    ...["Bytes", "Share", ...(compared ? ["±"] : [])].map((title) => ({ title, figure: true })),
  ];
  const rows = groups.map(({ group, bytes, changeBytes }) => [
    ...[rowHead(markup`<code>${group}</code>`), figureCell(formatCount(bytes))],
    figureCell(`${((100 * bytes) / Math.max(1, totalBytes)).toFixed(1)} %`),
    ...(compared ? [changeCell(changeBytes)] : []),
  ]);
  return longTable(
    { label: `Groups of ${variant}`, columns, rows },
    { shown: groupsShown, rest: formatPlural(groups.length - groupsShown, "smaller group") },
  );
}

function changesTable({ variant, changes, changesCount }: LedgerReport): Markup | undefined {
  if (changes.length === 0) return undefined;
  const rest = changesCount - changes.length;
  const left = rest > 0 ? `; ${formatCount(rest)} smaller ones are in the records` : "";
  return longTable(
    {
      label: `Changes of ${variant}`,
      caption: `Not as large as in the baseline${left}`,
      columns: [
        ...[{ title: "Item" }, { title: "Kind" }, { title: "Group" }, { title: "What" }],
        ...["Before", "Now", "±"].map((title) => ({ title, figure: true })),
      ],
      rows: changes.map(({ kind, name, group, state, bytes, baselineBytes, changeBytes }) => [
        rowHead(markup`<code class="long" title="${name}">${name}</code>`),
        ...[cell(kind), cell(group), cell(state)],
        ...[figureCell(formatCount(baselineBytes)), figureCell(formatCount(bytes))],
        changeCell(changeBytes),
      ]),
    },
    { shown: changesShown, rest: `${formatPlural(changes.length - changesShown, "more change")}` },
  );
}

function itemsTable({ variant, items }: LedgerReport): Markup {
  return table({
    label: `Largest items of ${variant}`,
    columns: [
      ...[{ title: "Item" }, { title: "Kind" }, { title: "Group" }],
      ...["Bytes", "Retained"].map((title) => ({ title, figure: true })),
    ],
    rows: items.map(({ kind, name, group, bytes, retainedBytes }) => [
      rowHead(markup`<code class="long" title="${name}">${name}</code>`),
      ...[cell(kind), cell(group)],
      ...[figureCell(formatCount(bytes)), figureCell(formatCount(retainedBytes))],
    ]),
  });
}

function changeCell(changeBytes: number | undefined): Markup {
  if (changeBytes === undefined || changeBytes === 0) return figureCell("0", "quiet");
  return figureCell(formatChange(changeBytes), changeBytes > 0 ? "grew" : "shrank");
}
