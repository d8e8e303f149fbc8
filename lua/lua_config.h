/* How we configure Lua: included at the end of lua.h by -DLUA_USER_H. */
#ifndef LUA_PERSISTENT_WASM_CONFIG_H
#define LUA_PERSISTENT_WASM_CONFIG_H

#include <stddef.h>

#include "lua_dialect.h"

/* A thread lies behind this space in its block and must be 8-aligned, as its block is. */
#undef LUA_EXTRASPACE
#define LUA_EXTRASPACE 8

/*
 * Unwinding is two imports. `js`: the host's try and catch. `wasm`: module "unwind", which the
 * build joins to this one (harness/build/unwind-*.wat). LUAI_TRY stands in luaD_rawrunprotected,
 * whose parameters `f` and `ud` its third argument calls; luaD_throw sets the status before.
 */
#if defined(LPW_UNWIND_JS)
#define LPW_UNWIND_IMPORT(name) __attribute__((import_module("env"), import_name("js_" name)))
#else
#define LPW_UNWIND_IMPORT(name) __attribute__((import_module("unwind"), import_name("lua_" name)))
#endif
LPW_UNWIND_IMPORT("try") void lpw_try(void (*f)(lua_State *, void *), lua_State *L, void *ud);
LPW_UNWIND_IMPORT("throw") __attribute__((noreturn)) void lpw_throw(void);
/* What an error left behind in scratch (zig/core/scratch.zig) is given back where it is caught. */
extern size_t lpw_scratch_length;
/* How many message handlers run, each over what failed. */
extern unsigned int lpw_handlers;
/* The coroutine, or main, whose protected call is the innermost: an error is its (lua_unit.c). */
extern lua_State *lpw_running;
/* What a protected call runs, and how deep calls were then (zig/core/lua_unit.c asks). */
typedef struct lpw_Protected {
  void (*body)(lua_State *, void *);
  unsigned int calls;
} lpw_Protected;
#define luai_jmpbuf lpw_Protected
#define LUAI_TRY(L, c, a)                                             \
  {                                                                   \
    const size_t scratch_length = lpw_scratch_length;                 \
    const unsigned int handlers = lpw_handlers;                       \
    lua_State *const running = lpw_running;                           \
    lpw_running = (L);                                                \
    (c)->b.body = f;                                                  \
    (c)->b.calls = (L)->nCcalls;                                      \
    lpw_try(f, L, ud);                                                \
    lpw_running = running;                                            \
    if ((c)->status != LUA_OK) {                                      \
      lpw_scratch_length = scratch_length;                            \
      lpw_handlers = handlers;                                        \
    }                                                                 \
  }
#define LUAI_THROW(L, c) lpw_throw()

/*
 * How deep C calls and the parser may nest: LPW_MAXCCALLS where the engine's stack has room for so
 * many, which is asked where they come to be many (zig/core/c_calls.zig). Each place that reads it
 * has a state L.
 */
extern unsigned int lpw_c_calls;
unsigned int lpw_more_c_calls(void);
#define LUAI_MAXCCALLS (getCcalls(L) < lpw_c_calls ? lpw_c_calls : lpw_more_c_calls())

/* What fails calls its message handler so (zig/core/lua_unit.c): the one call in this file. */
#if defined(ldebug_c)
#define luaD_callnoyield lpw_call_handler
#endif

/* The script's output (zig/core/output.zig). */
void lpw_print(lua_State *L, const char *bytes, size_t length);
#define lua_writestring(s, l) lpw_print(L, (s), (l))
#define lua_writeline() lpw_print(L, "\n", 1)

/* Nothing interrupts wasm: no signals, so that a plain int will do. */
#define l_signalT int

/* There is no file system: no temporary names, nothing to search. */
#define LUA_TMPNAMBUFSIZE 1
#define lua_tmpnam(b, e) ((void)(b), (e) = 1)
#undef LUA_PATH_DEFAULT
#define LUA_PATH_DEFAULT ""
#undef LUA_CPATH_DEFAULT
#define LUA_CPATH_DEFAULT ""

#endif
