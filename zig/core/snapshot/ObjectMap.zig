//! The objects of a snapshot that is read, by their numbers: three bytes each, in the I/O buffer
//! first, so that a heap that was nearly full when it was saved still has room.
const ObjectMap = @This();

const std = @import("std");
const config = @import("config");
const io_buffer = @import("../io_buffer.zig");
const lua = @import("../lua.zig");
const memory = @import("../memory.zig");
const objects = @import("objects.zig");

const entry_bytes = 3;
const granule_bytes = 8;
const buffered_max = io_buffer.size_bytes / entry_bytes;
/// What an entry says beside its object.
pub const Flag = enum(u8) {
    /// The object was there before, and has no contents here.
    named = 1 << 7,
    /// It is among those with finalizers.
    finalized = 1 << 6,
};
const object_mask = (1 << 22) - 1;

comptime {
    if (config.memory_bytes / granule_bytes > object_mask) @compileError("an entry is too small");
}

count: u32,

/// What found no room in the buffer, of the one map that there is at a time.
var rest: []u8 = &.{};

/// [-0, +0, m]
pub fn init(L: *lua.State, count: u32) ObjectMap {
    @memset(io_buffer.bytes(), 0);
    if (count <= buffered_max) return .{ .count = count };
    // Each object takes more bytes than its entry: what is too many for the memory fails here.
    if (count > config.memory_bytes / entry_bytes) lua.c.lpw_raise_memory(L);
    const size = (count - buffered_max) * entry_bytes;
    const block = memory.heap.allocate(size) orelse lua.c.lpw_raise_memory(L);
    rest = block[0..size];
    @memset(rest, 0);
    return .{ .count = count };
}

/// Of a map whose making was given up, too.
pub fn deinit() void {
    if (rest.len > 0) memory.heap.free(rest.ptr);
    rest = &.{};
}

/// Of a map whose heap is no more.
pub fn forget() void {
    rest = &.{};
}

fn entryOf(map: *const ObjectMap, number: u32) *[entry_bytes]u8 {
    std.debug.assert(number < map.count);
    return if (number < buffered_max)
        io_buffer.bytes()[number * entry_bytes ..][0..entry_bytes]
    else
        rest[(number - buffered_max) * entry_bytes ..][0..entry_bytes];
}

pub fn set(map: *ObjectMap, number: u32, object: *objects.Object) void {
    const granule: u24 = @intCast(@intFromPtr(object) / granule_bytes);
    std.mem.writeInt(u24, map.entryOf(number), granule, .little);
}

/// For an object that was set.
pub fn mark(map: *ObjectMap, flag: Flag, number: u32) void {
    map.entryOf(number)[entry_bytes - 1] |= @backingInt(flag);
}

pub fn is(map: *const ObjectMap, flag: Flag, number: u32) bool {
    return map.entryOf(number)[entry_bytes - 1] & @backingInt(flag) != 0;
}

/// The object; null: it was not made yet.
pub fn get(map: *const ObjectMap, number: u32) ?*objects.Object {
    const granule = std.mem.readInt(u24, map.entryOf(number), .little) & object_mask;
    return @ptrFromInt(@as(usize, granule) * granule_bytes);
}
