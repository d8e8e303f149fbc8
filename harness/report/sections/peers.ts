/** The section on other Luas: how many times as fast ours are, as means and by workload. */
import type { Chart } from "../chart/chart.ts";
import { type RowPoint, rowChart } from "../chart/rows.ts";
import { formatInterval, formatPlural, formatRatio } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { Peer, Speed } from "../schema-figures.ts";
import { code, count, interval, ratio, row, strong, words } from "../section/cells.ts";
import {
  type Cell,
  chartsPart,
  columnsOf,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

export function peersSection({ peers }: ReportModel): Section | undefined {
  if (peers.length === 0) return undefined;
  const counted = formatPlural(peers[0]?.meanOfCount ?? 0, "workload");
  return {
    id: "peers",
    title: "Beside other Luas",
    shortTitle: "Other Luas",
    parts: [
      textPart(
        "How many times as fast ours are, in this run, on the same programs with the same " +
          `checks: the geometric mean over ${counted}, with its 95 % interval. Below 1, the ` +
          "other is faster.",
      ),
      ...chartsPart([meansChart(peers), ...workloadCharts(peers)]),
      peersTable(peers),
      { kind: "fold", title: "By workload", parts: [workloadsTable(peers)] },
    ],
  };
}

function meansChart(peers: readonly Peer[]): Chart {
  const title = "Speed beside other Luas";
  return rowChart({
    title,
    caption: `${title}: geometric means; the table below has the figures.`,
    points: peers.map(({ geometricMean, ...pair }) => ({
      ...pointOf(pairName(pair), geometricMean),
      tone: geometricMean.speed >= 1 ? "good" : "bad",
    })),
    line: 1,
    heading: "times as fast",
  });
}

/** By workload, of our first core: the others are in the table. */
function workloadCharts(peers: readonly Peer[]): readonly Chart[] {
  return peers
    .filter(({ core }) => core === peers[0]?.core)
    .map(({ peer, core, workloads }) =>
      rowChart({
        title: pairName({ peer, core }),
        isCode: true,
        caption: `Speed of ${core} beside ${peer}; the table below has the figures.`,
        points: workloads.map(({ workload, ...speed }) => pointOf(workload, speed)),
        line: 1,
        heading: "times as fast",
      }),
    );
}

/** Open where the interval holds 1. */
function pointOf(name: string, { speed, low = speed, high = speed }: Speed): RowPoint {
  const isOpen = low <= 1 && high >= 1;
  const tone = isOpen ? "open" : speed > 1 ? "good" : "bad";
  return { row: name, value: speed, low, high, tone };
}

function pairName({ peer, core }: Pick<Peer, "peer" | "core">): string {
  return `${core.split("-").slice(1, -1).join("-")} / ${peer}`;
}

function peersTable(peers: readonly Peer[]): Part {
  return tablePart({
    label: "Speed beside other Luas",
    columns: columnsOf({
      words: ["Ours", "Beside"],
      figures: ["Speed", "95 %", "Workloads", "Least"],
    }),
    rows: peers.map(({ peer, core, geometricMean, meanOfCount, workloads }) => {
      const least = workloads.toSorted((a, b) => a.speed - b.speed)[0];
      return row(
        code(core),
        words(peer),
        strong(ratio(geometricMean.speed)),
        interval(geometricMean),
        count(meanOfCount),
        words(least === undefined ? "" : `${least.workload} ${formatRatio(least.speed)}`),
      );
    }),
  });
}

function workloadsTable(peers: readonly Peer[]): Part {
  const workloads = [
    ...new Set(peers.flatMap((one) => one.workloads.map(({ workload }) => workload))),
  ];
  return tablePart({
    label: "Speed beside other Luas, by workload",
    columns: columnsOf({ words: ["Workload"], figures: peers.map(pairName) }),
    rows: workloads.map((workload) =>
      row(words(workload), ...peers.map((peer) => speedCell(peer, workload))),
    ),
  });
}

function speedCell({ workloads }: Peer, workload: string): Cell {
  const found = workloads.find((one) => one.workload === workload);
  if (found === undefined) return { text: "unsupported", tone: "quiet" };
  const cell: Cell = { ...ratio(found.speed), note: formatInterval(found) };
  return found.speed < 1 ? { ...cell, tone: "grew" } : cell;
}
