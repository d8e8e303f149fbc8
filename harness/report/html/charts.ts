/** Charts: what is drawn of a model, as static SVG within figures. */
import { formatPlural } from "../format.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportModel, VariantReport } from "../schema.ts";
import { fileMetrics, sizeIn } from "../sizes.ts";
import { buildSpec, renderSvg, type SizePoint, sizeSpec } from "./chart-spec.ts";

interface SizeChart {
  readonly title: string;
  readonly caption: string;
  /** In the order of the variants, limits last. */
  readonly points: readonly SizePoint[];
  readonly signed: boolean;
}

/** Raw, gzip and brotli sizes, and the change against the baseline; those that were measured. */
export async function sizeCharts(model: ReportModel): Promise<readonly Markup[]> {
  const charts = [
    ...fileMetrics.map((metric) => metricChart({ model, metric })),
    changeChart(model),
  ];
  const drawn = charts.filter((chart) => chart.points.some((point) => !point.limit));
  return Promise.all(
    drawn.map(async ({ title, caption, points, signed }) => {
      const svg = await renderSvg(sizeSpec({ points, signed }));
      return figure({ title, caption, svg });
    }),
  );
}

/** The mean build time of each row of variants, stacked by step; undefined without builds. */
export async function buildChart(model: ReportModel): Promise<Markup | undefined> {
  const built = model.variants.filter((variant) => variant.build.steps.length > 0);
  if (built.length === 0) return undefined;
  const rows = Map.groupBy(built, (variant) => JSON.stringify([panelOf(variant), rowOf(variant)]));
  const steps = stepNames(model);
  const values = [...rows.values()].flatMap((group) =>
    steps.map((step, order) => ({
      panel: panelOf(group[0]),
      row: rowOf(group[0]),
      step,
      order,
      seconds:
        group
          .flatMap((variant) => variant.build.steps.filter(({ name }) => name === step))
          .reduce((sum, { durationMs }) => sum + durationMs, 0) /
        group.length /
        1000,
    })),
  );
  const svg = await renderSvg(buildSpec({ values, steps }));
  const title = "Mean seconds by step";
  const builds = formatPlural(built.length, "build");
  return figure({
    title,
    caption: `${title}, of ${builds}; the table below has the figures.`,
    svg,
  });
}

export function figure({
  title,
  caption,
  svg,
}: {
  readonly title: string | Markup;
  readonly caption: string;
  readonly svg: Markup;
}): Markup {
  return markup`<figure><figcaption>${title}</figcaption>
<div role="img" aria-label="${caption}">${svg}</div></figure>`;
}

/** The steps of all builds in the order in which they first come. */
export function stepNames(model: ReportModel): readonly string[] {
  return [...new Set(model.variants.flatMap(({ build }) => build.steps.map(({ name }) => name)))];
}

/** The unwind forms of a model, in the order of their colours. */
export function seriesNames(model: ReportModel): readonly string[] {
  return [...new Set(model.variants.map(seriesOf))];
}

function metricChart({
  model,
  metric,
}: {
  readonly model: ReportModel;
  readonly metric: string;
}): SizeChart {
  const points = model.variants.flatMap((variant) => {
    const size = sizeIn(variant, metric);
    return size === undefined ? [] : [pointOf({ variant, bytes: size.bytes })];
  });
  const limits = model.budget.checks.flatMap((check) => {
    const variant = model.variants.find((one) => one.variant === check.variant);
    if (check.kind !== "maximum" || check.metric !== metric || variant === undefined) return [];
    return [{ ...pointOf({ variant, bytes: check.limit }), limit: true }];
  });
  const title = metric === "raw" ? "Raw size, kB" : `${metric} size, kB`;
  return {
    title,
    caption: `${title} of each variant; the table below has the figures.`,
    points: [...points, ...limits],
    signed: false,
  };
}

function changeChart(model: ReportModel): SizeChart {
  const points = model.variants.flatMap((variant) => {
    const bytes = sizeIn(variant, "raw")?.changeBytes;
    return bytes === undefined ? [] : [pointOf({ variant, bytes })];
  });
  const title = "Change of raw size, kB";
  const caption = `${title} against the baseline; the table below has the figures.`;
  return {
    title,
    caption,
    points: points.some(({ bytes }) => bytes !== 0) ? points : [],
    signed: true,
  };
}

function pointOf({
  variant,
  bytes,
}: {
  readonly variant: VariantReport;
  readonly bytes: number;
}): SizePoint {
  const solid = variant.axes["post"] !== "none";
  return {
    panel: panelOf(variant),
    row: rowOf(variant),
    series: seriesOf(variant),
    solid,
    limit: false,
    bytes,
  };
}

function panelOf(variant: VariantReport | undefined): string {
  return variant?.axes["target"] ?? "file";
}

function rowOf(variant: VariantReport | undefined): string {
  return variant?.axes["optimize"] ?? variant?.variant ?? "";
}

function seriesOf(variant: VariantReport): string {
  return variant.axes["unwind"] ?? "unknown";
}
