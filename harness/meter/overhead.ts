/** What metering itself costs in time. */
import { coreSubject } from "../bench/core-subject.ts";
import { BenchError, type Execution, type Subject } from "../bench/subject.ts";
import type { Job } from "../bench/workload.ts";
import { frozenOptions } from "./cost.ts";
import { MeteredCores } from "./metered-cores.ts";

export interface OverheadOptions {
  /** At least one; run both ways, one directly after the other. */
  readonly jobs: readonly Job[];
  /** Pairs that count for each job, behind two that don't. */
  readonly rounds: number;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

const warmUpRounds = 2;

/**
 * Time metered to time as shipped: the geometric mean over the jobs of the median over the rounds.
 * Throws BenchError when a job fails.
 */
export async function timeRatioOf(
  { plain, metered }: Readonly<Record<"plain" | "metered", Uint8Array<ArrayBuffer>>>,
  options: OverheadOptions,
): Promise<number> {
  const common = { axes: {}, options: frozenOptions };
  const shipped = await coreSubject({ name: "shipped", wasm: plain, ...common });
  let logarithms = 0;
  for (const job of options.jobs) {
    const { load } = new MeteredCores();
    const counted = await coreSubject({ name: "metered", wasm: metered, load, ...common });
    logarithms += Math.log(await ratioOf(job, { shipped, counted, options }));
  }
  return Math.exp(logarithms / options.jobs.length);
}

async function ratioOf(
  job: Job,
  sides: {
    readonly shipped: Subject;
    readonly counted: Subject;
    readonly options: OverheadOptions;
  },
): Promise<number> {
  const { rounds, nowMs } = sides.options;
  using shipped = await ready(sides.shipped, job);
  using counted = await ready(sides.counted, job);
  const ratios: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    // Who comes second finds warmer caches: they take turns.
    const order = round % 2 === 0 ? [shipped, counted] : [counted, shipped];
    const tookMs = new Map<Execution, number>();
    for (const execution of order) tookMs.set(execution, await timeOf(execution, { job, nowMs }));
    const ratio = (tookMs.get(counted) ?? Number.NaN) / (tookMs.get(shipped) ?? Number.NaN);
    if (round >= warmUpRounds) ratios.push(ratio);
  }
  return ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

async function ready(subject: Subject, job: Job): Promise<Execution> {
  const prepared = await subject.prepare(job);
  if (prepared.state === "ready") return prepared.execution;
  throw new BenchError(`${job.workload} on ${subject.name}: ${prepared.reason}`);
}

async function timeOf(
  execution: Execution,
  { job, nowMs }: { readonly job: Job; readonly nowMs: () => number },
): Promise<number> {
  execution.settle();
  const startMs = nowMs();
  const answer = await execution.run();
  const tookMs = nowMs() - startMs;
  const value = execution.read(answer);
  if (Object.is(value, job.expected)) return tookMs;
  throw new BenchError(`${job.workload}: expected ${job.expected}, got ${String(value)}`);
}
