/** The schedule of one job: warm-up, then rounds that time every subject once, in random order. */
import { shuffled } from "./random.ts";
import { sample } from "./sample.ts";
import { BenchError, type Execution, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

export interface Schedule {
  readonly warmUp: Extent;
  readonly timed: Extent;
  /** Orders the rounds (random.ts). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Rounds go on until there are so many, and each subject has run for so long: the later counts. */
export interface Extent {
  readonly roundsMin: number;
  readonly subjectMsMin: number;
}

/** Raw: statistics are computed when it is read. */
export interface Measurement {
  readonly workload: string;
  /** Those that were timed, in the order given. Sample i of each was taken in the same round. */
  readonly subjects: readonly SubjectSamples[];
  readonly unsupported: readonly { readonly subject: string; readonly reason: string }[];
}

export interface SubjectSamples {
  readonly subject: string;
  /** Of one execution, one per round. */
  readonly samplesMs: readonly number[];
}

/** A limit on rounds that are there for the time alone. */
const roundsForTimeMax = 100;

/** Throws BenchError when a result is wrong, and the signal's reason when it is aborted. */
export async function measure(
  job: Job,
  subjects: readonly Subject[],
  schedule: Schedule,
): Promise<Measurement> {
  using prepared = await prepareAll(job, subjects);
  const { entrants, unsupported } = prepared;
  const runRounds = async (extent: Extent, keep: boolean): Promise<void> => {
    let fastestMs = 0;
    for (let round = 0; goesOn(extent, { round, fastestMs }); round++) {
      const roundMs: number[] = [];
      for (const entrant of shuffled(entrants, schedule.random)) {
        const durationMs = await checkedSample(job, entrant, schedule.signal);
        if (keep) entrant.samplesMs.push(durationMs);
        roundMs.push(durationMs * job.repeats);
      }
      fastestMs += Math.min(...roundMs);
    }
  };
  await runRounds(schedule.warmUp, false);
  await runRounds(schedule.timed, true);
  return {
    workload: job.workload,
    subjects: entrants.map(({ subject, samplesMs }) => ({ subject, samplesMs })),
    unsupported,
  };
}

interface Entrant {
  readonly subject: string;
  readonly execution: Execution;
  readonly samplesMs: number[];
}

async function prepareAll(job: Job, subjects: readonly Subject[]) {
  const entrants: Entrant[] = [];
  const unsupported: { subject: string; reason: string }[] = [];
  for (const subject of subjects) {
    const prepared = await subject.prepare(job);
    if (prepared.state === "unsupported") {
      unsupported.push({ subject: subject.name, reason: prepared.reason });
    } else {
      entrants.push({ subject: subject.name, execution: prepared.execution, samplesMs: [] });
    }
  }
  const dispose = (): void => {
    for (const { execution } of entrants) execution[Symbol.dispose]();
  };
  return { entrants, unsupported, [Symbol.dispose]: dispose };
}

function goesOn(
  { roundsMin, subjectMsMin }: Extent,
  { round, fastestMs }: { readonly round: number; readonly fastestMs: number },
): boolean {
  return round < roundsMin || (round < roundsForTimeMax && fastestMs < subjectMsMin);
}

/** Every result is checked, outside of what is timed; the first ones before any time counts. */
async function checkedSample(job: Job, entrant: Entrant, signal: AbortSignal): Promise<number> {
  await turn();
  signal.throwIfAborted();
  const { subject, execution } = entrant;
  try {
    execution.settle();
    const { durationMs, answers } = await sample(execution, job.repeats);
    for (const answer of answers) check(execution.read(answer), job);
    return durationMs;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError(`${job.workload} on ${subject}: ${reason}`, { cause });
  }
}

function check(actual: unknown, { expected }: Job): void {
  if (Object.is(actual, expected)) return;
  throw new BenchError(`expected ${JSON.stringify(expected)}, got ${String(actual)}`);
}

/** Lets signals in: what is timed never gives way. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
