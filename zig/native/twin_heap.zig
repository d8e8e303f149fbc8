//! Our allocator beneath upstream's checking one: what ltests.c calls as malloc and free. The heap
//! is verified as it is used and at the end, where the twin says what it took.
const std = @import("std");
const Heap = @import("Heap");

/// More than any file but heavy.lua asks for; pages that nobody touches cost nothing.
const region_bytes = 1 << 29;
/// Between two verifications, which walk over all blocks.
const allocations_per_check = 50_000;

var region: [region_bytes]u8 align(8) = undefined;
var heap: Heap = undefined;
var is_ready = false;
var allocations: usize = 0;

fn allocate(bytes: usize) callconv(.c) ?[*]u8 {
    if (!is_ready) open();
    allocations += 1;
    if (allocations % allocations_per_check == 0) _ = heap.verify();
    return heap.allocate(bytes);
}

fn free(block: ?[*]u8) callconv(.c) void {
    heap.free(block orelse return);
}

fn open() void {
    heap.init(@intFromPtr(&region), @intFromPtr(&region) + region.len);
    is_ready = true;
    if (atexit(close) != 0) @panic("no room for another function at exit");
}

extern fn atexit(function: *const fn () callconv(.c) void) c_int;

/// Runs after ltests.c has checked that no block is left: then the heap must be one free block.
fn close() callconv(.c) void {
    const used = heap.verify();
    if (used != 0 or heap.largestFree() != heap.total()) @panic("the heap is not whole at the end");
    const path = std.c.getenv("TWIN_HEAP_FILE") orelse return;
    const file = std.c.fopen(path, "w") orelse @panic("TWIN_HEAP_FILE can't be written");
    _ = fprintf(file, "%u %zu\n", heap.peak, allocations);
    if (std.c.fclose(file) != 0) @panic("TWIN_HEAP_FILE can't be written");
}

extern fn fprintf(stream: *std.c.FILE, format: [*:0]const u8, ...) c_int;

comptime {
    @export(&allocate, .{ .name = "twin_malloc" });
    @export(&free, .{ .name = "twin_free" });
}
