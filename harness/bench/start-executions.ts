/** Executions that make Lua states: instances, compiled modules, evals in states of their own. */
import type { Core } from "../../runtime/core/core.ts";
import type { Result } from "../../runtime/instance/result.ts";
import { freshModule, markBytes } from "./fresh-module.ts";
import { firstValueOf } from "./reading.ts";
import { BenchError, type Execution } from "./subject.ts";
import type { Job } from "./workload.ts";

/** One execution makes an instance and its Lua state; the way in says of what. */
export class StartExecution implements Execution {
  readonly isAsync = true;
  readonly #load: () => Promise<Core>;
  readonly #job: Job;

  constructor(load: () => Promise<Core>, job: Job) {
    this.#load = load;
    this.#job = job;
  }

  settle(): void {}

  run(): Promise<Core> {
    return this.#load();
  }

  /** `run` gave it, so it is a Core; it is used up here. */
  read(answer: unknown): unknown {
    using core = answer as Core;
    return firstValueOf(core.compute(this.#job.code));
  }

  [Symbol.dispose](): void {}
}

/** How many wasms were made to differ from all before them, whichever subject asked. */
let wasmsMade = 0;

/**
 * A loader of cores from bytes that this process has not seen: V8 keeps compiled code by a module's
 * bytes, so that each time a custom section at the end says something else.
 */
export function coldLoader(
  wasm: Uint8Array<ArrayBuffer>,
  load: (source: Uint8Array<ArrayBuffer>) => Promise<Core>,
): () => Promise<Core> {
  const bytes = freshModule(wasm, 0);
  const serial = new DataView(bytes.buffer, bytes.length - markBytes);
  return () => {
    wasmsMade += 1;
    serial.setUint32(0, wasmsMade, true);
    // The engine copies the bytes before it gives way.
    return load(bytes);
  };
}

/** One execution evaluates the program as often as its size says, in the state that is there. */
export class PersistentEvalExecution implements Execution {
  readonly isAsync = false;
  readonly #core: Core;
  readonly #job: Job;

  constructor(core: Core, job: Job) {
    this.#core = core;
    this.#job = job;
  }

  settle(): void {
    this.#core.runGc();
  }

  run(): readonly Result[] {
    const { code, size } = this.#job;
    return Array.from({ length: size }, () => this.#core.compute(code));
  }

  /** `run` gave it, so it is results. */
  read(answer: unknown): unknown {
    return sameValueOf(answer as readonly Result[]);
  }

  [Symbol.dispose](): void {
    this.#core.dispose();
  }
}

/** The same, each eval in a Lua state that is made for it and closed behind it. */
export class FreshEvalExecution implements Execution {
  readonly isAsync = true;
  readonly #load: () => Promise<Core>;
  readonly #job: Job;

  constructor(load: () => Promise<Core>, job: Job) {
    this.#load = load;
    this.#job = job;
  }

  settle(): void {}

  async run(): Promise<readonly Result[]> {
    const { code, size } = this.#job;
    const results: Result[] = [];
    for (let i = 0; i < size; i++) {
      using core = await this.#load();
      results.push(core.compute(code));
    }
    return results;
  }

  /** `run` gave it, so it is results. */
  read(answer: unknown): unknown {
    return sameValueOf(answer as readonly Result[]);
  }

  [Symbol.dispose](): void {}
}

function sameValueOf(results: readonly Result[]): unknown {
  const values = new Set(results.map(firstValueOf));
  if (values.size === 1) return [...values][0];
  throw new BenchError(`the evals gave ${values.size} different values: ${[...values].join(", ")}`);
}
