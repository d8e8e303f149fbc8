//! Coroutines, read: their stacks, the calls on them, and the upvalues that are open there.
const std = @import("std");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const Reader = @import("Reader.zig");
const c = lua.c;

/// An index in the place of a pointer must be aligned as one.
pub const index_unit = @alignOf(*anyopaque);
const slot_bytes = @sizeOf(c.StackValue);

/// An empty coroutine. [-0, +0, m]
pub fn make(L: *lua.State) *c.lua_State {
    const thread: *c.lua_State = @ptrCast(c.lua_newthread(L));
    lua.pop(L, 1);
    return thread;
}

/// [-0, +0, v]
pub fn read(reader: *Reader, thread: *c.lua_State) void {
    const in = &reader.in;
    const is_main = thread == objects.global(reader.L).mainthread;
    const status = in.figure(.coroutine_status);
    const allows_hook = in.flag(.coroutine_allows_hook);
    const hook_mask = in.figure(.coroutine_hook_mask);
    const hook_count_base = in.figure(.coroutine_hook_count_base);
    const hook_count = in.figure(.coroutine_hook_count);
    if (hook_mask != 0) {
        reader.has_hook = true;
        thread.hook = c.lpw_hook;
        thread.hookmask = hook_mask;
        thread.basehookcount = @bitCast(hook_count_base);
        thread.hookcount = @bitCast(hook_count);
    }
    const error_handler = in.figure(.coroutine_error_handler);
    const size = in.figure(.coroutine_stack_size);
    const used = in.figure(.coroutine_stack_used);
    if (is_main) {
        const to_close, const calls = .{ in.int(u32), in.int(u32) };
        if (error_handler | size | used | to_close | calls != 0) in.damaged(.coroutine);
        return;
    }
    if (used > size or error_handler >= used) in.damaged(.coroutine);
    thread.status = status;
    thread.allowhook = @intFromBool(allows_hook);
    if (size != objects.stackSize(thread)) {
        if (c.luaD_reallocstack(thread, @intCast(size), 0) == 0) c.lpw_raise_memory(reader.L);
    }
    thread.errfunc = @intCast(error_handler * slot_bytes);
    thread.top.p = thread.stack.p + used;
    for (objects.stackSlots(thread)) |*slot| reader.readSlot(&slot.val);
    readVariablesToClose(reader, thread);
    readCalls(reader, thread);
    if (!isResumable(thread)) in.damaged(.coroutine);
}

/// Whether Lua finds what it goes on with: one that waits has calls, and each C function below the
/// latest call a continuation; one that has not begun or has ended has no calls.
fn isResumable(thread: *c.lua_State) bool {
    if (thread.status != c.LUA_YIELD) {
        return thread.status != c.LUA_OK or thread.ci == &thread.base_ci;
    }
    if (thread.ci == &thread.base_ci) return false;
    var call: *c.CallInfo = thread.base_ci.next;
    while (call != thread.ci) : (call = call.next) {
        if (!objects.isLuaCall(call) and call.u.c.k == null) return false;
    }
    return true;
}

fn readVariablesToClose(reader: *Reader, thread: *c.lua_State) void {
    const in = &reader.in;
    const count = in.figure(.coroutine_variables_to_close);
    for (0..count) |_| {
        const slot = placeIn(reader, thread);
        const last = thread.tbclist.p;
        if (@intFromPtr(slot) <= @intFromPtr(last)) in.damaged(.coroutine);
        slot.*.tbclist.delta = @intCast(slot - last);
        thread.tbclist.p = slot;
    }
}

/// A slot in use.
fn placeIn(reader: *Reader, thread: *c.lua_State) c.StkId {
    const index = reader.in.figure(.call_function);
    if (index >= objects.stackSlots(thread).len) reader.in.damaged(.coroutine);
    return thread.stack.p + index;
}

fn readCalls(reader: *Reader, thread: *c.lua_State) void {
    const in = &reader.in;
    const count = in.figure(.coroutine_calls);
    for (0..count) |_| {
        const block = c.luaM_malloc_(reader.L, @sizeOf(c.CallInfo), 0);
        const call: *c.CallInfo = @ptrCast(@alignCast(block));
        call.* = std.mem.zeroes(c.CallInfo);
        call.previous = thread.ci;
        thread.ci.*.next = call;
        thread.ci = call;
        thread.nci += 1;
        readCall(reader, thread, call);
    }
}

