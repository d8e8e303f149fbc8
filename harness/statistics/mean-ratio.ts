/** The geometric mean of ratios over workloads, with an interval that knows of their processes. */
import { pairedLogRatios, type TimedSamples } from "./comparison.ts";
import { mean } from "./location.ts";
import { readingLevel } from "./noise.ts";
import { studentFactor } from "./student.ts";
import { effectiveCount, weighedMedians, weightedMean } from "./weights.ts";

/** Time of the subject / time of the base over all workloads; the 95 % interval of it. */
export interface MeanRatio {
  readonly ratio: number;
  /** 0 and Infinity from one process alone. */
  readonly low: number;
  readonly high: number;
  readonly workloads: number;
}

export interface TimedPair {
  readonly base: TimedSamples;
  readonly subject: TimedSamples;
}

/**
 * A process times many workloads, with the same compiled code: what it shares makes their errors
 * alike. So the error is that of clusters (the sandwich estimator): what each process
 * moved the mean by, over all of its workloads, squared. undefined of no pair.
 */
export function meanRatio(pairs: readonly TimedPair[]): MeanRatio | undefined {
  const workloads = pairs.map(weighedProcesses).filter(({ logs }) => logs.length > 0);
  if (workloads.length === 0) return undefined;
  const estimate = mean(workloads.map(({ logs }) => weightedMean(logs)));
  const moved = new Map<number, number>();
  for (const { processes, logs } of workloads) {
    const middle = weightedMean(logs);
    const weights = logs.reduce((sum, { weight }) => sum + weight, 0);
    for (const [index, { figure, weight }] of logs.entries()) {
      const process = processes[index] ?? 0;
      const share = (weight * (figure - middle)) / (weights * workloads.length);
      moved.set(process, (moved.get(process) ?? 0) + share);
    }
  }
  const count = Math.min(...workloads.map(({ logs }) => effectiveCount(logs)));
  const squares = [...moved.values()].reduce((sum, each) => sum + each ** 2, 0);
  const reach = reachOf(squares, count);
  return {
    ratio: Math.exp(estimate),
    low: Math.exp(estimate - reach),
    high: Math.exp(estimate + reach),
    workloads: workloads.length,
  };
}

/** Half the interval's width, from what `count` processes moved the mean by, squared. */
function reachOf(squares: number, count: number): number {
  const freedom = Math.round(count) - 1;
  if (freedom < 1) return Number.POSITIVE_INFINITY;
  return studentFactor(readingLevel, freedom) * Math.sqrt((squares * count) / (count - 1));
}

function weighedProcesses({ base, subject }: TimedPair) {
  const clusters = pairedLogRatios(base, subject);
  return { processes: [...clusters.keys()], logs: weighedMedians([...clusters.values()]) };
}
