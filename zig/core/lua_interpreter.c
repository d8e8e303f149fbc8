/*
 * Lua's interpreter, whose calls of light C functions are ours: two of these may leave it
 * (lua_unit.c).
 */
#define LUA_CORE

#include "lprefix.h"

#include "lua.h"

#include "ldo.h"

#include "lua_internals.h"

#define luaD_precall(L, func, nresults)                        \
  (ttislcf(s2v(func)) ? lpw_call_light(L, func, nresults)      \
                      : luaD_precall(L, func, nresults))
#include "lvm.c"
