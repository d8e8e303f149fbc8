/*
 * The libraries that no other of our files includes, as one translation unit, and what snapshots
 * need of them: their functions by name, and the streams behind files.
 */
#define LUA_LIB

#include "lprefix.h"

#include <errno.h>
#include <limits.h>

#include "lauxlib.h"
#include "lua.h"

/* Output that the host refuses is an error of the script, where upstream's libraries return nil. */
void lpw_output_raise(lua_State *L);
static int file_result(lua_State *L, int succeeded, const char *name) {
  const int code = errno;
  if (!succeeded) lpw_output_raise(L);
  errno = code;
  return luaL_fileresult(L, succeeded, name);
}
#define luaL_fileresult file_result
/* How many bytes io.read is to read: upstream casts to size_t, and 2^32 would be 0. */
static lua_Integer byte_count(lua_Integer count) { return count > INT_MAX ? INT_MAX : count; }
#define luaL_checkinteger(L, index) byte_count(luaL_checkinteger(L, index))
/* The default files are what the registry has under their names: files, it takes for granted. */
#define lua_touserdata(L, index) luaL_checkudata(L, index, LUA_FILEHANDLE)
#include "liolib.c"
#undef lua_touserdata
#undef luaL_checkinteger
#undef luaL_fileresult

#include "lmathlib.c"
/* The list of C libraries to close: none is ever loaded, whatever a snapshot says. */
#define luaL_len(L, index) ((void)(index), 0)
#include "loadlib.c"
#undef luaL_len
#include "loslib.c"

/*
 * The definition, whose first word is `const`, stays; calls begin with `s`. The bytes 0xFE and 0xFF
 * begin no sequence, but upstream shifts by 35 bits before it says so.
 */
static const char *decode(const char *text, unsigned int *code, int is_strict);
#define utf8_decode(text, code, is_strict) LPW_DECODE_##text, code, is_strict)
#define LPW_DECODE_const utf8_decode(const
#define LPW_DECODE_s decode(s
#include "lutf8lib.c"
#undef utf8_decode

static const char *decode(const char *text, unsigned int *code, int is_strict) {
  return (unsigned char)*text >= 0xfe ? NULL : utf8_decode(text, code, is_strict);
}

#include "lua_internals.h"

const luaL_Reg *const lpw_io_functions = iolib;
const luaL_Reg *const lpw_file_methods = meth;
const luaL_Reg *const lpw_file_metamethods = metameth;
const luaL_Reg *const lpw_math_functions = mathlib;
const luaL_Reg *const lpw_random_functions = randfuncs;
const luaL_Reg *const lpw_package_functions = pk_funcs;
const luaL_Reg *const lpw_loader_functions = ll_funcs;
const luaL_Reg *const lpw_os_functions = syslib;
const luaL_Reg *const lpw_utf8_functions = funcs;

static const luaL_Reg unnamed_functions[] = {
  {"io.lines.iterator", io_readline},
  {"package.searchers.preload", searcher_preload},
  {"package.searchers.lua", searcher_Lua},
  {"package.searchers.c", searcher_C},
  {"package.searchers.root", searcher_Croot},
  {"package.libraries.gc", gctm},
  {"utf8.codes.strict", iter_auxstrict},
  {"utf8.codes.lax", iter_auxlax},
  {NULL, NULL}
};

const luaL_Reg *const lpw_unnamed_functions = unnamed_functions;

const size_t lpw_file_size = sizeof(LStream);

static FILE *standard_stream(int number) {
  return number == 0 ? stdin : number == 1 ? stdout : stderr;
}

int lpw_file_read(const void *bytes, unsigned char *is_closed) {
  const LStream *file = (const LStream *)bytes;
  *is_closed = isclosed(file) || file->f == NULL; /* None: it could not be opened. */
  for (int number = 0; number < 3; number++) {
    if (file->f == standard_stream(number)) return number;
  }
  return *is_closed ? 0 : -1;
}

void lpw_file_write(void *bytes, int number, int is_closed) {
  LStream *file = (LStream *)bytes;
  file->f = standard_stream(number);
  file->closef = is_closed ? NULL : io_noclose;
}
