/*
 * Those of Lua's files whose functions call each other most, as one translation unit, so that the
 * compiler inlines across them: the API, what raises and catches, and the libraries above it.
 * (The interpreter's loop gains nothing by it, and would grow.)
 */
#define LUA_CORE
#define LUA_LIB

#include "lprefix.h"

#include "lua.h"

#include "lopcodes.h"
#include "lvm.h"

#include "lua_internals.h"

/*
 * For size this file is compiled with -Os, and all but the last of Lua's files that it includes as
 * with -Oz: table.sort, which calls the API for each comparison, would be a quarter slower.
 */
#if defined(__OPTIMIZE_SIZE__)
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#endif

/*
 * An interpreter that was left (lpw_call_light) leaves what runs it, too. The function by which it
 * was left still lies over the stack's top, where nothing of ours may stay: the collector, saving
 * and debug.getlocal look there. (All of Lua runs in protected calls here: there is a jump.)
 */
#define luaV_execute(L, ci)                                                \
  {                                                                        \
    luaV_execute(L, ci);                                                   \
    if ((L)->errorJmp->status != LUA_OK) {                                 \
      setnilvalue(s2v((L)->top.p));                                        \
      return;                                                              \
    }                                                                      \
  }
/*
 * Some of Lua's functions allocate for a coroutine that does not run: one that can't be resumed, or
 * that debug.getinfo looks at. Upstream lets the main thread fail then. Here the innermost
 * protected call catches what is thrown, whoever's it is: what runs there fails.
 */
#define luaD_throw throw_at
#define luaE_resetthread(L, status) (__builtin_unreachable(), status)
#include "ldo.c"
#undef luaE_resetthread
#undef luaD_throw
#undef luaV_execute

lua_State *lpw_running;

l_noret luaD_throw(lua_State *L, int status) {
  (void)L;
  throw_at(lpw_running, status);
}

unsigned int lpw_handlers;

/*
 * A message handler runs over what failed, which may be deep in C without being calls: a pattern,
 * values that nest. There is room for one such thing and a handler of it. A handler that fails is
 * called again, over that: each takes the room of calls, until there is none.
 */
void lpw_call_handler(lua_State *L, StkId function, int results) {
  const l_uint32 calls = L->nCcalls;
  if (lpw_handlers > 0) {
    L->nCcalls += LPW_LEAF_CALLS;
    if (getCcalls(L) >= LUAI_MAXCCALLS) luaD_errerr(L);
  }
  lpw_handlers++;
  luaD_callnoyield(L, function, results);
  lpw_handlers--;
  L->nCcalls = calls;
}

#include "lapi.c"

/*
 * From here on two of Lua's functions are ours: lua_load, which applies the host's policy
 * (load_policy.zig), and lua_getallocf, whose allocator collects garbage first (memory.zig).
 */
#define lua_load lpw_load
#define lua_getallocf lpw_getallocf
LUA_API int lua_load(lua_State *L, lua_Reader reader, void *data, const char *chunkname,
                     const char *mode);
LUA_API lua_Alloc lua_getallocf(lua_State *L, void **ud);

/*
 * What closes a string buffer frees what its argument holds, whatever that is; a hook of a script
 * finds this function. Of the calls of resizebox its own alone has the size 0 written there; the
 * other words are what stands in the definition and in the other calls.
 */
#define resizebox(L, index, size) resizebox(L, index, LPW_BOX_##size)
#define LPW_BOX_0 (luaL_checkudata(L, 1, "_UBOX*"), 0)
#define LPW_BOX_size_t size_t
#define LPW_BOX_newsize newsize

#include "lauxlib.c"

/*
 * `error` and coroutine.yield, called by a script, end the interpreter that runs them. Where there
 * is nothing but Lua's own frames between it and the protected call, it can return to there instead
 * of unwinding, which is what engines do slowest: it is given the frame of a function that does
 * nothing but return from it. The states that both ways leave behind are the same.
 */

/* A bit of CallInfo.callstatus that Lua has no use for: this `error` leaves. */
#define CIST_LEAVES (1 << 15)

static Instruction leave_code[] = {OP_RETURN0 << POS_OP};
static Proto leave_proto = {.code = leave_code};
static union GCUnion leave_function = {.cl.l.p = &leave_proto};
static CallInfo leave_frame = {.callstatus = CIST_FRESH};

