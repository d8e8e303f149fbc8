/*
 * Lua's interpreter, whose calls of light C functions are ours: two of these may leave it
 * (lua_unit.c). Its frame is kept small.
 */
#define LUA_CORE

#include "lprefix.h"

#include "lua.h"

#include "ldo.h"
#include "lvm.h"

#include "lua_internals.h"

#define luaD_precall(L, func, nresults)                        \
  (ttislcf(s2v(func)) ? lpw_call_light(L, func, nresults)      \
                      : luaD_precall(L, func, nresults))

#if defined(__OPTIMIZE_SIZE__)
/*
 * What is no integer yet is converted into one place of all. Each bitwise instruction has one or
 * two of its own, which for size stand side by side in the frame: 128 bytes more in a nested call.
 */
static lua_Integer lpw_integer;
#undef tointegerns
#define tointegerns(o, i)                                          \
  (l_likely(ttisinteger(o))                                        \
       ? (*(i) = ivalue(o), 1)                                     \
       : luaV_tointegerns(o, &lpw_integer, LUA_FLOORN2I) &&        \
             (*(i) = lpw_integer, 1))
#endif

#include "lvm.c"
