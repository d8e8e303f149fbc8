/** Time before and now, of two runs on one machine: never raw times, always beside a peer. */
import type { BaselineRecord } from "../record/baseline.ts";
import type { Fingerprint, RunRecord, TimingRecord } from "../record/record.ts";
import { type Comparison, compare } from "../statistics/comparison.ts";
import { judge } from "../statistics/verdict.ts";
import type { TimeVerdict } from "./schema-figures.ts";
import { timeVerdict } from "./time-verdict.ts";

/** The timings of earlier runs that may be compared: same machine, same Node. */
export interface EarlierTimes {
  readonly runs: readonly {
    readonly run: RunRecord;
    readonly timings: readonly TimingRecord[];
  }[];
}

/** Runs of the baseline on the same machine, each with what it timed; sharing a start, one run. */
export function earlierTimes({
  baseline,
  fingerprint,
}: {
  readonly baseline: readonly BaselineRecord[];
  readonly fingerprint: Fingerprint;
}): EarlierTimes {
  const runs = new Map<string, { readonly run: RunRecord; readonly timings: TimingRecord[] }>();
  let current: TimingRecord[] | undefined;
  for (const record of baseline) {
    if (record.kind === "run") {
      const known = runs.get(record.startedAt) ?? { run: record, timings: [] };
      current = known.timings;
      if (sameMachine(record.fingerprint, fingerprint)) runs.set(record.startedAt, known);
    }
    if (record.kind === "timing") current?.push(record);
  }
  return { runs: [...runs.values()].filter(({ timings }) => timings.length > 0) };
}

/** Field by field: a record may write them in any order. */
export function sameMachine(one: Fingerprint, other: Fingerprint): boolean {
  const sorted = (fingerprint: Fingerprint) =>
    JSON.stringify(Object.entries(fingerprint).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/**
 * A machine's speed differs from run to run by more than what we look for, but a peer that was
 * timed in both runs slows with it. So the ratio to the peer is compared, not the time; undefined
 * without one.
 */
export function verdictAgainstEarlier({
  timing,
  group,
  noise,
  earlier,
  precisionPercent,
}: {
  readonly timing: TimingRecord;
  /** All subjects of the workload in this run. */
  readonly group: readonly TimingRecord[];
  readonly noise: number | undefined;
  readonly earlier: EarlierTimes;
  readonly precisionPercent: number;
}): TimeVerdict | undefined {
  for (const { run, timings } of earlier.runs) {
    const ofWorkload = timings.filter(
      ({ workload, engine, engineVersion }) =>
        workload === timing.workload &&
        engine === timing.engine &&
        engineVersion === timing.engineVersion,
    );
    const before = ofWorkload.find(({ variant }) => variant === timing.variant);
    if (before === undefined) continue;
    for (const peer of group.filter(({ role }) => role === "peer")) {
      const peerBefore = ofWorkload.find(({ variant }) => variant === peer.variant);
      if (peerBefore === undefined) continue;
      const change = difference(compare(peerBefore, before), compare(peer, timing));
      const against = `the baseline of ${run.startedAt.slice(0, 10)}, both beside ${peer.variant}`;
      if (!Number.isFinite(change.estimate)) return undefined;
      return timeVerdict({ against, verdict: judge(change, { noise, precisionPercent }) });
    }
  }
  return undefined;
}

/** The later ratio over the earlier one: two measurements that know nothing of each other. */
function difference(before: Comparison, now: Comparison): Comparison {
  return {
    estimate: now.estimate - before.estimate,
    standardError: Math.hypot(now.standardError, before.standardError),
    freedom: Math.min(now.freedom, before.freedom),
    processes: Math.min(now.processes, before.processes),
    apart: Math.max(now.apart, before.apart),
    rounds: Math.min(now.rounds, before.rounds),
    drift: now.drift.isDrifting ? now.drift : before.drift,
  };
}
