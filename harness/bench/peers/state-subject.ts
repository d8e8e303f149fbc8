/** A peer that runs in this process: what is common to all that have Lua states to evaluate in. */
import { BenchError, type Execution, type Preparation, type Subject } from "../subject.ts";
import { executeCode, type Job } from "../workload.ts";
import { whyNoPeer } from "./unsupported.ts";

/** One Lua state of a peer. */
export interface PeerState {
  /** Compiles and runs the code; returns its first value. Throws what the peer throws. */
  evaluate(code: string): unknown;
  /** A full garbage collection, where the peer has one. */
  collect(): void;
  close(): void;
}

export interface PeerOptions {
  /** The npm package's name. */
  readonly name: string;
  /** Absent where the package is not installed: every job is then unsupported. */
  readonly version: string | undefined;
  /** Makes a Lua state with its libraries. */
  open(): Promise<PeerState>;
}

export function stateSubject({ name, version, open }: PeerOptions): Subject {
  const opening = async (): Promise<PeerState> => {
    try {
      return await open();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new BenchError(`${name} does not start: ${why}`, { cause });
    }
  };
  return {
    name: version === undefined ? name : `${name}-${version}`,
    axes: {},
    prepare: async (job) => {
      if (version === undefined) return unsupported(`${name} is not installed: npm ci`);
      const reason = whyNoPeer(job);
      if (reason !== undefined) return unsupported(reason);
      return { state: "ready", execution: await executionOf(job, opening) };
    },
  };
}

function unsupported(reason: string): Preparation {
  return { state: "unsupported", reason };
}

async function executionOf(job: Job, open: PeerOptions["open"]): Promise<Execution> {
  if (job.action === "fresh-eval") return new FreshEvalExecution(job, open);
  const state = await open();
  if (job.action === "persistent-eval") {
    return new StateExecution(state, { code: job.code, evals: job.size });
  }
  if (job.action === "call-program") {
    state.evaluate(job.code);
    return new StateExecution(state, { code: executeCode, evals: 1 });
  }
  return new StateExecution(state, { code: job.code, evals: 1 });
}

/** One execution evaluates the code, as often as `evals` says; all must give one value. */
class StateExecution implements Execution {
  readonly isAsync = false;
  readonly #state: PeerState;
  readonly #code: string;
  readonly #evals: number;

  constructor(
    state: PeerState,
    { code, evals }: { readonly code: string; readonly evals: number },
  ) {
    this.#state = state;
    this.#code = code;
    this.#evals = evals;
  }

  settle(): void {
    this.#state.collect();
  }

  run(): Set<unknown> {
    const values = new Set<unknown>();
    for (let i = 0; i < this.#evals; i++) values.add(this.#state.evaluate(this.#code));
    return values;
  }

  read(answer: unknown): unknown {
    return onlyOf(answer);
  }

  [Symbol.dispose](): void {
    this.#state.close();
  }
}

/** The same, each eval in a state that is made for it and closed behind it. */
class FreshEvalExecution implements Execution {
  readonly isAsync = true;
  readonly #job: Job;
  readonly #open: PeerOptions["open"];

  constructor(job: Job, open: PeerOptions["open"]) {
    this.#job = job;
    this.#open = open;
  }

  settle(): void {}

  async run(): Promise<Set<unknown>> {
    const values = new Set<unknown>();
    for (let i = 0; i < this.#job.size; i++) {
      const state = await this.#open();
      values.add(state.evaluate(this.#job.code));
      state.close();
    }
    return values;
  }

  read(answer: unknown): unknown {
    return onlyOf(answer);
  }

  [Symbol.dispose](): void {}
}

function onlyOf(values: unknown): unknown {
  if (values instanceof Set && values.size === 1) return [...values][0];
  throw new BenchError("the evals of one execution gave different values");
}
