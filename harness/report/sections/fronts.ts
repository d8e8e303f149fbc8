/** The section on size against speed: which variants no other beats in both. */
import { seriesKey } from "../chart/chart.ts";
import { frontChart, frontOrder } from "../chart/plane.ts";
import { formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { Front } from "../schema-figures.ts";
import { code, count, ratio, row, words } from "../section/cells.ts";
import {
  chartsPart,
  columnsOf,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

/** Its values are the colours. */
const seriesAxis = "optimize";

export function frontsSection({ fronts }: ReportModel): Section | undefined {
  if (fronts.length === 0) return undefined;
  return {
    id: "fronts",
    title: "Size against speed",
    parts: [
      textPart(
        "Left is smaller, low is faster. A filled mark is on the front: no other variant is both " +
          "smaller and faster.",
      ),
      { kind: "columns", columns: fronts.map(frontParts) },
    ],
  };
}

function frontParts(front: Front): readonly Part[] {
  const { points, speed, workloadsCount } = front;
  const how = speed === "time" ? "time" : "exact cost";
  const title = `Size and ${how} over ${formatPlural(workloadsCount, "workload")}`;
  const variants = formatPlural(points.length, "variant");
  const caption = `${title}, of ${variants}; the table has the figures.`;
  const series = [...new Set(points.map(({ axes }) => axes[seriesAxis] ?? "other"))];
  const order = frontOrder(points);
  const tableOf = (isOnFront: boolean, label: string) =>
    tablePart({
      label: `${label} of ${title}`,
      columns: columnsOf({ words: ["Variant"], figures: ["Mark", "Bytes", "× the fastest"] }),
      rows: points
        .filter(({ onFront }) => onFront === isOnFront)
        .toSorted((a, b) => a.bytes - b.bytes)
        .map(({ variant, bytes, relative }) =>
          row(
            code(variant),
            words(isOnFront ? String(order.indexOf(variant) + 1) : ""),
            count(bytes),
            ratio(relative),
          ),
        ),
    });
  return [
    ...chartsPart([frontChart({ title, caption, front, series: seriesAxis })], seriesKey(series)),
    tableOf(true, "Front"),
    { kind: "fold", title: "The others", parts: [tableOf(false, "Others")] },
  ];
}
