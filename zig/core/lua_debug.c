/*
 * Lua's debug library, less what gives a script the memory. C functions take their upvalues, their
 * locals and the metatables of userdata for granted, Lua the registry, and the interpreter what it
 * keeps on the stack besides variables: a table under construction, the state of a loop. Unless the
 * host trusts scripts (load_policy.zig) these can't be set, and what can be misused isn't read.
 */
#define LUA_CORE
#define LUA_LIB

#include "lprefix.h"

#include "lua.h"

#include "lauxlib.h"
#include "ldebug.h"
#include "lobject.h"
#include "lstate.h"

#include "lua_internals.h"

/* What a script may find in the registry: it is there by other ways, too, or does no harm. */
static const char *const registry_names[] = {
  LUA_LOADED_TABLE, LUA_PRELOAD_TABLE, LUA_FILEHANDLE, "_HOOKKEY"
};

static int refuse(lua_State *L, const char *what) {
  return luaL_error(L, "%s can't be changed (the host may allow it: bytecode = 'trusted')", what);
}

/* The registry, or in its place a table of what may be found there; any other value. [-0, +1, m] */
static void push_value(lua_State *L, int index) {
  if (index != LUA_REGISTRYINDEX || lpw_trusts_scripts()) {
    lua_pushvalue(L, index);
    return;
  }
  lua_newtable(L);
  for (size_t i = 0; i < sizeof(registry_names) / sizeof(registry_names[0]); i++) {
    lua_getfield(L, LUA_REGISTRYINDEX, registry_names[i]);
    lua_setfield(L, -2, registry_names[i]);
  }
}

/* Of light userdata, too: one metatable is that of all, and makes each pass for a file. */
static int set_metatable(lua_State *L, int index) {
  if (lua_isuserdata(L, index) && !lpw_trusts_scripts()) {
    refuse(L, "setmetatable: the metatable of userdata");
  }
  return lua_setmetatable(L, index);
}

/* Pops the value under its name, and pushes nil. */
static const char *hidden(lua_State *L, const char *name) {
  lua_pop(L, 1);
  lua_pushnil(L);
  return name;
}

static const char *get_upvalue(lua_State *L, int index, int n) {
  const char *name = lua_getupvalue(L, index, n);
  if (name == NULL || !lua_iscfunction(L, index) || lpw_trusts_scripts()) return name;
  return hidden(L, name);
}

static const char *set_upvalue(lua_State *L, int index, int n) {
  if (lua_iscfunction(L, index) && lua_upvalueid(L, index, n) != NULL && !lpw_trusts_scripts()) {
    refuse(L, "setupvalue: a C function's upvalues");
  }
  return lua_setupvalue(L, index, n);
}

/* "(vararg)" is one; "(temporary)", "(C temporary)" and "(for state)" are not. */
static int is_variable(const char *name) { return name[0] != '(' || name[1] == 'v'; }

/* An argument or a result of the call that a hook looks at; not of a string buffer's end. */
static int is_transferred(lua_State *L1, lua_Debug *ar, int n) {
  const TValue *function = s2v(ar->i_ci->func.p);
  if (ttislcf(function) && fvalue(function) == lpw_box_functions->func) return 0;
  lua_getinfo(L1, "r", ar);
  return (unsigned int)n - ar->ftransfer < ar->ntransfer;
}

static const char *get_local(lua_State *L1, lua_Debug *ar, int n) {
  const char *name;
  /* Upstream counts down from n, and would go below INT_MIN. */
  if (ar == NULL) return n > 0 ? lua_getlocal(L1, NULL, n) : NULL;
  name = lua_getlocal(L1, ar, n);
  if (name == NULL || is_variable(name) || name[1] == 'f' ||
      is_transferred(L1, ar, n) || lpw_trusts_scripts()) {
    return name;
  }
  return hidden(L1, name);
}

/* The value is on the other stack already. */
static const char *set_local(lua_State *L, lua_State *L1, const lua_Debug *ar, int n) {
  StkId place;
  const char *name = luaG_findlocal(L1, ar->i_ci, n, &place);
  if (name != NULL && !is_variable(name) && !lpw_trusts_scripts()) {
    lua_pop(L1, 1);
    refuse(L, "setlocal: what is no variable");
  }
  return lua_setlocal(L1, ar, n);
}

/* A level that no stack has, from which upstream can count on. */
static int level_cut(int level) {
  return level < -1 ? -1 : level > LUAI_MAXSTACK ? LUAI_MAXSTACK : level;
}

/*
 * What getinfo tells of a function has nothing to do with a coroutine: upstream leaves it on the
 * other one's stack where memory ends or an option is wrong. (It is the one call in ldblib.c.)
 */
#define lua_pushfstring(L, format, options) (L1 = L, lua_pushfstring(L, format, options))
#define lua_pushvalue push_value
#define lua_setmetatable set_metatable
#define lua_getupvalue get_upvalue
#define lua_setupvalue set_upvalue
#define lua_getlocal get_local
#define lua_setlocal(L1, ar, n) set_local(L, L1, ar, n)
/* A function of earlier versions, which tells the limit: that of a stack with room enough. */
#define lua_setcstacklimit(L, limit) ((void)(limit), LPW_MAXCCALLS)
#define luaL_traceback(L, L1, message, level) luaL_traceback(L, L1, message, level_cut(level))

#include "ldblib.c"

const luaL_Reg *const lpw_debug_functions = dblib;

lua_Hook const lpw_hook = hookf;
