/** What metering itself costs: bytes of the module, and time of what it runs. */
import { coreSubject } from "../bench/core-subject.ts";
import { BenchError, type Execution, type Subject } from "../bench/subject.ts";
import type { Job } from "../bench/workload.ts";
import { frozenOptions } from "./cost.ts";
import { meterModule } from "./meter-module.ts";
import { MeteredCores } from "./metered-cores.ts";

export interface Metering {
  readonly bytes: number;
  readonly meteredBytes: number;
  /**
   * Time metered to time as shipped: the geometric mean over the jobs of the median over the
   * rounds; absent without jobs.
   */
  readonly timeRatio?: number;
}

export interface MeteringOptions {
  /** Run both ways, one directly after the other. None: sizes alone. */
  readonly jobs: readonly Job[];
  /** Pairs that count for each job, behind two that don't. */
  readonly rounds: number;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

const warmUpRounds = 2;

export async function meteringOf(
  wasm: Uint8Array<ArrayBuffer>,
  options: MeteringOptions,
): Promise<Metering> {
  const metered = meterModule(wasm, { mode: "total" }).wasm;
  const sizes = { bytes: wasm.length, meteredBytes: metered.length };
  if (options.jobs.length === 0) return sizes;
  const plain = { axes: {}, options: frozenOptions };
  const shipped = await coreSubject({ name: "shipped", wasm, ...plain });
  let logarithms = 0;
  for (const job of options.jobs) {
    const { load } = new MeteredCores();
    const counted = await coreSubject({ name: "metered", wasm: metered, load, ...plain });
    logarithms += Math.log(await ratioOf(job, { shipped, counted, options }));
  }
  return { ...sizes, timeRatio: Math.exp(logarithms / options.jobs.length) };
}

async function ratioOf(
  job: Job,
  sides: {
    readonly shipped: Subject;
    readonly counted: Subject;
    readonly options: MeteringOptions;
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
