/**
 * A lane of the run: a worker that is kept over many cells, watched, and replaced when it dies.
 * Each case that is asked for gets exactly one outcome, whatever the case does to its worker.
 */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { Engine, Worker } from "../engine/engine.ts";
import { exchange, type WorkerGone } from "../engine/watched.ts";
import type { Outcome } from "../suite/case.ts";
import { type Job, type Reply, replySchema } from "./protocol.ts";

/** A case of a job, and how long it may take. */
export interface TimedCase {
  readonly id: string;
  readonly limitMs: number;
}

export interface LaneJob {
  readonly job: Omit<Job, "kind" | "cases">;
  readonly cases: readonly TimedCase[];
  readonly signal: AbortSignal;
  readonly onStart: (caseId: string) => void;
  readonly onOutcome: (caseId: string, outcome: Outcome) => void;
}

/** The job could not begin for a reason of ours: no case is to blame. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** How long a worker may take to boot, load the suites and compile a wasm between two cases. */
const idleLimitMs = 60_000;

class Lane {
  readonly #engine: Engine;
  #worker: Worker | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Runs the cases in order and resolves when each has its outcome, or when `signal` ends it: then
   * the rest has none. Throws JobError when the worker cannot serve the job at all.
   */
  async run(laneJob: LaneJob): Promise<void> {
    let remaining = laneJob.cases;
    while (remaining.length > 0 && !laneJob.signal.aborted) {
      const worker = this.#worker ?? this.#engine.start();
      this.#worker = worker;
      const attempt = new Attempt(worker, remaining, laneJob);
      const isUsable = await attempt.run();
      remaining = attempt.remaining;
      if (isUsable) return;
      this.#worker = undefined;
    }
  }

  close(): void {
    this.#worker?.kill();
    this.#worker = undefined;
  }
}

/** The lanes of a stage: as many of an engine as are used side by side, kept until its end. */
export class Lanes implements Disposable {
  readonly #idle = new Map<string, Lane[]>();

  /** Runs the job on a lane that is idle, or on a new one. */
  async run(engine: Engine, job: LaneJob): Promise<void> {
    const idle = this.#idle.get(engine.name) ?? [];
    this.#idle.set(engine.name, idle);
    const lane = idle.pop() ?? new Lane(engine);
    try {
      await lane.run(job);
    } finally {
      if (job.signal.aborted) lane.close();
      else idle.push(lane);
    }
  }

  [Symbol.dispose](): void {
    for (const lane of [...this.#idle.values()].flat()) lane.close();
  }
}

/** The cases that one worker runs before it is done or dies. */
class Attempt {
  remaining: readonly TimedCase[];
  readonly #worker: Worker;
  readonly #laneJob: LaneJob;
  #current: TimedCase | undefined;

  constructor(worker: Worker, cases: readonly TimedCase[], laneJob: LaneJob) {
    this.#worker = worker;
    this.remaining = cases;
    this.#laneJob = laneJob;
  }

  /** Whether the worker can be used again. Throws JobError when it can't serve the job at all. */
  async run(): Promise<boolean> {
    const { job, signal } = this.#laneJob;
    const request: Job = { kind: "job", ...job, cases: this.remaining.map(({ id }) => id) };
    this.#worker.takeOutput();
    const end = await exchange({
      worker: this.#worker,
      request,
      schema: replySchema,
      signal,
      limitMs: () => this.#current?.limitMs ?? idleLimitMs,
      take: (reply) => this.#take(reply),
    });
    if (end.kind === "gone") this.#charge(end);
    return end.kind === "answered";
  }

  #take(reply: Reply): "done" | undefined {
    switch (reply.kind) {
      case "start":
        this.#current = this.remaining.find(({ id }) => id === reply.case);
        this.#laneJob.onStart(reply.case);
        this.#worker.takeOutput();
        return undefined;
      case "outcome":
        this.#settle(reply.case, reply.outcome);
        return undefined;
      case "done":
        return "done";
      case "job-failed":
        this.#worker.kill();
        throw new JobError(`${this.#laneJob.job.subject.id}: ${reply.message}`);
      default:
        return assertNever(reply);
    }
  }

  /** The worker is gone: the case that ran is charged, or the next when none had begun. */
  #charge({ reason, silentMs, output }: WorkerGone): void {
    const charged = this.#current ?? this.remaining[0];
    if (charged === undefined) return;
    if (silentMs !== undefined && this.#current !== undefined) {
      return this.#settle(charged.id, { state: "timeout", limitMs: charged.limitMs });
    }
    const when = this.#current === undefined ? " before the case began" : "";
    const message = `the worker ended${when}: ${reason}\n${output}`.trim();
    return this.#settle(charged.id, { state: "crash", message });
  }

  #settle(caseId: string, outcome: Outcome): void {
    if (!this.remaining.some(({ id }) => id === caseId)) return;
    this.remaining = this.remaining.filter(({ id }) => id !== caseId);
    this.#current = undefined;
    this.#laneJob.onOutcome(caseId, outcome);
  }
}
