/** The part of the page on exact cost: totals by variant, what rose or fell, every figure. */
import {
  formatChange,
  formatChangePercent,
  formatCount,
  formatPlural,
  formatRatio,
} from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import type { CostReport, CostTotal } from "../schema-figures.ts";
import { figure } from "./charts.ts";
import { rowChart } from "./row-chart.ts";
import { cell, figureCell, longTable, rowHead, table } from "./table.ts";

const changesShown = 200;
const changesOpen = 12;
const profilesShown = 12;

export async function costsSection(model: ReportModel): Promise<Markup | undefined> {
  const { costs, costTotals } = model;
  if (costs.length === 0) return undefined;
  const compared = costs.filter((cost) => cost.changeInstructions !== undefined);
  const changed = compared.filter(({ changeInstructions }) => changeInstructions !== 0);
  return markup`<section id="costs"><h2>Exact cost</h2>
<p>Executed WebAssembly instructions, counted and not timed: the same on every machine and engine.
${changeWords({ compared: compared.length, changed: changed.length })}</p>
${await changeChart(costTotals)}
${changesTable(changed)}
<details class="contents"><summary>All variants <span class="quiet">geometric means</span></summary>
${totalsTable(costTotals)}</details>
<details class="contents"><summary>Every workload on every variant
<span class="quiet">thousands of instructions</span></summary>${everyTable(costs)}</details>
${profiles(costs)}
${meteringTable(model)}</section>`;
}

function changeWords({
  compared,
  changed,
}: {
  readonly compared: number;
  readonly changed: number;
}): string {
  if (compared === 0) return "There is no baseline of exact costs to compare with.";
  if (changed === 0) return `All ${formatCount(compared)} are the baseline's.`;
  return `${formatCount(changed)} of ${formatCount(compared)} are not the baseline's.`;
}

async function changeChart(totals: readonly CostTotal[]): Promise<Markup | undefined> {
  const points = totals.flatMap(({ variant, changePercent = 0 }) =>
    changePercent === 0
      ? []
      : [{ row: variant, value: changePercent, tone: changePercent > 0 ? "bad" : "good" } as const],
  );
  if (points.length === 0) return undefined;
  const title = "Change of instructions, %";
  const svg = await rowChart({ points, line: 0, title: "by variant", bars: true });
  const caption = `${title}, by variant; the tables below have the figures.`;
  return markup`<div class="charts">${figure({ title, caption, svg })}</div>`;
}

function changesTable(changed: readonly CostReport[]): Markup | undefined {
  if (changed.length === 0) return undefined;
  const sorted = changed.toSorted(
    (a, b) => Math.abs(b.changePercent ?? 0) - Math.abs(a.changePercent ?? 0),
  );
  const rows = sorted.slice(0, changesShown).map((cost) => {
    const { changeInstructions = 0, changePercent = 0, baselineInstructions = 0 } = cost;
    const tone = changeInstructions > 0 ? "grew" : "shrank";
    return [
      ...[rowHead(markup`<code>${cost.variant}</code>`), cell(cost.workload)],
      figureCell(formatCount(baselineInstructions)),
      figureCell(formatCount(cost.instructions)),
      figureCell(formatChange(changeInstructions), tone),
      figureCell(formatChangePercent(changePercent), tone),
    ];
  });
  return longTable(
    {
      label: "Changes of exact cost",
      caption: "What rose or fell",
      columns: [
        ...[{ title: "Variant" }, { title: "Workload" }],
        ...["Before", "Now", "±", "%"].map((title) => ({ title, figure: true })),
      ],
      rows,
    },
    { shown: changesOpen, rest: formatPlural(rows.length - changesOpen, "more change") },
  );
}

