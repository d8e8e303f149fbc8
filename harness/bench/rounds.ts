/** The rounds of one job in one process: who is timed when, for how long, and what counts. */
import { shuffled } from "../statistics/random.ts";
import { judgeWarmUp } from "../statistics/warm-up.ts";
import { sample } from "./sample.ts";
import { BenchError, type Execution, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

export interface RoundsOptions {
  /** How long the rounds go on. A round that has begun is ended, and some are always run. */
  readonly budgetMs: number;
  /** Exactly so many after the first, whatever they take. */
  readonly rounds?: number;
  /** The smallest step of the clock. */
  readonly resolutionMs: number;
  /** Orders the rounds (statistics/random.ts). */
  readonly random: () => number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Raw: statistics are computed when it is read. */
export interface JobRounds {
  readonly workload: string;
  /** Those that were timed, in the order given. */
  readonly subjects: readonly SubjectRounds[];
  readonly unsupported: readonly { readonly subject: string; readonly reason: string }[];
  /** Rounds before the first that counts; their samples are left out. */
  readonly warmUpRounds: number;
  /** False when the times were still falling where they were to count. */
  readonly isSettled: boolean;
}

export interface SubjectRounds {
  readonly subject: string;
  /** Of one execution. */
  readonly samplesMs: readonly number[];
  /** The number of each sample's round. */
  readonly rounds: readonly number[];
}

/** The first, which is never counted, and two that are; one where the time is long up. */
const roundsMin = 3;
const roundsLateMin = 2;
const lateFactor = 2;
/** Of short workloads: more of one process says nothing that another one would not say better. */
const roundsMax = 40;
/** A sample must be so many times as long as a step of the clock: then it is off by 0.1 %. */
const stepsPerSample = 1_000;
/** Who takes more than so many times what is usual sits some rounds out. */
const heavyFactor = 4;

/** Throws BenchError when a result is wrong, and the signal's reason when it is aborted. */
export async function timeRounds(
  job: Job,
  subjects: readonly Subject[],
  options: RoundsOptions,
): Promise<JobRounds> {
  using prepared = await prepareAll(job, subjects);
  const { entrants, unsupported } = prepared;
  const begunMs = options.now();
  let lastMs = begunMs;
  let longestMs = 0;
  for (let round = 0; ; round++) {
    const elapsedMs = lastMs - begunMs;
    const isLast = isLastRound({ round, elapsedMs, longestMs }, options);
    await runRound({ job, entrants, round, isLast }, options);
    const nowMs = options.now();
    if (round > 0) longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isLast) break;
  }
  return { workload: job.workload, unsupported, ...counted(entrants) };
}

interface Progress {
  readonly round: number;
  /** Before this round. */
  readonly elapsedMs: number;
  /** Of the rounds so far, but for the first. */
  readonly longestMs: number;
}

function isLastRound(
  { round, elapsedMs, longestMs }: Progress,
  { rounds, budgetMs }: RoundsOptions,
): boolean {
  if (rounds !== undefined) return round >= rounds;
  const count = round + 1;
  if (count >= roundsMax) return true;
  const isLate = elapsedMs >= lateFactor * budgetMs;
  return count >= (isLate ? roundsLateMin : roundsMin) && elapsedMs + longestMs >= budgetMs;
}

interface Entrant {
  readonly subject: string;
  readonly execution: Execution;
  /** Executions in one sample. */
  repeats: number;
  /** Takes part in each so-manieth round, the first and the last. */
  stride: number;
  readonly samplesMs: number[];
  readonly rounds: number[];
}

interface Round {
  readonly job: Job;
  readonly entrants: readonly Entrant[];
  readonly round: number;
  readonly isLast: boolean;
}

async function runRound(
  { job, entrants, round, isLast }: Round,
  options: RoundsOptions,
): Promise<void> {
  const takingPart = entrants.filter(({ stride }) => isLast || round % stride === 0);
  for (const entrant of shuffled(takingPart, options.random)) {
    const durationMs = await checkedSample(job, entrant, options.signal);
    entrant.samplesMs.push(durationMs);
    entrant.rounds.push(round);
    const stepsMs = stepsPerSample * options.resolutionMs;
    const spanMs = durationMs * entrant.repeats;
    if (spanMs < stepsMs) entrant.repeats *= Math.ceil(stepsMs / Math.max(spanMs, stepsMs / 100));
  }
  // Fixed rounds are asked for to be all there. The first round has what is done once.
  if (round === 1 && options.rounds === undefined) setStrides(entrants);
}

/** A peer that takes ten times as long must not cost the others nine tenths of their rounds. */
function setStrides(entrants: readonly Entrant[]): void {
  const spans = entrants.map(({ samplesMs, repeats }) => (samplesMs.at(-1) ?? 0) * repeats);
  const usualMs = spans.toSorted((a, b) => a - b)[Math.floor((spans.length - 1) / 2)] ?? 0;
  for (const [index, entrant] of entrants.entries()) {
    const factor = usualMs === 0 ? 1 : (spans[index] ?? 0) / usualMs;
    if (factor > heavyFactor) entrant.stride = Math.ceil(factor / heavyFactor) + 1;
  }
}

/** Drops the warm-up of all where the last of those that sat no round out ends it. */
function counted(
  entrants: readonly Entrant[],
): Pick<JobRounds, "subjects" | "warmUpRounds" | "isSettled"> {
  const steady = entrants.filter(({ stride }) => stride === 1);
  const { rounds: warmUpRounds, isSettled } = judgeWarmUp(steady.map(({ samplesMs }) => samplesMs));
  const subjects = entrants.map(({ subject, samplesMs, rounds }) => {
    const first = rounds.findIndex((round) => round >= warmUpRounds);
    return { subject, samplesMs: samplesMs.slice(first), rounds: rounds.slice(first) };
  });
  return { subjects, warmUpRounds, isSettled };
}

async function prepareAll(job: Job, subjects: readonly Subject[]) {
  const entrants: Entrant[] = [];
  const unsupported: { subject: string; reason: string }[] = [];
  const dispose = (): void => {
    for (const { execution } of entrants) execution[Symbol.dispose]();
  };
  try {
    for (const subject of subjects) {
      const prepared = await subject.prepare(job);
      if (prepared.state === "unsupported") {
        unsupported.push({ subject: subject.name, reason: prepared.reason });
        continue;
      }
      entrants.push({
        subject: subject.name,
        execution: prepared.execution,
        ...{ repeats: job.repeats, stride: 1, samplesMs: [], rounds: [] },
      });
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { entrants, unsupported, [Symbol.dispose]: dispose };
}

/** Every result is checked, outside of what is timed; the first ones before any time counts. */
async function checkedSample(job: Job, entrant: Entrant, signal: AbortSignal): Promise<number> {
  await turn();
  signal.throwIfAborted();
  const { subject, execution } = entrant;
  try {
    execution.settle();
    const { durationMs, answers } = await sample(execution, entrant.repeats);
    for (const answer of answers) check(execution.read(answer), job);
    return durationMs;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError(`${job.workload} on ${subject}: ${reason}`, { cause, subject });
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
