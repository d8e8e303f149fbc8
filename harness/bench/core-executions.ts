/** Executions in one core that lives as long as its job: programs, and saved states. */
import type { Core, Done } from "../../runtime/core/core.ts";
import type { Failure, Result } from "../../runtime/instance/result.ts";
import { firstValueOf } from "./reading.ts";
import { BenchError, type Execution } from "./subject.ts";
import { executeCode } from "./workload.ts";

/** One execution computes `code`. */
export class ComputeExecution implements Execution {
  readonly isAsync = false;
  readonly #core: Core;
  readonly #code: string;
  readonly #read: (result: Result) => unknown;

  constructor(
    core: Core,
    { code, read }: { readonly code: string; readonly read: (result: Result) => unknown },
  ) {
    this.#core = core;
    this.#code = code;
    this.#read = read;
  }

  settle(): void {
    this.#core.runGc();
  }

  run(): Result {
    return this.#core.compute(this.#code);
  }

  /** `run` gave it, so it is a Result. */
  read(answer: unknown): unknown {
    return this.#read(answer as Result);
  }

  [Symbol.dispose](): void {
    this.#core.dispose();
  }
}

/** How a state is saved and brought back. The programs of workloads are ours: they are trusted. */
export interface SavedForm {
  save(core: Core): Uint8Array;
  load(core: Core, saved: Uint8Array): void;
}

export const snapshotForm: SavedForm = {
  save: (core) => {
    const taken = core.snapshot();
    if (taken.ok) return taken.bytes;
    throw new BenchError(`${taken.code}: ${String(taken.error)}`);
  },
  load: (core, saved) => check(core.restore(saved, { bytecode: "trusted" })),
};

export const imageForm: SavedForm = {
  save: (core) => core.image(),
  load: (core, saved) => check(core.loadImage(saved, { bytecode: "trusted" })),
};

function check(done: Done | Failure): void {
  if (!done.ok) throw new BenchError(`${done.code}: ${String(done.error)}`);
}

/** One execution saves the core's state; the check brings it back in another core. */
export class SaveExecution implements Execution {
  readonly isAsync = false;
  readonly #core: Core;
  readonly #checker: Core;
  readonly #form: SavedForm;

  constructor(core: Core, { form, checker }: { readonly form: SavedForm; readonly checker: Core }) {
    this.#core = core;
    this.#checker = checker;
    this.#form = form;
  }

  settle(): void {
    this.#core.runGc();
  }

  run(): Uint8Array {
    return this.#form.save(this.#core);
  }

  /** `run` gave it, so it is bytes. */
  read(answer: unknown): unknown {
    this.#form.load(this.#checker, answer as Uint8Array);
    return firstValueOf(this.#checker.compute(executeCode));
  }

  [Symbol.dispose](): void {
    this.#core.dispose();
    this.#checker.dispose();
  }
}

/** One execution brings back the state that the core had at the beginning. */
export class LoadExecution implements Execution {
  readonly isAsync = false;
  readonly #core: Core;
  readonly #form: SavedForm;
  readonly #saved: Uint8Array;

  constructor(core: Core, form: SavedForm) {
    this.#core = core;
    this.#form = form;
    this.#saved = form.save(core);
  }

  settle(): void {
    this.#core.runGc();
  }

  run(): void {
    this.#form.load(this.#core, this.#saved);
  }

  read(): unknown {
    return firstValueOf(this.#core.compute(executeCode));
  }

  [Symbol.dispose](): void {
    this.#core.dispose();
  }
}
