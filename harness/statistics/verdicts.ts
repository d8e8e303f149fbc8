/** Timing records to verdicts: per engine and workload, every subject against the base. */
import type { TimingRecord } from "../record/record.ts";
import { median } from "./location.ts";
import { learnNoise, type Noise, noiseOf, type TwinPair } from "./noise.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

export interface WorkloadVerdicts {
  readonly engine: string;
  readonly workload: string;
  /** The subject of role base or revision, else the first: all others are compared with it. */
  readonly base: SubjectTime;
  /** Others than the base, in the order of the records; the twin as well. */
  readonly subjects: readonly SubjectVerdict[];
}

export interface SubjectTime {
  readonly subject: string;
  /** Of one execution, over all rounds. */
  readonly medianMs: number;
}

export interface SubjectVerdict extends SubjectTime {
  readonly isTwin: boolean;
  readonly verdict: Verdict;
}

/**
 * Of the records of one run. The noise is learned from the A/A pairs of an engine, all workloads
 * together (noise.ts). Without a twin everything is undecided.
 */
export function verdictsOf(
  timings: readonly TimingRecord[],
  precisionPercent = 2,
): readonly WorkloadVerdicts[] {
  const engines = Map.groupBy(timings, ({ engine }) => engine);
  return [...engines].flatMap(([engine, ofEngine]) => {
    const groups = [...Map.groupBy(ofEngine, ({ workload }) => workload).values()].map(paired);
    const noise = noiseIn(ofEngine);
    return groups.flatMap(({ base, twin, records }) => {
      if (base === undefined) return [];
      const { workload } = base;
      const subjects = records
        .filter((record) => record !== base)
        .map((record) => ({
          ...timeOf(record),
          isTwin: record === twin,
          verdict: verdictOf({
            ...{ base, subject: record, precisionPercent },
            noise: noiseOf(noise, workload),
          }),
        }));
      return [{ engine, workload, base: timeOf(base), subjects }];
    });
  });
}

/** With which the others are compared: of one workload, in one engine. */
export function baseOf(records: readonly TimingRecord[]): TimingRecord | undefined {
  return records.find(({ role }) => role === "base" || role === "revision") ?? records[0];
}

/** The noise of a run in one engine, learned from its A/A pairs. */
export function noiseIn(timings: readonly TimingRecord[]): Noise {
  const groups = [...Map.groupBy(timings, ({ workload }) => workload).values()].map(paired);
  return learnNoise(groups.flatMap(({ pair }) => pair ?? []));
}

interface Paired {
  readonly records: readonly TimingRecord[];
  readonly base: TimingRecord | undefined;
  readonly twin: TimingRecord | undefined;
  readonly pair: TwinPair | undefined;
}

function paired(records: readonly TimingRecord[]): Paired {
  const base = baseOf(records);
  const twin = records.find(({ role }) => role === "twin");
  const pair =
    base === undefined || twin === undefined ? undefined : { workload: base.workload, base, twin };
  return { records, base, twin, pair };
}

function timeOf({ variant, samplesMs }: TimingRecord): SubjectTime {
  return { subject: variant, medianMs: median(samplesMs) };
}
