/** The part of the page on axes: what each value costs, which go together, size against speed. */
import { formatCount, formatFactor, formatPlural, formatRatio } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel } from "../schema.ts";
import type { Effect, Front, Interaction } from "../schema-figures.ts";
import { seriesColor } from "./chart-spec.ts";
import { figure } from "./charts.ts";
import { frontChart, frontOrder } from "./plane-charts.ts";
import { type RowPoint, rowChart } from "./row-chart.ts";
import { cell, figureCell, rowHead, table } from "./table.ts";

/** A smaller effect is drawn as none. */
const evenPercent = 0.5;

export async function effectsSection(model: ReportModel): Promise<Markup | undefined> {
  const { effects, interactions } = model;
  if (effects.length === 0) return undefined;
  const charts = await Promise.all(
    [...Map.groupBy(effects, ({ metric }) => metric)].map(([metric, ofMetric]) =>
      effectChart(metric, ofMetric),
    ),
  );
  return markup`<section id="effects"><h2>What each axis costs</h2>
<p>Every value beside the one with the smallest figures, over all pairs of variants that differ in
nothing else: the mean of their ratios, and the least and the most of any pair.</p>
<div class="charts">${charts}</div>
<details class="contents"><summary>${formatPlural(effects.length, "effect")}
<span class="quiet">mean, least, most</span></summary>${effectsTable(effects)}</details>
${interactionsTable(interactions)}</section>`;
}

async function effectChart(metric: string, effects: readonly Effect[]): Promise<Markup> {
  const points = effects.map(({ axis, value, ratio, least, most }): RowPoint => {
    const percent = (factor: number) => 100 * (factor - 1);
    const isEven = Math.abs(percent(ratio)) < evenPercent;
    return {
      row: `${axis} ${value}`,
      ...{ value: percent(ratio), low: percent(least), high: percent(most) },
      tone: isEven ? "even" : ratio > 1 ? "bad" : "good",
    };
  });
  const title = `${metric}, %`;
  const caption = `Effect of each axis value on ${metric}; the table below has the figures.`;
  const svg = await rowChart({ points, line: 0, title: "mean, least to most" });
  return figure({ title, caption, svg });
}

function effectsTable(effects: readonly Effect[]): Markup {
  return table({
    label: "Effects of axis values",
    columns: [
      ...[{ title: "Figure" }, { title: "Axis" }, { title: "Value" }, { title: "Beside" }],
      ...["Mean", "95 %", "Least", "Most", "Pairs"].map((title) => ({ title, figure: true })),
    ],
    rows: effects.map((effect, index) => [
      rowHead(
        effects[index - 1]?.metric === effect.metric
          ? markup`<span class="again">${effect.metric}</span>`
          : effect.metric,
      ),
      ...[cell(effect.axis), cell(effect.value), cell(effect.against)],
      figureCell(markup`<strong>${formatFactor(effect.ratio)}</strong>`),
      figureCell(intervalOf(effect)),
      ...[figureCell(formatFactor(effect.least)), figureCell(formatFactor(effect.most))],
      figureCell(formatCount(effect.pairsCount)),
    ]),
  });
}

/** Counted figures have none: they are what they are. */
function intervalOf({ low, high }: Effect): string {
  if (low === undefined || high === undefined) return "";
  return `${formatFactor(low)} to ${formatFactor(high)}`;
}

function interactionsTable(interactions: readonly Interaction[]): Markup | undefined {
  if (interactions.length === 0) return undefined;
  const list = table({
    label: "Interactions of axis values",
    columns: [
      ...[{ title: "Figure" }, { title: "Together" }],
      ...["Beyond both", "Least", "Most"].map((title) => ({ title, figure: true })),
    ],
    rows: interactions.map(({ metric, axes, ratio, least, most }) => [
      rowHead(metric),
      cell(axes.map(({ axis, value }) => `${axis} ${value}`).join(" with ")),
      figureCell(markup`<strong>${formatFactor(ratio)}</strong>`),
      ...[figureCell(formatFactor(least)), figureCell(formatFactor(most))],
    ]),
  });
  return markup`<h3>Where two values together are not what each one is</h3>
<p>What the figure changes beyond both effects, each beside the same value as above: the
largest.</p>
${list}`;
}

export async function frontsSection({ fronts }: ReportModel): Promise<Markup | undefined> {
  if (fronts.length === 0) return undefined;
  const shown = await Promise.all(fronts.map(frontPart));
  return markup`<section id="fronts"><h2>Size against speed</h2>
<p>Left is smaller, low is faster. A filled mark is on the front: no other variant is both smaller
and faster.</p>
<div class="pair">${shown}</div></section>`;
}

const frontAxis = "optimize";

async function frontPart(front: Front): Promise<Markup> {
  const { points, speed, workloadsCount } = front;
  const workloads = formatPlural(workloadsCount, "workload");
  const how = speed === "time" ? "time" : "exact cost";
  const title = `Size and ${how} over ${workloads}`;
  const variants = formatPlural(points.length, "variant");
  const caption = `${title}, of ${variants}; the table has the figures.`;
  const svg = await frontChart({ front, series: frontAxis });
  const names = [...new Set(points.map(({ axes }) => axes[frontAxis] ?? "other"))];
  const key = names.map(
    (name, index) =>
      markup`<li><span class="dot" style="--color: ${seriesColor(index)}"></span>${name}</li>`,
  );
  const order = frontOrder(points);
  const sorted = points.toSorted((a, b) => a.bytes - b.bytes);
  const rows = (onFront: boolean) =>
    sorted
      .filter((point) => point.onFront === onFront)
      .map(({ variant, bytes, relative }) => [
        rowHead(markup`<code>${variant}</code>`),
        figureCell(onFront ? String(order.indexOf(variant) + 1) : ""),
        ...[figureCell(formatCount(bytes)), figureCell(formatRatio(relative))],
      ]);
  const columns = [
    { title: "Variant" },
    ...["Mark", "Bytes", "× the fastest"].map((each) => ({ title: each, figure: true })),
  ];
  const onFront = table({ label: `Front of ${title}`, columns, rows: rows(true) });
  const others = table({ label: `Others of ${title}`, columns, rows: rows(false) });
  return markup`<div>${figure({ title, caption, svg })}<ul class="key">${key}</ul>${onFront}
<details class="contents"><summary>The others</summary>${others}</details></div>`;
}
