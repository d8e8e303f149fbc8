/** A core of ours as a subject: one compiled module, a fresh core for each job. */

import type { Core } from "../../runtime/core/core.ts";
import { loadCore } from "../../runtime/core/load.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";
import type { CoreSource } from "../../runtime/instance/compile.ts";
import {
  ComputeExecution,
  imageForm,
  LoadExecution,
  SaveExecution,
  snapshotForm,
} from "./core-executions.ts";
import { digestOf, firstValueOf } from "./reading.ts";
import {
  coldLoader,
  FreshEvalExecution,
  PersistentEvalExecution,
  StartExecution,
} from "./start-executions.ts";
import type { Execution, Subject } from "./subject.ts";
import { executeCode, type Job } from "./workload.ts";

export interface CoreSubjectOptions {
  readonly name: string;
  readonly axes: Readonly<Record<string, string>>;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** Of every core that is loaded. */
  readonly options?: CoreOptions;
  /** Makes every core that a job asks for; `loadCore` when absent. */
  readonly load?: CoreLoader;
}

export type CoreLoader = (source: CoreSource, options: CoreOptions) => Promise<Core>;

/** Compiles the wasm anew; an engine may still share the code of equal bytes (V8 does). */
export async function coreSubject({
  name,
  axes,
  wasm,
  options = {},
  load = loadCore,
}: CoreSubjectOptions): Promise<Subject> {
  const module = await WebAssembly.compile(wasm);
  const warm = (): Promise<Core> => load(module, options);
  const cold = coldLoader(wasm, (source) => load(source, options));
  return {
    name,
    axes,
    prepare: async (job) => ({
      state: "ready",
      execution: await executionOf(job, { warm, cold }),
    }),
  };
}

interface Loaders {
  /** Of the compiled module. */
  readonly warm: () => Promise<Core>;
  /** Of bytes that the engine compiles anew. */
  readonly cold: () => Promise<Core>;
}

async function executionOf(job: Job, { warm, cold }: Loaders): Promise<Execution> {
  switch (job.action) {
    case "run-program":
      return new ComputeExecution(await warm(), { code: job.code, read: firstValueOf });
    case "take-result":
      return new ComputeExecution(await warm(), { code: job.code, read: digestOf });
    case "call-program":
      return new ComputeExecution(await programmed(await warm(), job), {
        code: executeCode,
        read: firstValueOf,
      });
    case "persistent-eval":
      return new PersistentEvalExecution(await warm(), job);
    case "fresh-eval":
      return new FreshEvalExecution(warm, job);
    case "start-core":
      return new StartExecution(warm, job);
    case "compile-core":
      return new StartExecution(cold, job);
    case "snapshot":
      return new SaveExecution(await programmed(await warm(), job), {
        form: snapshotForm,
        checker: await warm(),
      });
    case "image":
      return new SaveExecution(await programmed(await warm(), job), {
        form: imageForm,
        checker: await warm(),
      });
    case "restore":
      return new LoadExecution(await programmed(await warm(), job), snapshotForm);
    case "load-image":
      return new LoadExecution(await programmed(await warm(), job), imageForm);
  }
}

/** The core with what the program makes in it. */
async function programmed(core: Core, { code }: Job): Promise<Core> {
  firstValueOf(core.compute(code));
  return core;
}
