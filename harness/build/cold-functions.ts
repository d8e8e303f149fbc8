/** Which of Lua's functions its hot paths call in exceptional cases alone. */

/**
 * Raising an error needs no mention: what throws is found (branch-hints.ts). luaV_finishget is not
 * among them, though the interpreter calls it when a fast path fails: by it classes find methods.
 */
export const coldFunctions: ReadonlySet<string> = new Set([
  // Hooks.
  ...["luaD_hook", "luaD_hookcall", "luaG_traceexec"],
  // What grows: the stack, the chain of frames.
  ...["luaD_growstack", "luaE_checkcstack", "luaE_extendCI"],
  // The collector's steps, and its barriers when they take hold.
  ...["luaC_barrier_", "luaC_barrierback_", "luaC_step"],
  // Operands that are no numbers, stores that are no plain ones.
  ...["luaO_str2num", "luaV_tonumber_", "luaV_finishset", "tryfuncTM"],
  ...["luaT_callTMres", "luaT_callorderTM", "luaT_callorderiTM"],
  ...["luaT_trybinTM", "luaT_trybinassocTM"],
  // Variables that are to be closed.
  ...["luaF_close", "luaF_newtbcupval"],
]);
