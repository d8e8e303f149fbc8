/** Workloads: raw samples of timings made into medians and verdicts, subject beside subject. */
import type { TimingRecord } from "../record/record.ts";
import { median } from "../statistics/location.ts";
import { learnNoise, type Noise, noiseOf, twinName } from "../statistics/noise.ts";
import { type Verdict, verdictOf } from "../statistics/verdict.ts";
import type { TimedSubject, TimeVerdict, Workload } from "./schema-figures.ts";
import { revisionMark, roleOf } from "./subject-role.ts";
import { type EarlierTimes, verdictAgainstEarlier } from "./time-change.ts";

/** "Equal" is said of less alone: what a reader would call no difference. */
const precisionPercent = 2;

export interface TimingSources {
  readonly timings: readonly TimingRecord[];
  /** The names of the classic workloads; records don't say. */
  readonly classic: ReadonlySet<string>;
  readonly earlier: EarlierTimes;
}

/** Per engine and workload, each subject beside the first, and beside what it was before. */
export function workloadsOf({ timings, classic, earlier }: TimingSources): Workload[] {
  const noises = noiseByEngine(timings);
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

/** What the run showed between equals, from its A/A pairs. */
function noiseByEngine(timings: readonly TimingRecord[]): ReadonlyMap<string, Noise> {
  const engines = Map.groupBy(timings, ({ engine }) => engine);
  return new Map(
    [...engines].map(([engine, ofEngine]) => {
      const pairs = ofEngine.flatMap((base) => {
        const twin = ofEngine.find(
          (one) => one.workload === base.workload && one.variant === twinName(base.variant),
        );
        return twin === undefined ? [] : [{ workload: base.workload, base, twin }];
      });
      return [engine, learnNoise(pairs)];
    }),
  );
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
  const [base] = group;
  const { variant, axes, samplesMs } = timing;
  const role = roleOf(timing);
  const sideBySide =
    group.find((one) => one.variant.startsWith(`${variant}${revisionMark}`)) ??
    group.find((one) => one.variant.endsWith(".wasm"));
  const compare = (against: TimingRecord): TimeVerdict =>
    timeVerdict({
      against: against.variant,
      verdict: verdictOf({ base: against, subject: timing, noise, precisionPercent }),
    });
  let change: TimeVerdict | undefined;
  if (role === "core") {
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

/** Without a round in which both were timed there is nothing to say. */
function comparisonOf(comparison: TimeVerdict) {
  return comparison.rounds === 0 ? {} : { comparison };
}

/** The verdict for the model: what has no end is left out, for JSON knows no infinity. */
function timeVerdict({
  against,
  verdict: { verdict, ratio, processes, processesApart, rounds, driftPercent, ...figures },
}: {
  readonly against: string;
  readonly verdict: Verdict;
}): TimeVerdict {
  const finite = (name: "low" | "high" | "equalWithinPercent" | "noisePercent") =>
    Number.isFinite(figures[name]) && (name !== "low" || figures.low > 0)
      ? { [name]: figures[name] }
      : {};
  return {
    ...{ against, verdict, ratio: rounds === 0 ? 1 : ratio },
    ...{ ...finite("low"), ...finite("high") },
    ...{ ...finite("equalWithinPercent"), ...finite("noisePercent") },
    ...(driftPercent === undefined ? {} : { driftPercent }),
    ...(processesApart === undefined ? {} : { processesApart }),
    ...{ processes, rounds },
  };
}
