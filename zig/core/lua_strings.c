/*
 * Lua's string library, with start positions as size_t holds them. Upstream casts a position to
 * size_t, and where that has 32 bits 2^32 becomes 0: ("abc"):sub(1 << 32, 0) would be a byte from
 * before the string. Positions that no string has are cut to one that none has either. What else is
 * ours here is in docs/UPSTREAM.md.
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

/* Only the iterator of gmatch asks for its userdata. */
static void *gmatch_state(void *bytes);
#define lua_touserdata(L, index) gmatch_state(lua_touserdata(L, index))

/* Its definition; the table of functions, where no parenthesis follows, takes ours. */
static int str_rep(lua_State *L);
#define str_rep(parameter) upstream_rep(parameter)

/* The definition again; each call stands where `opt` is the option. */
static lua_Integer unpack_integer(int option, lua_State *L, const char *bytes, int is_little,
                                  int size, int is_signed);
#define unpackint(state, bytes, is_little, size, is_signed) \
  LPW_UNPACK_##state, bytes, is_little, size, is_signed)
#define LPW_UNPACK_lua_State unpackint(lua_State
#define LPW_UNPACK_L unpack_integer(opt, L

#include "lstrlib.c"

#undef lua_touserdata
#undef str_rep
#undef unpackint

#include "lua_internals.h"

/* An error left the count of how deep a match may go where it was. */
static void *gmatch_state(void *bytes) {
  ((GMatchState *)bytes)->ms.matchdepth = MAXCCALLS;
  return bytes;
}

/* Upstream copies nothing as often as it is told to, for centuries. */
static int str_rep(lua_State *L) {
  size_t length, separator_length;
  lua_Integer count;
  luaL_checklstring(L, 1, &length);
  count = luaL_checkinteger(L, 2);
  luaL_optlstring(L, 3, "", &separator_length);
  if (count <= 1 || length != 0 || separator_length != 0) return upstream_rep(L);
  lua_pushliteral(L, "");
  return 1;
}

/* Upstream casts a string's length to size_t: 2^32 + 1 would be 1. */
static lua_Integer unpack_integer(int option, lua_State *L, const char *bytes, int is_little,
                                  int size, int is_signed) {
  const lua_Integer value = unpackint(L, bytes, is_little, size, is_signed);
  return option == Kstring && (lua_Unsigned)value > MAX_SIZET ? -1 : value;
}

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
