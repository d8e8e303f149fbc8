/** The peer wasmoon: Lua 5.4 built by Emscripten, through its synchronous API. */
import type { LuaEngine } from "wasmoon";
import type { Subject } from "../subject.ts";
import { type PeerState, stateSubject } from "./state-subject.ts";

export function wasmoonSubject(version: string | undefined): Subject {
  return stateSubject({ name: "wasmoon", version, open: opener() });
}

/** As an application does it: one factory, which loads the wasm once, and an engine per state. */
function opener(): () => Promise<PeerState> {
  let loading: Promise<() => Promise<LuaEngine>> | undefined;
  return async () => {
    loading ??= import("wasmoon").then(({ LuaFactory }) => {
      const factory = new LuaFactory();
      return () => factory.createEngine();
    });
    const make = await loading;
    return new WasmoonState(await make());
  };
}

/**
 * `doStringSync` compiles and runs the code and returns its first value, as `compute` does; the
 * asynchronous `doString` runs it in a coroutine, which would be another thing timed.
 */
class WasmoonState implements PeerState {
  readonly #engine: LuaEngine;
  readonly #stackTop: number;

  constructor(engine: LuaEngine) {
    this.#engine = engine;
    this.#stackTop = engine.global.getTop();
  }

  evaluate(code: string): unknown {
    return this.#engine.doStringSync(code);
  }

  collect(): void {
    this.#engine.doStringSync("collectgarbage()");
    // Results stay on its stack, which would grow from call to call.
    this.#engine.global.setTop(this.#stackTop);
  }

  close(): void {
    this.#engine.global.close();
  }
}
