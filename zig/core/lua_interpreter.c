/*
 * Lua's interpreter, whose calls of light C functions are ours: two of these may leave it
 * (lua_unit.c). Its frame is kept small.
 */
#define LUA_CORE

#include "lprefix.h"

#include "lua.h"

#include "ldo.h"
#include "ltable.h"
#include "lvm.h"

#include "lua_internals.h"

#define luaD_precall(L, func, nresults)                        \
  (ttislcf(s2v(func)) ? lpw_call_light(L, func, nresults)      \
                      : luaD_precall(L, func, nresults))

/*
 * Upstream counts the extra arguments before it looks for room, without which the function does
 * not move up; the debug library would look for them below the stack then.
 */
static void adjust_varargs(lua_State *L, int nfixparams, CallInfo *ci, const Proto *p) {
  ci->u.l.nextraargs = 0;
  luaD_checkstack(L, p->maxstacksize + 1);
  luaT_adjustvarargs(L, nfixparams, ci, p);
}

#define luaT_adjustvarargs adjust_varargs

/*
 * Upstream makes a table without noting the instruction: where memory ends there, the debug library
 * would take variables of another place of the function for alive.
 */
#define luaH_new(L) (savepc(L), luaH_new(L))

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
