/* What zig/core needs of Lua's structs, with static asserts on what it assumes. */
#define LUA_CORE

#include "lua_internals.h"

#include <string.h>

#include "lgc.h"
#include "ldo.h"
#include "lmem.h"
#include "lobject.h"
#include "lopcodes.h"
#include "lstate.h"

_Static_assert(LUA_VERSION_RELEASE_NUM == 50408, "read again what this file assumes");
_Static_assert(sizeof(((global_State *)0)->gcstp) == 1, "gcstp is one byte");

void lpw_raise_memory(lua_State *L) { luaD_throw(L, LUA_ERRMEM); }

static unsigned int list_length(const GCObject *list) {
  unsigned int length = 0;
  for (; list != NULL; list = list->next) length++;
  return length;
}

unsigned int lpw_object_count(lua_State *L) {
  const global_State *g = G(L);
  return list_length(g->allgc) + list_length(g->finobj) + list_length(g->tobefnz) +
         list_length(g->fixedgc);
}

lpw_Collector lpw_gc_pause(lua_State *L) {
  global_State *g = G(L);
  /* The field counts the bytes at which a step is due, as gettotalbytes and luaE_setdebt say. */
  const lpw_Collector before = {(size_t)g->totalbytes, g->gcstp};
  g->gcstp |= GCSTPUSR;
  return before;
}

/* A collector that is stopped forgives its debt at each step: it is worked out anew. */
void lpw_gc_resume(lua_State *L, lpw_Collector before) {
  global_State *g = G(L);
  g->gcstp = before.stopped;
  luaE_setdebt(g, (l_mem)gettotalbytes(g) - (l_mem)before.threshold);
}

/*
 * The compiler ends such a main function with a tail call, its return, and the return that ends
 * every function; an expression of any other form has no tail call there.
 */
int lpw_returns_call(lua_State *L) {
  const TValue *top = s2v(L->top.p - 1);
  if (!ttisLclosure(top)) return 0;
  const Proto *p = clLvalue(top)->p;
  return p->sizecode >= 3 && GET_OPCODE(p->code[p->sizecode - 3]) == OP_TAILCALL;
}

/* As luaE_shrinkCI frees them, but all. */
static void free_spare_calls(lua_State *L) {
  CallInfo *call = L->ci->next;
  L->ci->next = NULL;
  while (call != NULL) {
    CallInfo *next = call->next;
    luaM_free(L, call);
    L->nci--;
    call = next;
  }
}

/* As luaS_resize, to another block of the same size. */
static void move_string_table(lua_State *L) {
  stringtable *table = &G(L)->strt;
  const size_t bytes = (size_t)table->size * sizeof(TString *);
  TString **moved = (TString **)(*G(L)->frealloc)(G(L)->ud, NULL, LUA_TSTRING, bytes);
  if (moved == NULL) return;
  memcpy(moved, table->hash, bytes);
  (*G(L)->frealloc)(G(L)->ud, table->hash, bytes, 0);
  table->hash = moved;
}

void lpw_settle(lua_State *L) {
  free_spare_calls(L);
  move_string_table(L);
}

void lpw_emergency_collect(lua_State *L) {
  if (!G(L)->gcstopem) luaC_fullgc(L, 1);
}
