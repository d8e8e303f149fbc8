/** Workloads: raw samples of timings made into medians and verdicts, subject beside subject. */
import type { TimingRecord } from "../record/record.ts";
import { median } from "../statistics/location.ts";
import { noiseOf } from "../statistics/noise.ts";
import { verdictOf } from "../statistics/verdict.ts";
import { baseOf, noiseIn } from "../statistics/verdicts.ts";
import type { TimedSubject, TimeVerdict, Workload } from "./schema-figures.ts";
import { isVariant } from "./subject-role.ts";
import { type EarlierTimes, verdictAgainstEarlier } from "./time-change.ts";
import { timeVerdict } from "./time-verdict.ts";

/** "Equal" is said of less alone: what a reader would call no difference. */
const precisionPercent = 2;

export interface TimingSources {
  readonly timings: readonly TimingRecord[];
  /** The names of the classic workloads; records don't say. */
  readonly classic: ReadonlySet<string>;
  readonly earlier: EarlierTimes;
}

/** Per engine and workload, each subject beside the base, and beside what it was before. */
export function workloadsOf({ timings, classic, earlier }: TimingSources): Workload[] {
  const engines = Map.groupBy(timings, ({ engine }) => engine);
  const noises = new Map([...engines].map(([engine, group]) => [engine, noiseIn(group)]));
  const groups = Map.groupBy(timings, ({ engine, workload }) => JSON.stringify([engine, workload]));
  return [...groups.values()].flatMap((group): Workload[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { workload, engine } = first;
    const learned = noises.get(engine);
    const noise = learned === undefined ? undefined : noiseOf(learned, workload);
    const subjects = group.map((timing) => subjectOf({ timing, group, noise, earlier }));
    return [{ workload, engine, classic: classic.has(workload), subjects }];
  });
}

function subjectOf({
  timing,
  group,
  noise,
  earlier,
}: {
  readonly timing: TimingRecord;
  readonly group: readonly TimingRecord[];
  readonly noise: number | undefined;
  readonly earlier: EarlierTimes;
}): TimedSubject {
  const base = baseOf(group);
  const { variant, role, axes, samplesMs } = timing;
  const sideBySide = group.find((one) => one.role === "revision" && isRevisionOf(one, timing));
  const compare = (against: TimingRecord): TimeVerdict =>
    timeVerdict({
      against: against.variant,
      verdict: verdictOf({ base: against, subject: timing, noise, precisionPercent }),
    });
  let change: TimeVerdict | undefined;
  if (isVariant(timing)) {
    change =
      sideBySide === undefined
        ? verdictAgainstEarlier({ timing, group, noise, earlier, precisionPercent })
        : compare(sideBySide);
  }
  return {
    ...{ subject: variant, role, axes, samplesCount: samplesMs.length },
    medianMs: samplesMs.length === 0 ? 0 : median(samplesMs),
    ...(base === undefined || base === timing ? {} : comparisonOf(compare(base))),
    ...(change === undefined ? {} : { change }),
  };
}

/** A wasm that was brought has no axes: all are compared with it. */
function isRevisionOf(revision: TimingRecord, { axes }: TimingRecord): boolean {
  const names = Object.keys(revision.axes);
  return names.every((name) => revision.axes[name] === axes[name]);
}

/** Without a round in which both were timed there is nothing to say. */
function comparisonOf(comparison: TimeVerdict) {
  return comparison.rounds === 0 ? {} : { comparison };
}
