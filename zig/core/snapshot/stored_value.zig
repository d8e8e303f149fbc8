//! One value with functions or metatables, to bytes in scratch and back: what is read is a copy.
const std = @import("std");
const Input = @import("Input.zig");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const ObjectMap = @import("ObjectMap.zig");
const Output = @import("Output.zig");
const output = @import("../output.zig");
const Prologue = @import("Prologue.zig");
const Reader = @import("Reader.zig");
const Survey = @import("Survey.zig");
const Writer = @import("Writer.zig");
const c = lua.c;

const Writing = struct { index: c_int, start: usize, end: usize = 0 };
const Reading = struct { start: usize, end: usize };

/// Writes the value at `index` (absolute) behind the first `start` bytes of scratch; returns where
/// it ends. [-0, +0, v]
pub fn write(L: *lua.State, index: c_int, start: usize) usize {
    var writing: Writing = .{ .index = index, .start = start };
    if (!succeeds(L, writeBody, &writing)) lua.raise(L);
    return writing.end;
}

/// Pushes the value between two offsets of scratch, which must stay in use. [-0, +1, v]
pub fn read(L: *lua.State, start: usize, end: usize) void {
    var reading: Reading = .{ .start = start, .end = end };
    const succeeded = succeeds(L, readBody, &reading);
    ObjectMap.deinit();
    if (!succeeded) lua.raise(L);
}

const Body = fn (?*lua.State, ?*anyopaque) callconv(.c) void;

/// Runs what has objects in the I/O buffer that nothing may collect; where memory is short, once
/// more after a collection. False: the error is on top of the stack. [-0, +? or +1, v]
fn succeeds(L: *lua.State, body: *const Body, argument: *anyopaque) bool {
    const g = objects.global(L);
    for (0..2) |attempt| {
        output.empty(L);
        const top = @intFromPtr(L.top.p) - @intFromPtr(L.stack.p);
        const collector = c.lpw_gc_pause(L);
        g.gcstopem = 1;
        const status = c.luaD_pcall(L, body, argument, @intCast(top), 0);
        g.gcstopem = 0;
        c.lpw_gc_resume(L, collector);
        if (status == c.LUA_OK) return true;
        if (status != c.LUA_ERRMEM or attempt > 0) break;
        lua.pop(L, 1);
        c.lpw_emergency_collect(L);
    }
    return false;
}

fn writeBody(state: ?*lua.State, argument: ?*anyopaque) callconv(.c) void {
    const L = state.?;
    const writing: *Writing = @ptrCast(@alignCast(argument.?));
    lua.checkStack(L, 4);
    lua.pushBytes(L, "__persist");
    var survey: Survey = .begin(L, .{
        .scope = .value,
        .keeps_debug_information = true,
        .persist = objects.stringAt(c.lua_tolstring(L, -1, null)),
        .makers = null,
    });
    const value = &(L.ci.*.func.p + @as(usize, @intCast(writing.index))).*.val;
    survey.reachValue(value);
    survey.finish();
    var writer: Writer = .begin(&survey, .toScratch(L, writing.start));
    writer.body();
    writer.slot(value);
    writer.end();
    writing.end = writer.out.used;
    lua.pop(L, 1);
}

fn readBody(state: ?*lua.State, argument: ?*anyopaque) callconv(.c) void {
    const L = state.?;
    const reading: *Reading = @ptrCast(@alignCast(argument.?));
    ObjectMap.deinit();
    lua.checkStack(L, 8);
    const top = c.lua_gettop(L);
    var in: Input = .fromScratch(L, reading.start, reading.end);
    const prologue: Prologue = .read(&in, .{ .scope = .value, .functions = true });
    var reader: Reader = .begin(L, in, prologue);
    reader.readObjects();
    reader.readSlot(&L.top.p.*.val);
    reader.in.finish();
    std.debug.assert(c.lua_gettop(L) == top);
    L.top.p += 1;
}
