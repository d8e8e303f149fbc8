/** A core of ours as a subject: one compiled module, a fresh core for each job. */
import type { Core } from "../core/core.ts";
import { loadCore } from "../core/load.ts";
import type { Result } from "../core/result.ts";
import { BenchError, type Execution, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

export interface CoreSubjectOptions {
  readonly name: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** Compiles the wasm anew; an engine may still share the code of equal bytes (V8 does). */
export async function coreSubject({ name, axes, wasm }: CoreSubjectOptions): Promise<Subject> {
  const module = await WebAssembly.compile(wasm);
  return {
    name,
    axes,
    prepare: async (job) => ({
      state: "ready",
      execution:
        job.action === "start-core"
          ? new StartExecution(module, job)
          : new ProgramExecution(await loadCore(module), job),
    }),
  };
}

class ProgramExecution implements Execution {
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

  run(): Result {
    return this.#core.compute(this.#job.code);
  }

  /** `run` gave it, so it is a Result. */
  read(answer: unknown): unknown {
    return firstValueOf(answer as Result);
  }

  [Symbol.dispose](): void {
    this.#core.dispose();
  }
}

class StartExecution implements Execution {
  readonly isAsync = true;
  readonly #module: WebAssembly.Module;
  readonly #job: Job;

  constructor(module: WebAssembly.Module, job: Job) {
    this.#module = module;
    this.#job = job;
  }

  settle(): void {}

  run(): Promise<Core> {
    return loadCore(this.#module);
  }

  /** `run` gave it, so it is a Core; it is used up here. */
  read(answer: unknown): unknown {
    using core = answer as Core;
    return firstValueOf(core.compute(this.#job.code));
  }

  [Symbol.dispose](): void {}
}

function firstValueOf(result: Result): unknown {
  if (result.ok) return result.values[0];
  throw new BenchError(`${result.code}: ${String(result.error)}`);
}
