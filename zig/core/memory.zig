//! The memory behind the data: Lua's heap, and the functions that Lua and the core allocate with.
const std = @import("std");
const config = @import("config");
const Heap = @import("Heap.zig");
const lua = @import("lua.zig");
const objects = @import("snapshot/objects.zig");

/// Kept back from scripts, so that after an out-of-memory error code can still be compiled and
/// a collection asked for.
const reserve_bytes = 12 * 1024;

/// The linker's symbol: the first byte behind stack, data and I/O buffer.
extern var __heap_base: u8;

pub var heap: Heap = undefined;
var script_limit: u32 = 0;
/// The reserve while a script runs, where there is room for it in one piece.
var held: ?[*]u8 = null;
/// The collector's pace while the reserve is open.
var pace: ?lua.c.lpw_Collector = null;
/// The heap's salt when a snapshot was begun, until it ends.
var salt_before: ?u32 = null;

/// A fresh heap; `heap_limit` bytes for scripts, 0 for all there is.
pub fn init(heap_limit: u32) void {
    heap.init(@intFromPtr(&__heap_base), config.memory_bytes);
    const most = heap.total() - reserve_bytes;
    script_limit = if (heap_limit == 0) most else @min(heap_limit, most);
    heap.limit = script_limit;
    held = null;
    pace = null;
    salt_before = null;
}

/// Makes allocations fail, from now on: an option that is for tests (zig/core/options.zig).
pub fn failFrom(nth: u32, count: u32) void {
    heap.failFrom(nth, count);
}

/// Lets the reserve be used, between scripts: the collector makes no steps meanwhile, for
/// finalizers are scripts, too. Emergency collections go on. [-0, +0, -]
pub fn openReserve(L: *lua.State) void {
    if (held) |block| heap.letGo(block);
    held = null;
    heap.limit = script_limit + reserve_bytes;
    if (pace == null) pace = lua.c.lpw_gc_pause(L);
}

/// Keeps the reserve back while a script runs, as one block, for in small holes no code can be
/// compiled: where garbage leaves no room for it, that is collected. [-0, +0, -]
pub fn keepReserve(L: *lua.State) void {
    heap.limit = script_limit;
    if (pace) |before| lua.c.lpw_gc_resume(L, before);
    pace = null;
    if (held != null) return;
    held = heap.hold(reserve_bytes);
    if (held != null) return;
    lua.c.lpw_emergency_collect(L);
    held = heap.hold(reserve_bytes);
}

/// The lua_Alloc of every state.
pub fn luaAllocate(
    _: ?*anyopaque,
    pointer: ?*anyopaque,
    old_bytes: usize,
    bytes: usize,
) callconv(.c) ?*anyopaque {
    const old: ?[*]u8 = @ptrCast(pointer);
    if (bytes == 0) {
        if (old) |block| heap.free(block);
        return null;
    }
    if (old) |block| return heap.reallocate(block, bytes);
    return salted(heap.allocate(bytes), old_bytes);
}

/// A new block, with a salt if it is for an object that can be a key: Lua gives its type in the
/// place of the old size. Strings are hashed by their bytes, and how many there are made of them
/// depends on what the collector has left, so that the salts of the others would, too.
inline fn salted(block: ?[*]u8, type_tag: usize) ?*anyopaque {
    if (type_tag > lua.c.LUA_TSTRING and type_tag <= lua.c.LUA_TTHREAD) {
        if (block) |found| heap.giveSalt(found);
    }
    return block;
}

/// What is made from here to the end, for a snapshot alone, lies in the order in which it is made,
/// and the salts that it takes are given back. The collector runs when memory is used up alone, and
/// without finalizers: it is stopped.
pub fn beginSaving(L: *lua.State) void {
    salt_before = heap.salt;
    heap.close();
    lua.c.lua_setallocf(L, allocateInOrder, null);
    objects.global(L).gcstp |= lua.c.GCSTPGC;
}

/// Does nothing where nothing was saved. [-0, +0, -]
pub fn endSaving(L: *lua.State) void {
    heap.salt = salt_before orelse return;
    salt_before = null;
    lua.c.lua_setallocf(L, luaAllocate, null);
    objects.global(L).gcstp &= ~@as(u8, lua.c.GCSTPGC);
}

/// The latest salt that scripts were given.
pub fn latestSalt() u32 {
    return (salt_before orelse heap.salt) >> Heap.salt_bit;
}

pub fn setLatestSalt(salt: u11) void {
    heap.salt = @as(u32, salt) << Heap.salt_bit;
}

fn allocateInOrder(
    data: ?*anyopaque,
    pointer: ?*anyopaque,
    old_bytes: usize,
    bytes: usize,
) callconv(.c) ?*anyopaque {
    if (pointer == null and bytes > 0) return salted(heap.allocateInOrder(bytes), old_bytes);
    return luaAllocate(data, pointer, old_bytes, bytes);
}

/// lua_getallocf as the auxiliary library sees it, whose string buffers allocate without Lua:
/// in a heap this small garbage would make them fail, so that we collect as Lua does. [-0, +0, -]
fn collectingAllocator(state: ?*lua.State, data: ?*?*anyopaque) callconv(.c) lua.c.lua_Alloc {
    if (data) |place| place.* = state;
    return collectingAllocate;
}

fn collectingAllocate(
    state: ?*anyopaque,
    pointer: ?*anyopaque,
    old_bytes: usize,
    bytes: usize,
) callconv(.c) ?*anyopaque {
    if (luaAllocate(null, pointer, old_bytes, bytes)) |block| return block;
    if (bytes == 0) return null;
    lua.c.lpw_emergency_collect(@ptrCast(@alignCast(state)));
    return luaAllocate(null, pointer, old_bytes, bytes);
}

fn saltOf(block: [*]const u8) callconv(.c) c_uint {
    return heap.saltOf(block);
}

comptime {
    @export(&saltOf, .{ .name = "lpw_salt_of", .visibility = .hidden });
    @export(&collectingAllocator, .{ .name = "lpw_getallocf", .visibility = .hidden });
}

/// As `get_memory_stats` writes it: six u32, little endian.
pub const Statistics = extern struct {
    heap_used: u32,
    heap_total: u32,
    lua_objects_count: u32,
    heap_peak: u32,
    largest_free: u32,
    failed_allocations: u32,
};

/// The heap's figures; all 0 before the first state.
pub fn statistics(state: ?*lua.State) Statistics {
    if (script_limit == 0) return std.mem.zeroes(Statistics);
    return .{
        .heap_used = heap.used,
        .heap_total = script_limit,
        .lua_objects_count = if (state) |L| lua.c.lpw_object_count(L) else 0,
        .heap_peak = heap.peak,
        .largest_free = @min(heap.largestFree(), script_limit -| heap.used),
        .failed_allocations = heap.failures,
    };
}
