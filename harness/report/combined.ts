/** Ratios of several workloads put together: their geometric mean, with its interval. */
import type { TimingRecord } from "../record/record.ts";
import { boundsOf, type Comparison, compare } from "../statistics/comparison.ts";
import { mean } from "../statistics/location.ts";
import { readingLevel } from "../statistics/noise.ts";

export interface Combined {
  readonly ratio: number;
  readonly low?: number;
  readonly high?: number;
}

/** The ratio of one comparison, and its 95 % interval where it has one. */
export function ratioOf(comparison: Comparison): Combined {
  const { low, high } = boundsOf(comparison, readingLevel);
  const ratio = Math.exp(comparison.estimate);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { ratio };
  return { ratio, low: Math.exp(low), high: Math.exp(high) };
}

/**
 * The interval is that of the measurement over these very workloads: other workloads would have
 * another mean. Their errors are taken as independent. undefined of none.
 */
export function combine(comparisons: readonly Comparison[]): Combined | undefined {
  const known = comparisons.filter(({ estimate }) => Number.isFinite(estimate));
  const [first] = known;
  if (first === undefined) return undefined;
  return ratioOf({
    ...first,
    estimate: mean(known.map(({ estimate }) => estimate)),
    standardError: Math.hypot(...known.map(({ standardError }) => standardError)) / known.length,
    processes: Math.min(...known.map(({ processes }) => processes)),
  });
}

/** By workload: the time of `subject` over that of `base`, where both ran side by side. */
export function compareByWorkload({
  timings,
  base,
  subject,
}: {
  readonly timings: readonly TimingRecord[];
  readonly base: string;
  readonly subject: string;
}): ReadonlyMap<string, Comparison> {
  const ofBase = new Map(
    timings.filter(({ variant }) => variant === base).map((one) => [one.workload, one]),
  );
  return new Map(
    timings.flatMap((timing) => {
      const against = ofBase.get(timing.workload);
      if (timing.variant !== subject || against === undefined) return [];
      const comparison = compare(against, timing);
      return comparison.rounds === 0 ? [] : [[timing.workload, comparison] as const];
    }),
  );
}
