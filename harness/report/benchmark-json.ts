/** benchmark.json: figures in the form of github-action-benchmark, where smaller is better. */
import { countedCosts } from "./costs.ts";
import { formatInterval } from "./format.ts";
import type { ReportModel } from "./schema.ts";

/** One figure of the format `customSmallerIsBetter`. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra?: string;
}

/** Sizes and exact costs of every variant, and the times of each subject relative to the first. */
export function renderBenchmarkJson(model: ReportModel): string {
  return `${JSON.stringify(entriesOf(model), undefined, 1)}\n`;
}

function entriesOf({ variants, costs, costTotals, workloads }: ReportModel): readonly Entry[] {
  return [
    ...variants.flatMap(({ variant, sizes }) =>
      sizes.map(({ metric, bytes }) => ({
        ...{ name: `${variant} ${metric}`, unit: "bytes", value: bytes },
      })),
    ),
    ...costTotals.map(({ variant, geometricMean, workloadsCount }) => ({
      ...{ name: `${variant} exact cost`, unit: "instructions" },
      value: Math.round(geometricMean),
      extra: `geometric mean of ${workloadsCount} workloads`,
    })),
    ...countedCosts(costs).map(({ variant, workload, instructions }) => ({
      ...{ name: `${variant} ${workload}`, unit: "instructions", value: instructions },
    })),
    ...workloads.flatMap(({ workload, engine, subjects }) =>
      subjects.flatMap(({ subject, medianMs, comparison }): Entry[] => {
        if (comparison === undefined) return [];
        const range = formatInterval(comparison);
        return [
          {
            name: `${subject} ${workload} in ${engine}`,
            unit: "× the first subject's time",
            value: comparison.ratio,
            ...(range === "" ? {} : { range }),
            extra: `median ${medianMs} ms beside ${comparison.against}: ${comparison.verdict}`,
          },
        ];
      }),
    ),
  ];
}
