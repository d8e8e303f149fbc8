/** Vega-Lite specifications of the charts, and how they become static SVG. */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type Markup, trusted } from "../markup.ts";

/** Narrow enough for a phone without shrinking its text; four stand side by side on a desktop. */
export const plotWidth = 168;
const sizeRowHeight = 30;
const buildRowHeight = 22;
const axisLabelWidth = 84;
/** Vega overestimates text where it has no canvas to measure on; what is longer is cut. */
const axisLabelLimit = 130;

const seriesColors = [1, 2, 3, 4, 5, 6].map((number) => `var(--series-${number})`);

/** One mark of a size chart: a variant's figure, or a limit of its row. */
export interface SizePoint {
  readonly panel: string;
  readonly row: string;
  readonly series: string;
  readonly solid: boolean;
  readonly limit: boolean;
  readonly bytes: number;
}

/** The colour of the n-th series, the same in charts and in their keys. */
export function seriesColor(index: number): string {
  return seriesColors[index % seriesColors.length] ?? "currentColor";
}

/** One panel per target, one row per optimization, one mark per variant. `signed`: changes. */
export function sizeSpec({
  points,
  signed,
}: {
  readonly points: readonly SizePoint[];
  readonly signed: boolean;
}): TopLevelSpec {
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
          ...{ x, y: rowAxisOf(inPanel), stroke: color, fill: color },
          yOffset: { field: "series", type: "nominal" as const, sort: series },
          fillOpacity: { condition: { test: "datum.solid", value: 0.85 }, value: 0 },
        },
      },
    ],
  }));
  return { vconcat: panels, spacing: 10, config: chartConfig };
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
export function buildSpec({
  values,
  steps,
}: {
  readonly values: readonly StepTime[];
  readonly steps: readonly string[];
}): TopLevelSpec {
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
  return { vconcat: panels, spacing: 10, config: chartConfig };
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

/** Colours are the page's variables, so one SVG serves light and dark. */
export const chartConfig = {
  background: "transparent",
  aria: false,
  padding: 2,
  view: { stroke: null },
  font: "sans-serif",
  title: { color: "var(--ink)", fontSize: 12, fontWeight: 600, offset: 4, frame: "bounds" },
  axis: {
    labelColor: "var(--ink-soft)",
    labelFontSize: 11,
    gridColor: "var(--line)",
    domain: false,
    ticks: false,
    labelPadding: 6,
  },
} as const;

/** Compiles and renders without a canvas or a browser. */
export async function renderSvg(spec: TopLevelSpec): Promise<Markup> {
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none" });
  try {
    return trusted(withoutRoles(await view.toSVG()));
  } finally {
    view.finalize();
  }
}

/** Vega gives its marks roles without names; the figure around has a name for all of it. */
function withoutRoles(svg: string): string {
  return svg.replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, "");
}