/* The frame that the interpreter goes on with, and ends: it lies over the stack's top. */
static CallInfo *leave(lua_State *L, int status) {
  L->errorJmp->status = status;
  setclLvalue2s(L, L->top.p, &leave_function.cl.l);
  leave_frame.func.p = L->top.p;
  leave_frame.previous = L->ci;
  leave_frame.u.l.savedpc = leave_code;
  return &leave_frame;
}

/*
 * Only when the innermost protected call has called the interpreter, and nothing besides; and
 * neither a hook nor a message handler is to run, nor the stack to grow.
 */
static int can_leave(lua_State *L, int yields) {
  const struct lua_longjmp *jump = L->errorJmp;
  l_uint32 calls;
  if ((L->hookmask | L->errfunc) != 0) return 0;
  if (L->stack_last.p - L->top.p <= LUA_MINSTACK) return 0;
  calls = L->nCcalls - jump->b.calls;
  if (jump->b.body == f_call) return !yields && calls == nyci;
  return (jump->b.body == resume || jump->b.body == unroll) && calls == 0;
}

/* In the place of lua_error. What builds the message may run a finalizer, which may set a hook. */
static int leave_or_raise(lua_State *L) {
  const TValue *error = s2v(L->top.p - 1);
  const int is_memory = ttisshrstring(error) && eqshrstr(tsvalue(error), G(L)->memerrmsg);
  if (!(L->ci->callstatus & CIST_LEAVES) || L->hookmask || is_memory) return lua_error(L);
  L->ci->callstatus = CIST_C;
  return 0;
}

/*
 * collectgarbage: upstream computes with its arguments in an l_mem, of 32 bits here, where what is
 * much more than the whole memory does not fit.
 */

/* Sets the debt so that upstream gets to what it is to be by adding what is returned. */
static int nearest_step(lua_State *L, int kilobytes) {
  const lua_Integer debt = (lua_Integer)kilobytes * 1024 + G(L)->GCdebt;
  if (kilobytes < 0) {
    luaE_setdebt(G(L), (l_mem)(debt < -MAX_LMEM ? -MAX_LMEM : debt) + 1024);
    return -1;
  }
  luaE_setdebt(G(L), (l_mem)(debt > 1 << LPW_STEP_LOG2_MAX ? 1 << LPW_STEP_LOG2_MAX : debt) - 1024);
  return 1;
}

static int collect(lua_State *L, int what, int first, int second, int third) {
  if (what == LUA_GCSTEP && first != 0) first = nearest_step(L, first);
  if (what == LUA_GCINC && (lu_byte)third > LPW_STEP_LOG2_MAX) third = LPW_STEP_LOG2_MAX;
  return lua_gc(L, what, first, second, third);
}

#define lua_gc(...) LPW_COLLECT(__VA_ARGS__, 0, 0, 0, 0)
#define LPW_COLLECT(L, what, first, second, third, ...) collect(L, what, first, second, third)
#define lua_error leave_or_raise
#include "lbaselib.c"
#undef lua_error
#undef lua_gc
#include "lcorolib.c"
#if defined(__OPTIMIZE_SIZE__)
#pragma clang attribute pop
#endif
#include "ltablib.c"

CallInfo *lpw_call_light(lua_State *L, StkId func, int nresults) {
  const lua_CFunction f = fvalue(s2v(func));
  const int yields = f == luaB_yield;
  CallInfo *ci;
  if (l_likely(!yields && f != luaB_error) || !can_leave(L, yields)) {
    precallC(L, func, nresults, f);
    return NULL;
  }
  ci = prepCallInfo(L, func, nresults, yields ? CIST_C : CIST_C | CIST_LEAVES,
                    L->top.p + LUA_MINSTACK);
  if (!yields) {
    luaB_error(L);
    return leave(L, LUA_ERRRUN);
  }
  /* As lua_yieldk does. */
  ci->u.c.k = NULL;
  ci->u2.nyield = lua_gettop(L);
  L->status = LUA_YIELD;
  return leave(L, LUA_YIELD);
}

const luaL_Reg *const lpw_base_functions = base_funcs;
const luaL_Reg *const lpw_coroutine_functions = co_funcs;
const luaL_Reg *const lpw_table_functions = tab_funcs;
const luaL_Reg *const lpw_box_functions = boxmt;

static const luaL_Reg unnamed_functions[] = {
  {"ipairs.iterator", ipairsaux},
  {"coroutine.wrap.function", luaB_auxwrap},
  {NULL, NULL}
};

const luaL_Reg *const lpw_unit_unnamed_functions = unnamed_functions;

const lua_KFunction lpw_continuations[] = {finishpcall, dofilecont, pairscont};
