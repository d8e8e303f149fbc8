/** What we use of fengari, which brings no types: Lua's C API in JavaScript. */
declare module "fengari" {
  /** A thread of Lua's; only fengari looks into it. */
  export interface LuaThread {
    readonly l_G: object;
  }

  export const lua: {
    readonly LUA_OK: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNIL: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    lua_close(thread: LuaThread): void;
    lua_pcall(thread: LuaThread, count: number, results: number, handler: number): number;
    lua_settop(thread: LuaThread, index: number): void;
    lua_toboolean(thread: LuaThread, index: number): boolean;
    lua_tojsstring(thread: LuaThread, index: number): string;
    lua_tonumber(thread: LuaThread, index: number): number;
    lua_type(thread: LuaThread, index: number): number;
  };
  export const lauxlib: {
    luaL_loadbuffer(thread: LuaThread, code: Uint8Array, length: number, name: Uint8Array): number;
    luaL_newstate(): LuaThread;
    luaL_tolstring(thread: LuaThread, index: number): Uint8Array;
  };
  export const lualib: { luaL_openlibs(thread: LuaThread): void };
  export function to_jsstring(bytes: Uint8Array): string;
  export function to_luastring(text: string): Uint8Array;
}
