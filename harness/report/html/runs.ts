/** The parts of the page on other runs: one laid beside this one, and the history of all saved. */
import { formatChangePercent, formatCount, formatPlural, formatTime } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import type { History, RunComparison } from "../schema-figures.ts";
import { seriesColor } from "./chart-spec.ts";
import { figure } from "./charts.ts";
import { historyChart } from "./plane-charts.ts";
import { cell, figureCell, longTable, rowHead, table } from "./table.ts";

/** report.json has them all. */
const casesShown = 400;
const casesOpen = 12;

export function comparisonSection({ comparison, run }: ReportModel): Markup | undefined {
  if (comparison === undefined) return undefined;
  const { before } = comparison;
  const runs = table({
    label: "The two runs",
    columns: [{ title: "Run" }, { title: "Started" }, { title: "Revision" }, { title: "Command" }],
    rows: (
      [
        ["before", before],
        ["now", run],
      ] as const
    ).map(([name, one]) => [
      ...[rowHead(name), cell(formatTime(one.startedAt))],
      ...[cell(one.revision ?? "–"), cell(markup`<code>${one.command}</code>`)],
    ]),
  });
  const machine = before.sameMachine
    ? "Both are of one machine."
    : "They are of different machines, so that times don't compare.";
  return markup`<section id="comparison"><h2>Beside the earlier run</h2>
<p>Sizes, exact costs and ledgers below stand beside those of the earlier run. ${machine}</p>
${runs}<p>${turnWords(comparison)}</p>${changedTable(comparison)}</section>`;
}

function turnWords(comparison: RunComparison): string {
  const { brokeCount, mendedCount, sameCount, onlyBeforeCount, onlyNowCount } = comparison;
  return (
    `Of the outcomes that both have, ${formatCount(brokeCount)} broke, ` +
    `${formatCount(mendedCount)} were mended and ${formatCount(sameCount)} are the same. ` +
    `${formatCount(onlyBeforeCount)} are of the earlier run only, ` +
    `${formatCount(onlyNowCount)} of this one.`
  );
}

function changedTable({ changed }: RunComparison): Markup | undefined {
  if (changed.length === 0) return undefined;
  const tones = { broke: "bad", mended: "shrank", other: "quiet" } as const;
  const rows = changed
    .slice(0, casesShown)
    .map(({ variant, engine, case: id, before, now, turn }) => [
      rowHead(markup`<code>${id}</code>`),
      ...[cell(markup`<code>${variant}</code>`), cell(engine), cell(before), cell(now)],
      markup`<td class="${tones[turn]}">${turn}</td>`,
    ]);
  return longTable(
    {
      label: "Outcomes with another state",
      columns: [
        ...[{ title: "Case" }, { title: "Variant" }, { title: "Engine" }],
        ...[{ title: "Before" }, { title: "Now" }, { title: "Turn" }],
      ],
      rows,
    },
    { shown: casesOpen, rest: formatPlural(rows.length - casesOpen, "more outcome") },
  );
}

export async function historySection({ history }: ReportModel): Promise<Markup | undefined> {
  if (history.length === 0) return undefined;
  const parts = await Promise.all(
    [...Map.groupBy(history, ({ metric }) => metric)].map(([metric, lines]) =>
      historyPart(metric, lines),
    ),
  );
  return markup`<section id="history"><h2>History</h2>
<p>The same figures over the saved runs, the oldest first, as changes since each one's first.</p>
<div class="pair">${parts}</div></section>`;
}

async function historyPart(metric: string, lines: readonly History[]): Promise<Markup> {
  const caption = `Change of ${metric} over the saved runs; the table below has the figures.`;
  const svg = await historyChart(lines);
  const key = lines.map(
    ({ variant }, index) =>
      markup`<li><span class="dot" style="--color: ${seriesColor(index)}"></span>${variant}</li>`,
  );
  const starts = [
    ...new Set(lines.flatMap(({ points }) => points.map(({ startedAt }) => startedAt))),
  ].toSorted();
  const list = table({
    label: `History of ${metric}`,
    columns: [
      ...[{ title: "Run" }, { title: "Revision" }],
      ...lines.map(({ variant }) => ({ title: variant, figure: true })),
    ],
    rows: starts.map((startedAt, index) => [
      rowHead(`${index + 1}: ${formatTime(startedAt)}`),
      cell(lines.flatMap((line) => pointAt(line, startedAt)?.revision ?? [])[0] ?? ""),
      ...lines.map((line) => figureCell(valueAt(line, startedAt))),
    ]),
  });
  return markup`<div>${figure({ title: metric, caption, svg })}<ul class="key">${key}</ul>
<details class="contents"><summary>Figures</summary>${list}</details></div>`;
}

function pointAt({ points }: History, startedAt: string): History["points"][number] | undefined {
  return points.find((point) => point.startedAt === startedAt);
}

function valueAt(line: History, startedAt: string): string {
  const point = pointAt(line, startedAt);
  const first = line.points[0]?.value ?? 0;
  if (point === undefined) return "";
  const change = first === 0 ? 0 : 100 * (point.value / first - 1);
  return change === 0
    ? formatCount(point.value)
    : `${formatCount(point.value)} (${formatChangePercent(change)})`;
}
