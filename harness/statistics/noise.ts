/** The noise of a run, learned from its A/A pairs: how far one artifact lies from itself. */
import { boundsOf, type Comparison, compare, type TimedSamples } from "./comparison.ts";
import { median } from "./location.ts";

/** What readers of one interval expect. */
export const readingLevel = 0.95;

/** The name under which a subject is timed a second time: its A/A twin. */
export function twinName(subject: string): string {
  return `${subject} (A/A)`;
}

/** One artifact timed twice in one run. */
export interface TwinPair {
  readonly workload: string;
  readonly base: TimedSamples;
  readonly twin: TimedSamples;
}

/** In logarithms of a ratio. */
export interface Noise {
  /** Over all workloads, the one in the middle; undefined when no twin was timed. */
  readonly pooled: number | undefined;
  readonly byWorkload: ReadonlyMap<string, number>;
}

/** Pairs of several runs on one machine may be given together: more are better pooled. */
export function learnNoise(pairs: readonly TwinPair[]): Noise {
  const compared = pairs.flatMap(({ workload, base, twin }) => {
    const reach = farthest(compare(base, twin));
    return Number.isFinite(reach) ? [{ workload, reach }] : [];
  });
  const groups = Map.groupBy(compared, ({ workload }) => workload);
  const reachOf = (group: readonly { readonly reach: number }[]): number =>
    median(group.map(({ reach }) => reach));
  return {
    pooled: compared.length === 0 ? undefined : reachOf(compared),
    byWorkload: new Map([...groups].map(([workload, group]) => [workload, reachOf(group)])),
  };
}

/**
 * The larger of what the workload showed itself and what is usual: a twin that lies close to its
 * original by luck makes no other difference surer. undefined: nothing is known.
 */
export function noiseOf(noise: Noise, workload: string): number | undefined {
  if (noise.pooled === undefined) return undefined;
  return Math.max(noise.pooled, noise.byWorkload.get(workload) ?? 0);
}

/** How far from 0 the difference may be, by its interval. */
export function farthest(comparison: Comparison): number {
  const { low, high } = boundsOf(comparison, readingLevel);
  return Math.max(Math.abs(low), Math.abs(high));
}
