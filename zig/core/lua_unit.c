/*
 * Those of Lua's files whose functions call each other most, as one translation unit, so that the
 * compiler inlines across them: the API, what raises and catches, and the libraries above it.
 * (The interpreter's loop gains nothing by it, and would grow.)
 */
#define LUA_CORE
#define LUA_LIB

#include "lprefix.h"

#include "lua.h"

#include "ldo.c"
#include "lapi.c"

/*
 * From here on two of Lua's functions are ours: lua_load, which applies the host's policy
 * (load_policy.zig), and lua_getallocf, whose allocator collects garbage first (memory.zig).
 */
#define lua_load lpw_load
#define lua_getallocf lpw_getallocf
LUA_API int lua_load(lua_State *L, lua_Reader reader, void *data, const char *chunkname,
                     const char *mode);
LUA_API lua_Alloc lua_getallocf(lua_State *L, void **ud);

#include "lauxlib.c"
#include "lbaselib.c"
#include "lcorolib.c"
#include "ltablib.c"

#include "lua_internals.h"

const luaL_Reg *const lpw_base_functions = base_funcs;
const luaL_Reg *const lpw_coroutine_functions = co_funcs;
const luaL_Reg *const lpw_table_functions = tab_funcs;
const luaL_Reg *const lpw_box_functions = boxmt;

static const luaL_Reg unnamed_functions[] = {
  {"ipairs.iterator", ipairsaux},
  {"coroutine.wrap.function", luaB_auxwrap},
  {NULL, NULL}
};

const luaL_Reg *const lpw_unit_unnamed_functions = unnamed_functions;

const lua_KFunction lpw_continuations[] = {finishpcall, dofilecont, pairscont};
