/** Two subjects of one workload compared: paired log-ratios by process, estimate, intervals. */
import { bootstrapError } from "./bootstrap.ts";
import { type Drift, driftOf } from "./drift.ts";
import { studentFactor } from "./student.ts";
import { effectiveCount, weighedMedians, weightedMean } from "./weights.ts";

/** What a timing record holds of one subject, as far as it is compared. */
export interface TimedSamples {
  readonly samplesMs: readonly number[];
  /** Where each sample comes from; all from one process where it is absent. */
  readonly rounds?: readonly Place[];
}

/** One sample's place: which process, and which of its rounds. */
export interface Place {
  readonly process: number;
  readonly round: number;
}

/** All in logarithms of (time of the subject / time of the base): above 0 the subject is slower. */
export interface Comparison {
  readonly estimate: number;
  /** NaN with fewer than two processes. */
  readonly standardError: number;
  /** Of Student's factor: processes that count as whole ones, less one. */
  readonly freedom: number;
  readonly processes: number;
  /** Processes that lie far from all others, and count less (weights.ts). */
  readonly apart: number;
  /** Rounds in which both were timed. */
  readonly rounds: number;
  readonly drift: Drift;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** As a ratio of times: 0 and Infinity where one process alone gives no interval. */
export interface RatioInterval extends Bounds {
  readonly ratio: number;
}

export function ratioWithin(comparison: Comparison, level: number): RatioInterval {
  const { low, high } = boundsOf(comparison, level);
  return { ratio: Math.exp(comparison.estimate), low: Math.exp(low), high: Math.exp(high) };
}

/** Any: the same samples give the same figures wherever they are read. */
const bootstrapSeed = 1;

/**
 * The estimate is the mean over processes of the median of each one's rounds, those that were
 * disturbed weighing less (weights.ts). The median, since what goes wrong in a round (an interrupt,
 * a collection of the host) is an outlier and no part of the subject. A mean, since where a
 * process laid code and heap is chance that users have, too; but one process that lies far from all
 * others is drawn in.
 */
export function compare(base: TimedSamples, subject: TimedSamples): Comparison {
  const clusters = [...pairedLogRatios(base, subject).values()];
  const medians = weighedMedians(clusters);
  return {
    estimate: weightedMean(medians),
    standardError: bootstrapError(medians, bootstrapSeed),
    freedom: Math.round(effectiveCount(medians)) - 1,
    processes: clusters.length,
    apart: medians.filter(({ isApart }) => isApart).length,
    rounds: clusters.reduce((sum, cluster) => sum + cluster.length, 0),
    drift: driftOf(clusters),
  };
}

/**
 * Student's interval on the bootstrap's standard error, with a degree of freedom for each process
 * but one: percentiles of the bootstrap are too narrow with few clusters (Hesterberg, What Teachers
 * Should Know about the Bootstrap, 2015), and those at 99.9 % take thousands of draws.
 */
export function boundsOf(
  { estimate, standardError, processes, freedom }: Comparison,
  level: number,
): Bounds {
  if (processes < 2 || freedom < 1)
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const reach = studentFactor(level, freedom) * standardError;
  return { low: estimate - reach, high: estimate + reach };
}

/** By process, in the order of time: one figure for each round in which both were timed. */
export function pairedLogRatios(
  base: TimedSamples,
  subject: TimedSamples,
): ReadonlyMap<number, readonly number[]> {
  const baseMs = new Map<string, number>();
  for (const { key, durationMs } of placed(base)) baseMs.set(key, durationMs);
  const clusters = new Map<number, number[]>();
  for (const { key, process, durationMs } of placed(subject)) {
    const againstMs = baseMs.get(key);
    // A clock that stood still has no logarithm.
    if (againstMs === undefined || againstMs === 0 || durationMs === 0) continue;
    const cluster = clusters.get(process) ?? [];
    cluster.push(Math.log(durationMs / againstMs));
    clusters.set(process, cluster);
  }
  return new Map([...clusters].toSorted(([a], [b]) => a - b));
}

function placed({ samplesMs, rounds }: TimedSamples) {
  return samplesMs.map((durationMs, index) => {
    const { process, round } = rounds?.[index] ?? { process: 0, round: index };
    return { key: `${process}/${round}`, process, durationMs };
  });
}
