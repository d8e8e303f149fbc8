/** The peer fengari: Lua 5.3 in JavaScript, without wasm. Its integers have 32 bits. */
import type { LuaThread } from "fengari";
import { BenchError, type Subject } from "../subject.ts";
import { type PeerState, stateSubject } from "./state-subject.ts";

export function fengariSubject(version: string | undefined): Subject {
  const open = async (): Promise<PeerState> => {
    return new FengariState(await import("fengari"));
  };
  return stateSubject({ name: "fengari", version, open });
}

type Fengari = typeof import("fengari");

class FengariState implements PeerState {
  readonly #fengari: Fengari;
  readonly #thread: LuaThread;

  constructor(fengari: Fengari) {
    this.#fengari = fengari;
    this.#thread = fengari.lauxlib.luaL_newstate();
    fengari.lualib.luaL_openlibs(this.#thread);
  }

  evaluate(code: string): unknown {
    const { lua, lauxlib, to_jsstring, to_luastring } = this.#fengari;
    const thread = this.#thread;
    const bytes = to_luastring(code);
    const loaded = lauxlib.luaL_loadbuffer(thread, bytes, bytes.length, to_luastring("=eval"));
    if (loaded !== lua.LUA_OK || lua.lua_pcall(thread, 0, 1, 0) !== lua.LUA_OK) {
      const message = to_jsstring(lauxlib.luaL_tolstring(thread, -1));
      lua.lua_settop(thread, 0);
      throw new BenchError(message);
    }
    const value = this.#valueAt(-1);
    lua.lua_settop(thread, 0);
    return value;
  }

  /** Its garbage is JavaScript's. */
  collect(): void {}

  close(): void {
    this.#fengari.lua.lua_close(this.#thread);
  }

  #valueAt(index: number): unknown {
    const { lua } = this.#fengari;
    switch (lua.lua_type(this.#thread, index)) {
      case lua.LUA_TNIL:
        return undefined;
      case lua.LUA_TBOOLEAN:
        return lua.lua_toboolean(this.#thread, index);
      case lua.LUA_TNUMBER:
        return lua.lua_tonumber(this.#thread, index);
      case lua.LUA_TSTRING:
        return lua.lua_tojsstring(this.#thread, index);
      default:
        throw new BenchError("the program returned neither a number nor a text nor a boolean");
    }
  }
}
