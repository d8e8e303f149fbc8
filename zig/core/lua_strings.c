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
