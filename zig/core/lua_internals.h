/* What zig/core needs of Lua's structs; the one place that looks into them. */
#ifndef LUA_INTERNALS_H
#define LUA_INTERNALS_H

#include <stddef.h>

#include "lauxlib.h"
#include "lua.h"

#include "lobject.h"
#include "lstate.h"

/* Raises "not enough memory", as Lua's own allocations do. [-0, +0, m] */
__attribute__((noreturn)) void lpw_raise_memory(lua_State *L);

/*
 * luaD_precall for a light C function, called by the interpreter: what it is to go on with when the
 * function leaves it.
 */
CallInfo *lpw_call_light(lua_State *L, StkId func, int nresults);

/* As many nested calls take the room of the deepest work that counts none (c_calls.zig). */
#define LPW_LEAF_CALLS 53

/* Whether the host trusts scripts with the memory (load_policy.zig). */
_Bool lpw_trusts_scripts(void);

/* The number of objects that the collector knows. */
unsigned int lpw_object_count(lua_State *L);

/* The collector before a pause: whether it was stopped, and how full the heap may be. */
typedef struct lpw_Collector {
  size_t threshold;
  unsigned char stopped;
} lpw_Collector;

/* Stops the collector's steps (emergency collections go on); returns what lpw_gc_resume takes. */
lpw_Collector lpw_gc_pause(lua_State *L);

/* Puts the collector back as it was; what was allocated meanwhile counts towards its next step. */
void lpw_gc_resume(lua_State *L, lpw_Collector before);

/*
 * Whether the Lua function on top is one expression that is a call: "return f(x)". Then it is a
 * tail call no more: errors have their place in it, as in a statement. [-0, +0, -]
 */
int lpw_returns_call(lua_State *L);

/*
 * Moves to where the heap has room for it now what Lua keeps for itself: it came to lie somewhere
 * when the heap was full.
 */
void lpw_settle(lua_State *L);

/* Whether a call of Lua closes variables while it returns: it keeps the number of its results. */
int lpw_is_returning(const CallInfo *call);

/* A step of the collector, if one is due. [-0, +0, m] */
void lpw_collect_if_due(lua_State *L);

/* Frees what is garbage without running finalizers, as Lua does when an allocation fails. */
void lpw_emergency_collect(lua_State *L);

/* The number by which an object is hashed as a key, of the block that it lies in (Heap.zig). */
unsigned int lpw_salt_of(const void *block);

/* The number of a C function in the list of names; of one without a name, its address. */
unsigned int lpw_function_number(lua_CFunction function);

/* Links the entries of a hash part whose keys lie where they lay; 0: there they can't lie. */
int lpw_link_chains(Table *t);

/*
 * Whether `next` finds the node when it is given the node's object, which lives: a dead key in
 * whose object's place another one has come to lie is not found. When no comparisons are left, it
 * is taken for found: a script can make all keys collide.
 */
int lpw_is_found(const Table *t, Node *node, long *comparisons);

/* How many comparisons the keys of a table may take for each slot of its hash part. */
#define LPW_COMPARISONS_PER_SLOT 64
#define LPW_BYTES_PER_COMPARISON 16

/* The functions of the libraries, each list with an end mark, and those without a name in Lua. */
extern const luaL_Reg *const lpw_base_functions;
extern const luaL_Reg *const lpw_box_functions;
extern const luaL_Reg *const lpw_coroutine_functions;
extern const luaL_Reg *const lpw_debug_functions;
extern const luaL_Reg *const lpw_file_metamethods;
extern const luaL_Reg *const lpw_file_methods;
extern const luaL_Reg *const lpw_io_functions;
extern const luaL_Reg *const lpw_loader_functions;
extern const luaL_Reg *const lpw_math_functions;
extern const luaL_Reg *const lpw_os_functions;
extern const luaL_Reg *const lpw_package_functions;
extern const luaL_Reg *const lpw_random_functions;
extern const luaL_Reg *const lpw_string_functions;
extern const luaL_Reg *const lpw_string_metamethods;
extern const luaL_Reg *const lpw_table_functions;
extern const luaL_Reg *const lpw_utf8_functions;
extern const luaL_Reg *const lpw_string_unnamed_functions;
extern const luaL_Reg *const lpw_unit_unnamed_functions;
extern const luaL_Reg *const lpw_unnamed_functions;

/* What the frames of pcall and xpcall, of dofile and of pairs go on with. */
extern const lua_KFunction lpw_continuations[3];

/* The largest size of a collector's step, as a power of two: it is a whole cycle. */
#define LPW_STEP_LOG2_MAX 24

/* The hook of debug.sethook. */
extern lua_Hook const lpw_hook;

/* The userdata of a file: which standard stream (-1: none), and whether it is closed. */
extern const size_t lpw_file_size;
int lpw_file_read(const void *bytes, unsigned char *is_closed);
void lpw_file_write(void *bytes, int number, int is_closed);

/* The userdata of a gmatch: where it is in its subject; last_match may be NULL. */
typedef struct lpw_Gmatch {
  const char *subject;
  const char *pattern;
  const char *position;
  const char *last_match;
} lpw_Gmatch;
extern const size_t lpw_gmatch_size;
lpw_Gmatch lpw_gmatch_read(const void *bytes);
void lpw_gmatch_write(void *bytes, lpw_Gmatch read, size_t subject_length, size_t pattern_length);

#endif
