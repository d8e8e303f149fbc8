/** The peer wasmoon as a subject: Lua 5.4 built by Emscripten, through its synchronous API. */
import type { LuaEngine } from "wasmoon";
import { BenchError, type Execution, type Preparation, type Subject } from "./subject.ts";
import type { Job } from "./workload.ts";

/** `version` is absent where wasmoon is not installed: every job is then unsupported. */
export function wasmoonSubject(version: string | undefined): Subject {
  return {
    name: version === undefined ? "wasmoon" : `wasmoon-${version}`,
    axes: {},
    prepare: async (job) => {
      if (version === undefined) return unsupported("wasmoon is not installed: npm ci");
      if (job.needs !== undefined) return unsupported("wasmoon has no external tables");
      if (job.action === "start-core") return unsupported("only our cores are started");
      return await prepare(job);
    },
  };
}

function unsupported(reason: string): Preparation {
  return { state: "unsupported", reason };
}

async function prepare(job: Job): Promise<Preparation> {
  try {
    const { LuaFactory } = await import("wasmoon");
    const engine = await new LuaFactory().createEngine();
    return { state: "ready", execution: new WasmoonExecution(engine, job) };
  } catch (cause) {
    throw new BenchError(`wasmoon does not start: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * `doStringSync` compiles and runs the code and returns its first value, as `compute` does; the
 * asynchronous `doString` runs it in a coroutine, which would be another thing timed.
 */
class WasmoonExecution implements Execution {
  readonly isAsync = false;
  readonly #engine: LuaEngine;
  readonly #job: Job;
  readonly #stackTop: number;

  constructor(engine: LuaEngine, job: Job) {
    this.#engine = engine;
    this.#job = job;
    this.#stackTop = engine.global.getTop();
  }

  settle(): void {
    this.#engine.doStringSync("collectgarbage()");
    // Results stay on its stack, which would grow from call to call.
    this.#engine.global.setTop(this.#stackTop);
  }

  run(): unknown {
    return this.#engine.doStringSync(this.#job.code);
  }

  read(answer: unknown): unknown {
    return answer;
  }

  [Symbol.dispose](): void {
    this.#engine.global.close();
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
