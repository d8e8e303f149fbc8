/** What is drawn of sizes: each variant's figures and limits, and the change. */

import { type Chart, seriesKey } from "../chart/chart.ts";
import { placeOf, type SizePoint, sizeChart } from "../chart/panels.ts";
import type { ReportModel, VariantReport } from "../schema.ts";
import type { KeyEntry } from "../section/section.ts";
import { fileMetrics, sizeIn } from "../sizes.ts";

interface SizeChart extends Pick<Chart, "title" | "caption"> {
  /** In the order of the variants, limits last. */
  readonly points: readonly SizePoint[];
  readonly signed: boolean;
}

/** Raw, gzip and brotli sizes, and the change against the baseline; those that were measured. */
export function sizeCharts(model: ReportModel): readonly Chart[] {
  const charts = [
    ...fileMetrics.map((metric) => metricChart({ model, metric })),
    changeChart(model),
  ];
  return charts.filter(({ points }) => points.some(({ limit }) => !limit)).map(sizeChart);
}

export function sizeKey(model: ReportModel): readonly KeyEntry[] {
  const names = [...new Set(model.variants.map(seriesOf))].map((name) => `unwind ${name}`);
  const isLimited = model.budget.checks.some(({ kind }) => kind === "maximum");
  return [
    ...seriesKey(names),
    { text: "post-processed", mark: "dot" },
    { text: "post none", mark: "hollow" },
    ...(isLimited ? [{ text: "limit", mark: "tick" } as const] : []),
  ];
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
  return {
    ...placeOf(variant),
    series: seriesOf(variant),
    solid: variant.axes["post"] !== "none",
    limit: false,
    bytes,
  };
}

function seriesOf({ axes }: VariantReport): string {
  return axes["unwind"] ?? "unknown";
}
