//! The unit tests of the heap.
const std = @import("std");
const Heap = @import("Heap.zig");

test "random allocations keep every block and the count right" {
    const region = try std.testing.allocator.alignedAlloc(u8, .@"8", 1 << 20);
    defer std.testing.allocator.free(region);
    var heap: Heap = undefined;
    heap.init(@intFromPtr(region.ptr), @intFromPtr(region.ptr) + region.len);
    const whole = heap.largestFree();
    try std.testing.expectEqual(heap.total(), whole);

    var prng = std.Random.DefaultPrng.init(54);
    const random = prng.random();
    var live: [300]?[]u8 = @splat(null);
    for (0..100_000) |round| {
        const slot = &live[random.uintLessThan(usize, live.len)];
        const bytes = random.uintLessThan(usize, if (round % 50 == 0) 60_000 else 300);
        if (slot.*) |old| {
            for (old) |byte| try std.testing.expectEqual(@as(u8, @truncate(old.len)), byte);
            if (random.boolean()) {
                heap.free(old.ptr);
                slot.* = null;
                continue;
            }
            const moved = heap.reallocate(old.ptr, bytes) orelse {
                try std.testing.expect(bytes > old.len);
                continue;
            };
            for (moved[0..@min(bytes, old.len)]) |byte| {
                try std.testing.expectEqual(@as(u8, @truncate(old.len)), byte);
            }
            slot.* = moved[0..bytes];
        } else {
            slot.* = (heap.allocate(bytes) orelse continue)[0..bytes];
        }
        try std.testing.expect(@intFromPtr(slot.*.?.ptr) % 8 == 0);
        @memset(slot.*.?, @truncate(bytes));
        if (round % 100 == 0) _ = heap.verify();
    }
    for (live) |slot| if (slot) |old| heap.free(old.ptr);
    try std.testing.expectEqual(0, heap.verify());
    try std.testing.expectEqual(whole, heap.largestFree());
}

test "small blocks keep to the low end, large ones to the high end, also when they grow" {
    const region = try std.testing.allocator.alignedAlloc(u8, .@"8", 1 << 16);
    defer std.testing.allocator.free(region);
    var heap: Heap = undefined;
    heap.init(@intFromPtr(region.ptr), @intFromPtr(region.ptr) + region.len);
    const small = heap.allocate(40).?;
    const low = @intFromPtr(small) + 1000;
    const high = @intFromPtr(small) + heap.total() - 10_000;
    var table = heap.allocate(1000).?;
    const hole = heap.allocate(600).?;
    try std.testing.expect(@intFromPtr(hole) > high and @intFromPtr(table) > high);
    heap.free(table);
    // The lowest place is not the one whose size fits best.
    try std.testing.expect(@intFromPtr(heap.allocate(200).?) < low);
    table = heap.allocate(900).?;
    heap.free(hole);
    // Twice what is free beside it: in place, or there would be no room for both.
    const most = heap.largestFree();
    @memset(table[0..900], 7);
    table = heap.reallocate(table, most).?;
    for (table[0..900]) |byte| try std.testing.expectEqual(7, byte);
    table = heap.reallocate(table, 300).?;
    try std.testing.expect(@intFromPtr(table) > high);
    try std.testing.expect(@intFromPtr(heap.reallocate(table, 100).?) < low);
    try std.testing.expect(@intFromPtr(heap.reallocate(small, 400).?) > high);
    _ = heap.verify();
}

test "the limit binds, shrinking never fails, and allocations fail on demand" {
    const region = try std.testing.allocator.alignedAlloc(u8, .@"8", 1 << 16);
    defer std.testing.allocator.free(region);
    var heap: Heap = undefined;
    heap.init(@intFromPtr(region.ptr), @intFromPtr(region.ptr) + region.len);
    heap.limit = 1000;
    const block = heap.allocate(900).?;
    try std.testing.expectEqual(null, heap.allocate(100));
    try std.testing.expectEqual(1, heap.failures);
    heap.limit = 10;
    const smaller = heap.reallocate(block, 100).?;
    heap.limit = heap.total();
    heap.failFrom(2, 1);
    try std.testing.expect(heap.reallocate(smaller, 200) != null);
    try std.testing.expectEqual(null, heap.allocate(8));
    try std.testing.expect(heap.allocate(8) != null);
    for ([_]u32{ 2, 0 }) |count| {
        heap.failFrom(1, count);
        for (0..2) |_| try std.testing.expectEqual(null, heap.allocate(8));
        try std.testing.expectEqual(count == 0, heap.allocate(8) == null);
        try std.testing.expect(heap.reallocate(smaller, 50) != null);
    }
    heap.failFrom(0, 0);
    try std.testing.expectEqual(null, heap.allocate(std.math.maxInt(usize)));
    _ = heap.verify();
}
