/*
 * Lua's collector, which visits a table whose keys and values are weak once more before a cycle
 * ends: it may have got another metatable since it was visited (docs/UPSTREAM.md).
 */
#define LUA_CORE

#include "lprefix.h"

#include "lua.h"

#include "lobject.h"
#include "lstate.h"

/* The definition, whose first word is `global_State`, stays; the call is ours. */
static lu_mem visit_table(global_State *g, Table *table);
#define traversetable(state, table) LPW_VISIT_##state, table)
#define LPW_VISIT_global_State traversetable(global_State
#define LPW_VISIT_g visit_table(g

#include "lgc.c"

#undef traversetable

/* A table on this list is visited no more; those on the other are, when the cycle ends. */
static lu_mem visit_table(global_State *g, Table *table) {
  const lu_mem work = traversetable(g, table);
  if (g->allweak == obj2gco(table) && g->gcstate == GCSpropagate) {
    g->allweak = table->gclist;
    table->gclist = g->grayagain;
    g->grayagain = obj2gco(table);
  }
  return work;
}
