/** Workloads: raw samples of timings made into medians, subject beside subject. */
import type { TimingRecord } from "../record/record.ts";
import type { Workload } from "./schema.ts";

/** The middle of the samples, or the mean of the two in the middle; 0 of none. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

/** Per engine and workload: the median of each subject, and how it compares with the first. */
export function workloadsOf(timings: readonly TimingRecord[]): Workload[] {
  const groups = Map.groupBy(timings, ({ engine, workload }) => JSON.stringify([engine, workload]));
  return [...groups.values()].flatMap((group): Workload[] => {
    const first = group[0];
    if (first === undefined) return [];
    const firstMs = median(first.samplesMs);
    const subjects = group.map(({ variant, samplesMs }) => {
      const medianMs = median(samplesMs);
      const subject = { subject: variant, medianMs, samplesCount: samplesMs.length };
      return firstMs === 0 ? subject : { ...subject, ratioToFirst: medianMs / firstMs };
    });
    return [{ workload: first.workload, engine: first.engine, subjects }];
  });
}
