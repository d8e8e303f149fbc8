/** The section on history: the same few figures over all saved runs. */
import { seriesKey } from "../chart/chart.ts";
import { historyChart } from "../chart/plane.ts";
import { formatChangePercent, formatCount, formatTime } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { History } from "../schema-figures.ts";
import { row, words } from "../section/cells.ts";
import {
  type Cell,
  chartsPart,
  columnsOf,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

export function historySection({ history }: ReportModel): Section | undefined {
  if (history.length === 0) return undefined;
  const byMetric = [...Map.groupBy(history, ({ metric }) => metric)];
  return {
    id: "history",
    title: "History",
    parts: [
      textPart(
        "The same figures over the saved runs, the oldest first; changes since each one's first.",
      ),
      {
        kind: "columns",
        columns: byMetric.map(([metric, lines]) => metricParts(metric, lines)),
      },
    ],
  };
}

function metricParts(metric: string, lines: readonly History[]): readonly Part[] {
  const caption = `Change of ${metric} over the saved runs; the table below has the figures.`;
  const names = lines.map(({ variant }) => variant);
  const starts = [
    ...new Set(lines.flatMap(({ points }) => points.map(({ startedAt }) => startedAt))),
  ].toSorted();
  const table = tablePart({
    label: `History of ${metric}`,
    columns: columnsOf({ words: ["Run", "Revision"], figures: names }),
    rows: starts.map((startedAt, index) =>
      row(
        words(`${index + 1}: ${formatTime(startedAt)}`),
        words(lines.flatMap((line) => pointAt(line, startedAt)?.revision ?? [])[0] ?? ""),
        ...lines.map((line) => valueCell(line, startedAt)),
      ),
    ),
  });
  return [
    ...chartsPart([historyChart({ title: metric, caption, lines })], seriesKey(names)),
    { kind: "fold", title: `Figures of ${metric}`, parts: [table] },
  ];
}

function pointAt({ points }: History, startedAt: string): History["points"][number] | undefined {
  return points.find((point) => point.startedAt === startedAt);
}

function valueCell(line: History, startedAt: string): Cell {
  const point = pointAt(line, startedAt);
  const first = line.points[0]?.value ?? 0;
  if (point === undefined) return words("");
  const percent = first === 0 ? 0 : 100 * (point.value / first - 1);
  const change = percent === 0 ? "" : ` (${formatChangePercent(percent)})`;
  return words(`${formatCount(point.value)}${change}`);
}