function totalsTable(totals: readonly CostTotal[]): Markup {
  return table({
    label: "Exact cost of all variants",
    columns: [
      { title: "Variant" },
      ...["Workloads", "Instructions", "±"].map((title) => ({ title, figure: true })),
    ],
    rows: totals.map(({ variant, workloadsCount, geometricMean, changePercent }) => [
      ...[rowHead(markup`<code>${variant}</code>`), figureCell(formatCount(workloadsCount))],
      figureCell(formatCount(geometricMean)),
      figureCell(changePercent === undefined ? "new" : formatChangePercent(changePercent), "quiet"),
    ]),
  });
}

function everyTable(costs: readonly CostReport[]): Markup {
  const workloads = [...new Set(costs.map(({ workload }) => workload))];
  const byVariant = Map.groupBy(costs, ({ variant }) => variant);
  return table({
    label: "Every exact cost",
    columns: [
      { title: "Variant" },
      ...workloads.map((workload) => ({ title: workload, figure: true })),
    ],
    rows: [...byVariant].map(([variant, ofVariant]) => [
      rowHead(markup`<code>${variant}</code>`),
      ...workloads.map((workload) => {
        const cost = ofVariant.findLast((one) => one.workload === workload);
        if (cost === undefined) return figureCell("");
        const thousands = formatCount(cost.instructions / 1000);
        return figureCell(markup`<span title="${figureTitle(cost)}">${thousands}</span>`);
      }),
    ]),
  });
}

function figureTitle(cost: CostReport): string {
  return [
    `${formatCount(cost.instructions)} instructions at ${cost.scale} size`,
    `${formatCount(cost.bulkBytes)} bytes moved in bulk`,
    `${formatCount(cost.hostCalls)} host calls`,
    `${formatCount(cost.bytesToHost)} bytes to the host`,
    `${formatCount(cost.bytesFromHost)} bytes from it`,
    `heap peak ${formatCount(cost.heapPeakBytes)} bytes`,
  ].join("; ");
}

/** Where a run in profile mode said which function executes how much. */
function profiles(costs: readonly CostReport[]): Markup | undefined {
  const known = costs.flatMap((cost) =>
    cost.functions === undefined ? [] : [{ ...cost, functions: cost.functions }],
  );
  if (known.length === 0) return undefined;
  const list = table({
    label: "Instructions by function",
    columns: [
      ...[{ title: "Workload" }, { title: "Function" }],
      ...["Instructions", "Share"].map((title) => ({ title, figure: true })),
    ],
    rows: known.flatMap(({ variant, workload, instructions, functions }) =>
      functions
        .slice(0, profilesShown)
        .map(([name, count], index) => [
          rowHead(
            index === 0
              ? markup`<abbr title="${variant}">${workload}</abbr>`
              : markup`<span class="again">${workload}</span>`,
          ),
          cell(markup`<code class="long" title="${name}">${name}</code>`),
          ...[figureCell(formatCount(count))],
          figureCell(`${((100 * count) / Math.max(1, instructions)).toFixed(1)} %`),
        ]),
    ),
  });
  return markup`<details class="contents"><summary>Who executes them
<span class="quiet">by function</span></summary>${list}</details>`;
}

function meteringTable({ meterings }: ReportModel): Markup | undefined {
  if (meterings.length === 0) return undefined;
  const list = table({
    label: "What counting costs",
    columns: [
      { title: "Variant" },
      ...["Bytes", "Metered", "Size", "Time"].map((title) => ({ title, figure: true })),
    ],
    rows: meterings.map(({ variant, bytes, meteredBytes, timeRatio }) => [
      ...[rowHead(markup`<code>${variant}</code>`), figureCell(formatCount(bytes))],
      ...[figureCell(formatCount(meteredBytes)), figureCell(formatRatio(meteredBytes / bytes))],
      figureCell(timeRatio === undefined ? "" : formatRatio(timeRatio)),
    ]),
  });
  return markup`<details class="contents"><summary>What counting itself costs
<span class="quiet">the metered module beside the shipped one</span></summary>${list}</details>`;
}
