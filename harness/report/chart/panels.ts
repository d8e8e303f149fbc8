/** Charts in panels, one per target, a row per optimization: sizes as marks, builds as bars. */
import type { TopLevelSpec } from "vega-lite";
import { type Chart, chartConfig, plotWidth, seriesColor } from "./chart.ts";

const sizeRowHeight = 30;
const buildRowHeight = 22;
const axisLabelWidth = 84;
/** Vega overestimates text where it has no canvas to measure on; what is longer is cut. */
const axisLabelLimit = 130;

/** One mark of a size chart: a variant's figure, or a limit of its row. */
export interface SizePoint {
  readonly panel: string;
  readonly row: string;
  readonly series: string;
  readonly solid: boolean;
  readonly limit: boolean;
  readonly bytes: number;
}

/** The panel and the row of a variant; a wasm of unknown origin has a row of its own. */
export function placeOf({
  variant,
  axes,
}: {
  readonly variant: string;
  readonly axes: Readonly<Record<string, string>>;
}): Pick<SizePoint, "panel" | "row"> {
  return { panel: axes["target"] ?? "file", row: axes["optimize"] ?? variant };
}

/** One panel per target, one row per optimization, one mark per variant. `signed`: changes. */
export function sizeChart({
  points,
  signed,
  ...said
}: Pick<Chart, "title" | "caption"> & {
  readonly points: readonly SizePoint[];
  readonly signed: boolean;
}): Chart {
  const series = [...new Set(points.map((point) => point.series))];
  const kilobytes = points.map((point) => point.bytes / 1000);
  const x = amountAxis({
    field: "kilobytes",
    domain: [Math.min(0, ...kilobytes), Math.max(0, ...kilobytes)],
    signed,
  });
  const color = colorOf({ field: "series", names: series });
  const panels = [...Map.groupBy(points, (point) => point.panel)].map(([panel, inPanel]) => ({
    ...frameOf({ panel, values: sizeValues(inPanel), rowHeight: sizeRowHeight }),
    layer: [
      {
        transform: [{ filter: "datum.limit" }],
        mark: { type: "tick" as const, color: "var(--bad)", thickness: 2, size: 20 },
        encoding: { x, y: rowAxisOf(inPanel) },
      },
      {
        transform: [{ filter: "!datum.limit" }],
        mark: { type: "point" as const, size: 32, strokeWidth: 1.5, opacity: 1 },
        encoding: {
          x,
          y: rowAxisOf(inPanel),
          stroke: color,
          fill: color,
          yOffset: { field: "series", type: "nominal" as const, sort: series },
          fillOpacity: { condition: { test: "datum.solid", value: 0.85 }, value: 0 },
        },
      },
    ],
  }));
  const spec: TopLevelSpec = { vconcat: panels, spacing: 10, config: chartConfig };
  return { ...said, drawing: { language: "vega-lite", spec } };
}

/** Figures first, so that rows come in the order of the variants; each limit of a row once. */
function sizeValues(points: readonly SizePoint[]) {
  const limits = new Map(
    points
      .filter((point) => point.limit)
      .map((point) => [JSON.stringify([point.row, point.bytes]), point]),
  );
  return [...points.filter((point) => !point.limit), ...limits.values()].map((point) => ({
    ...point,
    kilobytes: point.bytes / 1000,
  }));
}

export interface StepTime {
  readonly panel: string;
  readonly row: string;
  readonly step: string;
  readonly order: number;
  readonly seconds: number;
}

/** One panel per target, one bar per optimization, stacked by step. */
export function buildChart({
  values,
  steps,
  ...said
}: Pick<Chart, "title" | "caption"> & {
  readonly values: readonly StepTime[];
  readonly steps: readonly string[];
}): Chart {
  const rows = Map.groupBy(values, ({ panel, row }) => JSON.stringify([panel, row]));
  const totals = [...rows.values()].map((row) =>
    row.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  const x = amountAxis({ field: "seconds", domain: [0, Math.max(...totals)], signed: false });
  const color = colorOf({ field: "step", names: steps });
  const panels = [...Map.groupBy(values, (value) => value.panel)].map(([panel, inPanel]) => ({
    ...frameOf({ panel, values: inPanel, rowHeight: buildRowHeight }),
    mark: { type: "bar", height: 12 } as const,
    encoding: {
      x: { ...x, stack: "zero" } as const,
      y: rowAxisOf(inPanel),
      color,
      order: { field: "order", type: "quantitative" } as const,
    },
  }));
  const spec: TopLevelSpec = { vconcat: panels, spacing: 10, config: chartConfig };
  return { ...said, drawing: { language: "vega-lite", spec } };
}

function amountAxis({
  field,
  domain,
  signed,
}: {
  readonly field: string;
  readonly domain: [number, number];
  readonly signed: boolean;
}) {
  const labelExpr = signed ? "datum.value > 0 ? '+' + datum.label : datum.label" : "datum.label";
  const axis = { tickCount: 4, format: "~f", labelExpr };
  return { field, type: "quantitative" as const, title: null, scale: { domain, nice: true }, axis };
}

function colorOf({ field, names }: { readonly field: string; readonly names: readonly string[] }) {
  const scale = { domain: [...names], range: names.map((_, index) => seriesColor(index)) };
  return { field, type: "nominal" as const, legend: null, scale };
}

function frameOf({
  panel,
  values,
  rowHeight,
}: {
  readonly panel: string;
  readonly values: readonly object[];
  readonly rowHeight: number;
}) {
  return {
    title: { text: panel, anchor: "start" as const },
    data: { values: values.map((value) => ({ ...value })) },
    width: plotWidth,
    height: { step: rowHeight, for: "position" as const },
  };
}

/** Rows in the order of the points, all panels with room for the same labels. */
function rowAxisOf(points: readonly { readonly row: string }[]) {
  return {
    field: "row",
    type: "nominal" as const,
    title: null,
    sort: [...new Set(points.map((point) => point.row))],
    axis: {
      labelLimit: axisLabelLimit,
      minExtent: axisLabelWidth,
      maxExtent: axisLabelWidth,
      grid: false,
    },
  };
}
