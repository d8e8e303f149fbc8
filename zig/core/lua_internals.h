/* What zig/core needs of Lua's structs; the one place that looks into them. */
#ifndef LUA_INTERNALS_H
#define LUA_INTERNALS_H

#include <stddef.h>

#include "lua.h"

/* Raises "not enough memory", as Lua's own allocations do. [-0, +0, m] */
__attribute__((noreturn)) void lpw_raise_memory(lua_State *L);

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

/* Whether the Lua function on top is one expression that is a call: "return f(x)". [-0, +0, -] */
int lpw_returns_call(lua_State *L);

/*
 * Gives back, or moves to where the heap has room for it now, what Lua keeps for itself: it came to
 * lie somewhere when the heap was full.
 */
void lpw_settle(lua_State *L);

/* Frees what is garbage without running finalizers, as Lua does when an allocation fails. */
void lpw_emergency_collect(lua_State *L);

#endif
