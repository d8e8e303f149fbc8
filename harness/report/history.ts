/** History: the same few figures over all saved runs, the oldest first. */
import type { BaselineRecord } from "../record/baseline.ts";
import { costReports, costTotals } from "./costs.ts";
import type { History } from "./schema-figures.ts";

/** What one saved run measured. */
export type SavedRun = readonly BaselineRecord[];

/** As many lines as a chart can tell apart. */
const variantsShown = 6;

/** Of the variants that most runs measured, at least two; of those the ones that do best. */
export function historyOf(runs: readonly SavedRun[]): History[] {
  const metrics = Map.groupBy(runs.flatMap(pointsOf), ({ metric }) => metric);
  return [...metrics].flatMap(([metric, ofMetric]) => {
    const lines = [...Map.groupBy(ofMetric, ({ variant }) => variant)]
      .filter(([, line]) => new Set(line.map(({ startedAt }) => startedAt)).size > 1)
      .toSorted(([, a], [, b]) => b.length - a.length || lastOf(a) - lastOf(b));
    return lines.slice(0, variantsShown).map(([variant, line]) => ({
      ...{ metric, variant },
      points: line
        .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
        .map(({ startedAt, revision, value }) => ({
          ...{ startedAt, value },
          ...(revision === undefined ? {} : { revision }),
        })),
    }));
  });
}

function lastOf(points: readonly Point[]): number {
  return points.at(-1)?.value ?? 0;
}

interface Point {
  readonly metric: string;
  readonly variant: string;
  readonly startedAt: string;
  readonly revision: string | undefined;
  readonly value: number;
}

function pointsOf(run: SavedRun): readonly Point[] {
  const origin = run.findLast((record) => record.kind === "run");
  if (origin === undefined) return [];
  const { startedAt, revision } = origin;
  const sizes = run.flatMap((record): Point[] =>
    record.kind === "size" && (record.metric === "raw" || record.metric === "brotli")
      ? [
          {
            ...{ metric: `${record.metric} size, bytes`, variant: record.variant },
            ...{ startedAt, revision, value: record.bytes },
          },
        ]
      : [],
  );
  const costs = run.filter((record) => record.kind === "cost");
  const totals = costTotals(costReports({ costs, baseline: [] })).map(
    ({ variant, geometricMean, workloadsCount }): Point => ({
      metric: `instructions, geometric mean of ${workloadsCount}`,
      ...{ variant, startedAt, revision, value: Math.round(geometricMean) },
    }),
  );
  return [...sizes, ...totals];
}
