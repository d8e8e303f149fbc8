/** The section on exact cost: what rose or fell, totals by variant, every figure. */
import type { Chart } from "../chart/chart.ts";
import { rowChart } from "../chart/rows.ts";
import { formatChangePercent, formatCount } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { CostReport, CostTotal } from "../schema-figures.ts";
import { change, code, count, once, ratio, row, share, words } from "../section/cells.ts";
import {
  type Cell,
  chartsPart,
  columnsOf,
  figureColumn,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

const changesShown = 200;
const changesOpen = 12;
const profilesShown = 12;

export function costsSection({ costs, costTotals, meterings }: ReportModel): Section | undefined {
  if (costs.length === 0) return undefined;
  const compared = costs.filter(({ changeInstructions }) => changeInstructions !== undefined);
  const changed = compared.filter(({ changeInstructions }) => changeInstructions !== 0);
  return {
    id: "costs",
    title: "Exact cost",
    parts: [
      textPart(
        "Executed WebAssembly instructions, counted and not timed: the same on every machine and " +
          `engine. ${changeWords(compared.length, changed.length)}`,
      ),
      ...chartsPart(changeChart(costTotals)),
      ...changesTable(changed),
      {
        kind: "fold",
        title: "All variants",
        note: "geometric means",
        parts: [totalsTable(costTotals)],
      },
      {
        kind: "fold",
        title: "Every workload on every variant",
        note: "thousands of instructions",
        parts: [everyTable(costs)],
      },
      ...profiles(costs),
      ...meteringTable(meterings),
    ],
  };
}

function changeWords(comparedCount: number, changedCount: number): string {
  if (comparedCount === 0) return "There is no baseline of exact costs to compare with.";
  if (changedCount === 0) return `All ${formatCount(comparedCount)} are the baseline's.`;
  return `${formatCount(changedCount)} of ${formatCount(comparedCount)} are not the baseline's.`;
}

function changeChart(totals: readonly CostTotal[]): readonly Chart[] {
  const points = totals.flatMap(({ variant, changePercent = 0 }) =>
    changePercent === 0
      ? []
      : [{ row: variant, value: changePercent, tone: changePercent > 0 ? "bad" : "good" } as const],
  );
  if (points.length === 0) return [];
  const title = "Change of instructions, %";
  const caption = `${title}, by variant; the tables below have the figures.`;
  return [rowChart({ title, caption, points, line: 0, heading: "by variant", isBars: true })];
}

function changesTable(changed: readonly CostReport[]): readonly Part[] {
  if (changed.length === 0) return [];
  const sorted = changed.toSorted(
    (a, b) => Math.abs(b.changePercent ?? 0) - Math.abs(a.changePercent ?? 0),
  );
  return [
    tablePart({
      label: "Changes of exact cost",
      caption: "What rose or fell",
      columns: columnsOf({
        words: ["Variant", "Workload"],
        figures: ["Before", "Now", "±"],
      }),
      rows: sorted
        .slice(0, changesShown)
        .map(({ variant, workload, instructions, baselineInstructions = 0, ...cost }) =>
          row(
            code(variant),
            words(workload),
            count(baselineInstructions),
            count(instructions),
            change(cost.changeInstructions, cost.changePercent),
          ),
        ),
      openRows: changesOpen,
    }),
  ];
}

function totalsTable(totals: readonly CostTotal[]): Part {
  return tablePart({
    label: "Exact cost of all variants",
    columns: columnsOf({ words: ["Variant"], figures: ["Workloads", "Instructions", "±"] }),
    rows: totals.map(({ variant, workloadsCount, geometricMean, changePercent }) =>
      row(code(variant), count(workloadsCount), count(geometricMean), {
        text: changePercent === undefined ? "new" : formatChangePercent(changePercent),
        tone: "quiet",
      }),
    ),
  });
}

function everyTable(costs: readonly CostReport[]): Part {
  const workloads = [...new Set(costs.map(({ workload }) => workload))];
  const byVariant = Map.groupBy(costs, ({ variant }) => variant);
  return tablePart({
    label: "Every exact cost",
    columns: [
      { title: "Variant" },
      ...workloads.map((workload) => ({ ...figureColumn(workload), isDetail: true })),
    ],
    rows: [...byVariant].map(([variant, ofVariant]) => {
      const byWorkload = new Map(ofVariant.map((cost) => [cost.workload, cost]));
      const figures = workloads.map((workload) => costCell(byWorkload.get(workload)));
      return row(code(variant), ...figures);
    }),
  });
}

function costCell(cost: CostReport | undefined): Cell {
  if (cost === undefined) return words("");
  const note = [
    `${formatCount(cost.instructions)} instructions at ${cost.scale} size`,
    `${formatCount(cost.bulkBytes)} bytes moved in bulk`,
    `${formatCount(cost.hostCalls)} host calls`,
    `${formatCount(cost.bytesToHost)} bytes to the host`,
    `${formatCount(cost.bytesFromHost)} bytes from it`,
    `heap peak ${formatCount(cost.heapPeakBytes)} bytes`,
  ];
  return { ...count(cost.instructions / 1000), note: note.join("; ") };
}

/** Where a run in profile mode said which function executes how much. */
function profiles(costs: readonly CostReport[]): readonly Part[] {
  const rows = costs.flatMap(({ variant, workload, instructions, functions = [] }) =>
    functions
      .slice(0, profilesShown)
      .map(([name, executed], index) =>
        row(
          { ...once(workload, index > 0), note: variant },
          code(name),
          count(executed),
          share(executed, instructions),
        ),
      ),
  );
  if (rows.length === 0) return [];
  const columns = columnsOf({
    words: ["Workload", "Function"],
    figures: ["Instructions", "Share"],
  });
  const table = tablePart({ label: "Instructions by function", columns, rows });
  return [{ kind: "fold", title: "Who executes them", note: "by function", parts: [table] }];
}

function meteringTable(meterings: ReportModel["meterings"]): readonly Part[] {
  if (meterings.length === 0) return [];
  const table = tablePart({
    label: "What counting costs",
    columns: columnsOf({ words: ["Variant"], figures: ["Bytes", "Metered", "Size", "Time"] }),
    rows: meterings.map(({ variant, bytes, meteredBytes, timeRatio }) =>
      row(
        code(variant),
        count(bytes),
        count(meteredBytes),
        ratio(meteredBytes / bytes),
        timeRatio === undefined ? words("") : ratio(timeRatio),
      ),
    ),
  });
  const note = "the metered module beside the shipped one";
  return [{ kind: "fold", title: "What counting itself costs", note, parts: [table] }];
}