fn readCall(reader: *Reader, thread: *c.lua_State, call: *c.CallInfo) void {
    const in = &reader.in;
    call.func.p = placeIn(reader, thread);
    const top = in.figure(.call_top);
    if (top > objects.stackSize(thread)) in.damaged(.coroutine);
    call.top.p = thread.stack.p + top;
    const before: *c.CallInfo = call.previous;
    if (@intFromPtr(call.func.p) <= @intFromPtr(before.func.p) or
        @intFromPtr(call.top.p) <= @intFromPtr(call.func.p)) in.damaged(.coroutine);
    const results = in.figure(.call_results);
    call.nresults = @intCast(results);
    call.callstatus = @intCast(in.figure(.call_status));
    // Below −1 it is what Lua made of the count, where a variable is to be closed.
    const end = @as(i32, @intCast(objects.slotIndex(thread, call.func.p))) +
        @max(results, -results - 3);
    if (end > objects.stackSize(thread)) in.damaged(.coroutine);
    const is_c = in.flag(.call_is_c);
    if (is_c != (call.callstatus & c.CIST_C != 0)) in.damaged(.coroutine);
    if (is_c) {
        call.u.c.k = reader.continuation();
        call.u.c.ctx = in.figure(.call_context);
        const handler = in.figure(.call_old_error_handler);
        if (handler >= objects.stackSlots(thread).len) in.damaged(.coroutine);
        call.u.c.old_errfunc = @intCast(handler * slot_bytes);
    } else {
        const pc = in.figure(.call_instruction);
        if (pc > std.math.maxInt(u24)) in.damaged(.coroutine);
        // The instruction's number, until its function is there.
        call.u.l.savedpc = @ptrFromInt(pc * index_unit);
        call.u.l.nextraargs = @intCast(in.figure(.call_extra_arguments));
        call.u.l.trap = @intFromBool(thread.hookmask != 0);
    }
    readDetail(reader, thread, call);
}

/// Lua's `u2`: for a protected call, where its function was; for one that returns and closes
/// variables, how many results it has.
fn readDetail(reader: *Reader, thread: *c.lua_State, call: *c.CallInfo) void {
    const detail = reader.in.figure(.call_detail);
    const is_protected = call.callstatus & c.CIST_YPCALL != 0;
    if (detail >= objects.stackSlots(thread).len) reader.in.damaged(.coroutine);
    call.u2.funcidx = @bitCast(if (is_protected) detail * slot_bytes else detail);
}

/// Now that all functions are there. [-0, +0, v]
pub fn linkCalls(reader: *Reader, thread: *c.lua_State) void {
    const in = &reader.in;
    var call: *c.CallInfo = &thread.base_ci;
    while (call != thread.ci) {
        call = call.next;
        const function = &call.func.p.*.val;
        switch (objects.variant(@ptrCast(function))) {
            c.LUA_VLCL => {
                if (!objects.isLuaCall(call)) in.damaged(.coroutine);
                const closure: *c.LClosure = @ptrCast(@alignCast(function.value_.gc));
                const prototype: *c.Proto = closure.p;
                const pc = @intFromPtr(call.u.l.savedpc) / index_unit;
                // A function that failed for memory may not have come to its first instruction.
                const least = @intFromBool(thread.status == c.LUA_YIELD);
                if (pc < least or pc > prototype.sizecode) in.damaged(.coroutine);
                var moved: usize = @intCast(call.u.l.nextraargs);
                // A coroutine that failed never runs again: its variables are only read.
                if (thread.status == c.LUA_YIELD) {
                    const slots = (@intFromPtr(call.top.p) - @intFromPtr(call.func.p)) / slot_bytes;
                    if (slots <= prototype.maxstacksize) in.damaged(.coroutine);
                    moved += prototype.numparams + 1;
                }
                if (prototype.is_vararg != 0 and
                    moved > objects.slotIndex(thread, call.func.p)) in.damaged(.coroutine);
                call.u.l.savedpc = prototype.code + pc;
            },
            c.LUA_VLCF, c.LUA_VCCL => {
                if (objects.isLuaCall(call)) in.damaged(.coroutine);
            },
            else => in.damaged(.coroutine),
        }
    }
}

/// Puts an upvalue where its variable is: among those of its coroutine, the highest first.
/// [-0, +0, v]
pub fn openUpvalue(reader: *Reader, upvalue: *c.UpVal) void {
    const L = reader.L;
    const thread: *c.lua_State = @ptrCast(@alignCast(upvalue.u.open.next));
    const index = @intFromPtr(upvalue.u.open.previous) / index_unit;
    if (index >= objects.stackSlots(thread).len) reader.in.damaged(.coroutine);
    const slot = thread.stack.p + index;
    var place: *[*c]c.UpVal = &thread.openupval;
    while (place.* != null and @intFromPtr(place.*.*.v.p) >= @intFromPtr(slot)) {
        if (@intFromPtr(place.*.*.v.p) == @intFromPtr(slot)) {
            reader.in.damaged(.coroutine);
        }
        place = @ptrCast(&place.*.*.u.open.next);
    }
    upvalue.v.p = &slot.*.val;
    upvalue.u.open.next = place.*;
    upvalue.u.open.previous = @ptrCast(place);
    if (place.* != null) place.*.*.u.open.previous = @ptrCast(&upvalue.u.open.next);
    place.* = upvalue;
    const g = objects.global(L);
    if (thread.twups == thread) {
        thread.twups = g.twups;
        g.twups = thread;
    }
}
