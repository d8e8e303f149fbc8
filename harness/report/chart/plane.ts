/** Charts of two amounts: size against speed, and figures over saved runs. */
import type { TopLevelSpec } from "vega-lite";
import type { Front, History } from "../schema-figures.ts";
import { type Chart, chartConfig, seriesColor } from "./chart.ts";

const planeWidth = 300;
const planeHeight = 210;

/** Numbers on the front stand for the variants of the key below, in its order. */
export function frontChart({
  front: { points },
  series,
  ...said
}: Pick<Chart, "title" | "caption"> & {
  readonly front: Front;
  /** The axis whose values are the colours. */
  readonly series: string;
}): Chart {
  const names = [...new Set(points.map(({ axes }) => axes[series] ?? "other"))];
  const values = points.map(({ bytes, relative, onFront, axes, variant }) => ({
    kilobytes: bytes / 1000,
    relative,
    onFront,
    series: axes[series] ?? "other",
    label: onFront ? String(frontOrder(points).indexOf(variant) + 1) : "",
  }));
  const x = {
    field: "kilobytes",
    type: "quantitative" as const,
    title: "raw size, kB",
    scale: { zero: false, nice: true },
    axis: { tickCount: 5, format: "~f" },
  };
  const y = {
    field: "relative",
    type: "quantitative" as const,
    title: "× the fastest",
    scale: { zero: false, nice: true },
    axis: { tickCount: 5, format: ",~f" },
  };
  const color = {
    field: "series",
    type: "nominal" as const,
    legend: null,
    scale: { domain: names, range: names.map((_, index) => seriesColor(index)) },
  };
  const spec: TopLevelSpec = {
    data: { values },
    width: planeWidth,
    height: planeHeight,
    config: planeConfig,
    layer: [
      {
        transform: [{ filter: "datum.onFront" }],
        mark: { type: "line", interpolate: "step-after", color: "var(--ink-soft)", strokeWidth: 1 },
        encoding: { x, y, order: { field: "kilobytes", type: "quantitative" } },
      },
      {
        mark: { type: "point", size: 34, opacity: 1, strokeWidth: 1.5 },
        encoding: {
          x,
          y,
          stroke: color,
          fill: color,
          fillOpacity: { condition: { test: "datum.onFront", value: 0.9 }, value: 0 },
        },
      },
      {
        transform: [{ filter: "datum.onFront" }],
        mark: { type: "text", dy: -10, fontSize: 11, color: "var(--ink)" },
        encoding: { x, y, text: { field: "label" } },
      },
    ],
  };
  return { ...said, drawing: { language: "vega-lite", spec } };
}

/** The variants of the front, smallest first. */
export function frontOrder(points: Front["points"]): readonly string[] {
  return points
    .filter(({ onFront }) => onFront)
    .toSorted((a, b) => a.bytes - b.bytes)
    .map(({ variant }) => variant);
}

/** Each line as the change since its first run, for figures of different sizes. */
export function historyChart({
  lines,
  ...said
}: Pick<Chart, "title" | "caption"> & { readonly lines: readonly History[] }): Chart {
  const starts = [...new Set(lines.flatMap(({ points }) => points.map((one) => one.startedAt)))];
  const order = starts.toSorted();
  const values = lines.flatMap(({ variant, points }) =>
    points.map(({ startedAt, value }) => ({
      variant,
      run: order.indexOf(startedAt) + 1,
      percent: 100 * (value / (points[0]?.value ?? value) - 1),
    })),
  );
  const names = lines.map(({ variant }) => variant);
  const spec: TopLevelSpec = {
    data: { values },
    width: planeWidth,
    height: planeHeight,
    config: planeConfig,
    mark: { type: "line", point: { size: 30 }, strokeWidth: 1.5 },
    encoding: {
      x: {
        field: "run",
        type: "quantitative",
        title: "run",
        scale: { nice: false },
        axis: { tickMinStep: 1, format: "d", grid: false },
      },
      y: {
        field: "percent",
        type: "quantitative",
        title: "change, %",
        axis: { tickCount: 5, format: "+~f" },
      },
      color: {
        field: "variant",
        type: "nominal",
        legend: null,
        scale: { domain: names, range: names.map((_, index) => seriesColor(index)) },
      },
    },
  };
  return { ...said, drawing: { language: "vega-lite", spec } };
}

const planeConfig = {
  ...chartConfig,
  axis: {
    ...chartConfig.axis,
    titleColor: "var(--ink-soft)",
    titleFontSize: 11,
    titleFontWeight: "normal" as const,
  },
};
