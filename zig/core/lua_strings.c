/*
 * Lua's string library, with start positions as size_t holds them. Upstream casts a position to
 * size_t, and where that has 32 bits 2^32 becomes 0: ("abc"):sub(1 << 32, 0) would be a byte from
 * before the string. Positions that no string has are cut to one that none has either.
 */
#define LUA_LIB

#include "lprefix.h"

#include <limits.h>

#include "lua.h"

static lua_Integer lpw_position(lua_Integer position) {
  return position > INT_MAX ? INT_MAX : position;
}

/*
 * The name stands before a parameter, in the definition, and before an argument, in each call: what
 * its first word is tells them apart. Another word would not compile.
 */
#define posrelatI(position, length) posrelatI(LPW_POSITION_##position, length)
#define LPW_POSITION_lua_Integer lua_Integer
#define LPW_POSITION_luaL_checkinteger(L, index) lpw_position(luaL_checkinteger(L, index))
#define LPW_POSITION_luaL_optinteger(L, index, other) lpw_position(luaL_optinteger(L, index, other))
#define LPW_POSITION_pi lpw_position(pi)

#include "lstrlib.c"

#include "lua_internals.h"

const luaL_Reg *const lpw_string_functions = strlib;
const luaL_Reg *const lpw_string_metamethods = stringmetamethods;

static const luaL_Reg unnamed_functions[] = {
  {"string.gmatch.iterator", gmatch_aux},
  {NULL, NULL}
};

const luaL_Reg *const lpw_string_unnamed_functions = unnamed_functions;

const size_t lpw_gmatch_size = sizeof(GMatchState);

lpw_Gmatch lpw_gmatch_read(const void *bytes) {
  const GMatchState *state = (const GMatchState *)bytes;
  return (lpw_Gmatch){state->ms.src_init, state->p, state->src, state->lastmatch};
}

void lpw_gmatch_write(void *bytes, lpw_Gmatch read, size_t subject_length, size_t pattern_length) {
  GMatchState *state = (GMatchState *)bytes;
  state->ms.src_init = read.subject;
  state->ms.src_end = read.subject + subject_length;
  state->ms.p_end = read.pattern + pattern_length;
  state->ms.matchdepth = MAXCCALLS;
  state->src = read.position;
  state->p = read.pattern;
  state->lastmatch = read.last_match;
}
