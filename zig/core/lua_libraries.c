/*
 * The libraries that no other of our files includes, as one translation unit, and what snapshots
 * need of them: their functions by name, and the streams behind files.
 */
#define LUA_LIB

#include "lprefix.h"

#include "lua.h"

/* The default files are what the registry has under their names: files, it takes for granted. */
#define lua_touserdata(L, index) luaL_checkudata(L, index, LUA_FILEHANDLE)
#include "liolib.c"
#undef lua_touserdata
#include "lmathlib.c"
#include "loadlib.c"
#include "loslib.c"
#include "lutf8lib.c"

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
  *is_closed = isclosed(file);
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
