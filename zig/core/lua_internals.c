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
  if (p->sizecode < 3) return 0;
  Instruction *call = &p->code[p->sizecode - 3];
  if (GET_OPCODE(*call) != OP_TAILCALL) return 0;
  /* As the compiler made it before it was found to be in tail position: all results. */
  *call = CREATE_ABCk(OP_CALL, GETARG_A(*call), GETARG_B(*call), 0, 0);
  return 1;
}

/* A copy of one of Lua's blocks, in its place; NULL: there is no room. */
static void *moved(lua_State *L, void *block, size_t bytes, int tag) {
  global_State *g = G(L);
  void *copy = (*g->frealloc)(g->ud, NULL, (size_t)tag, bytes);
  if (copy == NULL) return NULL;
  memcpy(copy, block, bytes);
  (*g->frealloc)(g->ud, block, bytes, 0);
  return copy;
}

/* The records of calls that are not under way. */
static void move_spare_calls(lua_State *L) {
  for (CallInfo *call = L->ci; call->next != NULL; call = call->next) {
    CallInfo *next = moved(L, call->next, sizeof(CallInfo), 0);
    if (next == NULL) return;
    if (next->next != NULL) next->next->previous = next;
    call->next = next;
  }
}

static void move_string_table(lua_State *L) {
  stringtable *table = &G(L)->strt;
  TString **hash = moved(L, table->hash, (size_t)table->size * sizeof(TString *), LUA_TSTRING);
  if (hash != NULL) table->hash = hash;
}

void lpw_settle(lua_State *L) {
  move_spare_calls(L);
  move_string_table(L);
}

void lpw_collect_if_due(lua_State *L) { luaC_checkGC(L); }

void lpw_emergency_collect(lua_State *L) {
  if (!G(L)->gcstopem) luaC_fullgc(L, 1);
}

int lpw_is_returning(const CallInfo *call) {
  return isLua(call) && GET_OPCODE(call->u.l.savedpc[-1]) == OP_RETURN;
}
