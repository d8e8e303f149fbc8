//! Bytes on their way between Lua and the host: a stack that starts in static memory and moves
//! to Lua's heap when it outgrows that.
//!
//! Whoever uses it works above `length`, remembers offsets, never pointers (any allocation in
//! Lua may run a finalizer that uses scratch above and moves it), and puts `length` back when done.
//! Past whom an error unwinds leaves that to who catches it (LUAI_TRY in lua_config.h).
const std = @import("std");
const lua = @import("lua.zig");
const memory = @import("memory.zig");

const static_bytes = 4096;

var static: [static_bytes]u8 align(8) = undefined;
var moved: ?[]u8 = null;
/// How many bytes are in use.
pub var length: usize = 0;

comptime {
    @export(&length, .{ .name = "lpw_scratch_length", .visibility = .hidden });
}

/// All of it, used or not. Valid until the next `reserve` here or in a finalizer.
pub fn bytes() []u8 {
    return moved orelse &static;
}

/// Makes room for `count` bytes from `offset` on, or raises "not enough memory". [-0, +0, m]
pub fn reserve(L: *lua.State, offset: usize, count: usize) void {
    const needed = std.math.add(usize, offset, count) catch lua.c.lpw_raise_memory(L);
    if (needed <= bytes().len) return;
    length = @max(length, offset);
    grow(needed) catch {
        // As Lua's own allocations do: collect, then try once more.
        lua.c.lpw_emergency_collect(L);
        grow(needed) catch lua.c.lpw_raise_memory(L);
    };
}

fn grow(needed: usize) error{OutOfMemory}!void {
    const doubled = bytes().len *| 2;
    if (doubled > needed and growTo(doubled)) return;
    if (!growTo(needed)) return error.OutOfMemory;
}

fn growTo(size: usize) bool {
    if (moved) |old| {
        const block = memory.heap.reallocate(old.ptr, size) orelse return false;
        moved = block[0..size];
    } else {
        const block = memory.heap.allocate(size) orelse return false;
        @memcpy(block[0..static.len], &static);
        moved = block[0..size];
    }
    return true;
}

/// An entry from the host ends: nothing is in use, the heap has its block back.
pub fn release() void {
    length = 0;
    if (moved) |block| memory.heap.free(block.ptr);
    moved = null;
}
