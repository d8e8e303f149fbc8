/** Two subjects that were timed side by side, workload by workload, and their mean ratio. */
import type { TimingRecord } from "../record/record.ts";
import { pairedLogRatios } from "../statistics/comparison.ts";
import { meanRatio, type TimedPair } from "../statistics/mean-ratio.ts";

export interface Combined {
  readonly ratio: number;
  readonly low?: number;
  readonly high?: number;
}

/** The geometric mean, and its 95 % interval where it has an end. undefined of no pair. */
export function combine(pairs: readonly TimedPair[]): Combined | undefined {
  const mean = meanRatio(pairs);
  return mean === undefined ? undefined : withEnds(mean);
}

/** JSON knows no infinity. */
export function withEnds({ ratio, low, high }: Required<Combined>): Combined {
  return low > 0 && Number.isFinite(high) ? { ratio, low, high } : { ratio };
}

/** By workload: where both subjects were timed in one round at least. */
export function pairsByWorkload({
  timings,
  base,
  subject,
}: {
  readonly timings: readonly TimingRecord[];
  readonly base: string;
  readonly subject: string;
}): ReadonlyMap<string, TimedPair> {
  const ofBase = new Map(
    timings.filter(({ variant }) => variant === base).map((one) => [one.workload, one]),
  );
  return new Map(
    timings.flatMap((timing) => {
      const against = ofBase.get(timing.workload);
      if (timing.variant !== subject || against === undefined) return [];
      if (pairedLogRatios(against, timing).size === 0) return [];
      return [[timing.workload, { base: against, subject: timing }] as const];
    }),
  );
}
