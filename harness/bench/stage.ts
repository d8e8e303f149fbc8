/** A measurement whole: process after process, until each verdict is clear or the time is up. */
import type { Worker } from "../engine/engine.ts";
import type { TimingRecord } from "../record/record.ts";
import { learnNoise, noiseOf, twinName } from "../statistics/noise.ts";
import { looksAtProcesses, verdictOf } from "../statistics/verdict.ts";
import { Collection } from "./collection.ts";
import { runProcess } from "./process-run.ts";
import type { CoreSpec, Order, WrongReply } from "./protocol.ts";

/** Who is timed. */
export interface Lineup {
  /** The first is the base: all others are compared with it, and it has a twin. */
  readonly cores: readonly CoreSpec[];
  readonly peers: Order["peers"];
  readonly facts: Order["facts"];
}

export interface StageOptions {
  readonly workloads: readonly string[];
  /** For everything. Rounds that have begun are ended, and a few are always run. */
  readonly budgetMs: number;
  /** How many processes at most; no verdict stands on fewer than 4. */
  readonly processes: number;
  /** Exactly so many rounds in each process after the first; else as the time allows. */
  readonly rounds?: number;
  readonly seed: number;
  /** What difference matters: "equal" is said of less alone. */
  readonly precisionPercent: number;
  readonly engine: { readonly name: string; readonly version: string };
  /** Starts a process that serves an order (serve.ts). */
  readonly start: () => Worker;
  /** In milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StageEvent) => void;
}

export type StageEvent =
  | { readonly kind: "process"; readonly process: number; readonly workloads: number }
  | { readonly kind: "workload"; readonly process: number; readonly workload: string }
  | { readonly kind: "unsettled"; readonly process: number; readonly workload: string }
  /** A workload has no figure: a result of it is wrong, or its process died or hung. */
  | WrongReply
  | {
      readonly kind: "unsupported";
      readonly workload: string;
      readonly subject: string;
      readonly reason: string;
    }
  | { readonly kind: "decided"; readonly workload: string; readonly processes: number };

/** Fewer have no interval that a verdict could stand on. */
const processesMin = Math.min(...looksAtProcesses);

/**
 * Yields the records of a workload when nothing more of it is timed: of every core, of the base's
 * twin, of each peer that supports it. A workload with a wrong result is told as an event, and the
 * others go on. Throws BenchError when a process dies at its start, and the signal's reason when it
 * is aborted.
 */
export async function* benchStage(
  lineup: Lineup,
  options: StageOptions,
): AsyncGenerator<TimingRecord> {
  const [base] = lineup.cores;
  if (base === undefined) return;
  const twin = { ...base, name: twinName(base.name), role: "twin" as const };
  const cores = [...lineup.cores, twin];
  const stage: Stage = {
    ...{ lineup: { ...lineup, cores }, base: base.name, twin: twin.name, options },
    collection: new Collection({ cores, engine: options.engine }),
    told: new Set(),
    wrong: new Set(),
    begunMs: options.now(),
  };
  let active = options.workloads;
  try {
    for (let process = 0; process < options.processes && active.length > 0; process++) {
      if (process >= processesMin && options.rounds === undefined && leftMs(stage) <= 0) break;
      await timeOnce(stage, { process, active });
      const decided = active.filter((each) => !stage.wrong.has(each) && isDecided(stage, each));
      for (const workload of decided) {
        const processes = stage.collection.processesOf(workload);
        options.onEvent({ kind: "decided", workload, processes });
        yield* stage.collection.recordsOf(workload);
      }
      active = active.filter((each) => !decided.includes(each) && !stage.wrong.has(each));
    }
  } catch (error) {
    // What was measured before an interruption is kept.
    yield* recordsOf(stage, active);
    throw error;
  }
  yield* recordsOf(stage, active);
}

function* recordsOf({ collection, wrong }: Stage, workloads: readonly string[]) {
  for (const each of workloads) if (!wrong.has(each)) yield* collection.recordsOf(each);
}

interface Stage {
  readonly lineup: Lineup;
  readonly base: string;
  readonly twin: string;
  readonly options: StageOptions;
  readonly collection: Collection;
  /** What was told once. */
  readonly told: Set<string>;
  /** Workloads that have a wrong result, and so no figure. */
  readonly wrong: Set<string>;
  readonly begunMs: number;
}

interface Turn {
  readonly process: number;
  readonly active: readonly string[];
}

function leftMs({ options, begunMs }: Stage): number {
  return options.budgetMs - (options.now() - begunMs);
}

/** One process over the workloads that are still open. */
async function timeOnce(stage: Stage, { process, active }: Turn): Promise<void> {
  const { lineup, options, collection } = stage;
  const workloads = active.filter((workload) => takesPart(stage, workload, { process, active }));
  if (workloads.length === 0) return;
  options.onEvent({ kind: "process", process, workloads: workloads.length });
  await runProcess({
    order: {
      ...{ kind: "order", cores: [...lineup.cores], peers: lineup.peers, facts: lineup.facts },
      workloads,
      budgetMs: Math.max(0, leftMs(stage) / (options.processes - process)),
      ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
      seed: options.seed + process,
    },
    start: options.start,
    signal: options.signal,
    onReply: (reply) => {
      if (reply.kind === "begin") {
        options.onEvent({ kind: "workload", process, workload: reply.workload });
        return;
      }
      if (reply.kind === "wrong") {
        stage.wrong.add(reply.workload);
        options.onEvent(reply);
        return;
      }
      collection.add(process, reply);
      tellOf(stage, process, reply);
    },
  });
}

function tellOf(
  { options, told }: Stage,
  process: number,
  { workload, isSettled, unsupported }: Parameters<Collection["add"]>[1],
): void {
  if (!isSettled) options.onEvent({ kind: "unsettled", process, workload });
  for (const { subject, reason } of unsupported) {
    const key = JSON.stringify([workload, subject]);
    if (told.has(key)) continue;
    told.add(key);
    options.onEvent({ kind: "unsupported", workload, subject, reason });
  }
}

/**
 * A workload that takes long sits processes out, as long as enough are left for a verdict: it must
 * not take the time of all others.
 */
function takesPart({ collection, options }: Stage, workload: string, turn: Turn): boolean {
  if (options.rounds !== undefined) return true;
  const done = collection.processesOf(workload);
  const processesLeft = options.processes - turn.process;
  if (processesLeft <= processesMin - done) return true;
  const usedMs = options.workloads.map((each) => collection.tookMsOf(each));
  const shareMs = usedMs.reduce((sum, each) => sum + each, 0) / usedMs.length;
  return collection.tookMsOf(workload) <= longFactor * shareMs || done === 0;
}

/** Who has used more than so many fair shares of the time sits out. */
const longFactor = 2;

/** Looked at after so many processes as `looksAtProcesses` says, never in between. */
function isDecided({ collection, options, base, twin }: Stage, workload: string): boolean {
  if (!looksAtProcesses.includes(collection.processesOf(workload))) return false;
  const series = collection.seriesOf(workload);
  const baseSeries = series.get(base);
  if (baseSeries === undefined) return false;
  const noise = noiseOf(learnNoise(collection.twinPairs()), workload);
  const { precisionPercent } = options;
  return [...series].every(([name, subject]) => {
    if (name === base || name === twin) return true;
    const question = { base: baseSeries, subject, noise, precisionPercent, isLook: true };
    return verdictOf(question).verdict !== "undecided";
  });
}
