//! Lua's heap: a two-level segregated-fit allocator over one region, with boundary tags.
//! (Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems", 2004.)
//!
//! A block is a 4-byte header and its payload; payloads are 8-aligned, so that sizes (header
//! included) are multiples of 8. A free block holds its list links in the payload and its size once
//! more in its last 4 bytes, where the block behind it finds it. A last header of size 0 ends
//! the region.
const Heap = @This();

const std = @import("std");
const assert = std.debug.assert;

/// Block sizes below `small_bytes` have a list each; above, 8 lists for each power of two.
const small_bytes = 256;
const small_lists = small_bytes / 8;
const split_bits = 3;
const splits = 1 << split_bits;
/// Powers of two from 2^8 to 2^20, and all above in the last one.
const powers = 14;
const list_count = small_lists + powers * splits;

/// Payload of a free block: header 4, links 8, size at its end 4.
const block_bytes_min = 16;
const header_bytes = 4;
const flag_used: u32 = 1;
const flag_previous_used: u32 = 2;
const flags = flag_used | flag_previous_used;

const Free = struct { next: u32, previous: u32 };
/// A link is the offset of its block plus 8, so that 0 can mean none.
const none: u32 = 0;

base: [*]u8,
/// Offset of the end mark's payload.
end: u32,
lists: [list_count]u32,
/// One bit for each list that is not empty.
occupied: std.bit_set.Array(u32, list_count),
/// Bytes in used blocks, headers included.
used: u32,
peak: u32,
/// What `used` may not exceed: below it lies a reserve for error paths.
limit: u32,
failures: u32,
/// Counts down to the allocation that a test makes fail; 0: none.
fail_countdown: u32,

/// Takes the region from `first` to `last`, exclusive.
pub fn init(heap: *Heap, first: usize, last: usize) void {
    // The payload of the first block is 8-aligned, its header lies before it.
    const start = std.mem.alignForward(usize, first + header_bytes, 8) - header_bytes;
    const length: u32 = @intCast(std.mem.alignBackward(usize, last - start - header_bytes, 8));
    heap.* = .{
        .base = @ptrFromInt(start + header_bytes),
        .end = length,
        .lists = @splat(none),
        .occupied = .empty,
        .used = 0,
        .peak = 0,
        .limit = length,
        .failures = 0,
        .fail_countdown = 0,
    };
    heap.setHeader(length, flag_used); // Size 0: the end mark.
    heap.makeFree(0, length, flag_previous_used);
}

/// All bytes that blocks can have.
pub fn total(heap: *const Heap) u32 {
    return heap.end;
}

/// A new block, 8-aligned, or null.
pub fn allocate(heap: *Heap, bytes: usize) ?[*]u8 {
    if (heap.failsNow()) return null;
    const size = blockBytes(bytes) orelse return heap.fail();
    if (size > heap.limit -| heap.used) return heap.fail();
    const block = heap.find(size) orelse return heap.fail();
    heap.unlink(block);
    heap.take(block, heap.sizeOf(block), size);
    return heap.base + block;
}

pub fn free(heap: *Heap, pointer: [*]u8) void {
    const block = heap.blockOf(pointer);
    heap.used -= heap.sizeOf(block);
    heap.release(block);
}

/// The block with room for `bytes`, perhaps elsewhere, its bytes kept. Shrinking never fails.
pub fn reallocate(heap: *Heap, pointer: [*]u8, bytes: usize) ?[*]u8 {
    const block = heap.blockOf(pointer);
    const old = heap.sizeOf(block);
    const size = blockBytes(bytes) orelse return heap.fail();
    if (size <= old) {
        heap.used -= old;
        heap.take(block, old, size);
        return pointer;
    }
    if (heap.failsNow()) return null;
    if (size - old > heap.limit -| heap.used) return heap.fail();
    const behind = block + old;
    if (!heap.isUsed(behind) and old + heap.sizeOf(behind) >= size) {
        heap.unlink(behind);
        heap.used -= old;
        heap.take(block, old + heap.sizeOf(behind), size);
        return pointer;
    }
    // The new block exists beside the old one for a moment: the limit is for what remains.
    const found = heap.find(size) orelse return heap.fail();
    heap.unlink(found);
    heap.take(found, heap.sizeOf(found), size);
    @memcpy((heap.base + found)[0 .. old - header_bytes], pointer[0 .. old - header_bytes]);
    heap.used -= old;
    heap.release(block);
    return heap.base + found;
}

/// The bytes of the largest block that is free, its header included.
pub fn largestFree(heap: *const Heap) u32 {
    const list = heap.occupied.findLastSet() orelse return 0;
    var largest: u32 = 0;
    var block = heap.lists[list];
    while (block != none) : (block = heap.links(block - 8).next) {
        largest = @max(largest, heap.sizeOf(block - 8));
    }
    return largest;
}

/// Checks every block and list; for tests. Returns the bytes in used blocks.
pub fn verify(heap: *const Heap) u32 {
    var used: u32 = 0;
    var free_blocks: u32 = 0;
    var block: u32 = 0;
    var previous_used = true;
    while (block < heap.end) : (block += heap.sizeOf(block)) {
        assert((heap.header(block) & flag_previous_used != 0) == previous_used);
        const size = heap.sizeOf(block);
        assert(size >= block_bytes_min and size % 8 == 0 and block + size <= heap.end);
        const is_used = heap.isUsed(block);
        assert(previous_used or is_used); // Free neighbours were joined.
        if (is_used) used += size else free_blocks += 1;
        previous_used = is_used;
    }
    assert(block == heap.end and used == heap.used);
    for (heap.lists, 0..) |first, list| {
        assert(heap.occupied.isSet(list) == (first != none));
        var link = first;
        while (link != none) : (link = heap.links(link - 8).next) {
            assert(listOf(heap.sizeOf(link - 8)) == list);
            free_blocks -= 1;
        }
    }
    assert(free_blocks == 0);
    return used;
}

/// Marks `size` bytes of `block` used and frees the rest of its `room`, if that is a block.
fn take(heap: *Heap, block: u32, room: u32, size: u32) void {
    const previous = heap.header(block) & flag_previous_used;
    const rest = room - size;
    if (rest >= block_bytes_min) {
        heap.setHeader(block, size | flag_used | previous);
        heap.setHeader(block + size, rest | flag_used | flag_previous_used);
        heap.used += size;
        heap.release(block + size);
    } else {
        heap.setHeader(block, room | flag_used | previous);
        heap.setHeader(block + room, heap.header(block + room) | flag_previous_used);
        heap.used += room;
    }
    heap.peak = @max(heap.peak, heap.used);
}

/// Makes a used block free and joins it with free neighbours; `used` is the caller's to count.
fn release(heap: *Heap, block: u32) void {
    var start = block;
    var size = heap.sizeOf(block);
    if (heap.header(block) & flag_previous_used == 0) {
        const before = heap.word(block - header_bytes - 4).*;
        start -= before;
        size += before;
        heap.unlink(start);
    }
    const behind = block + heap.sizeOf(block);
    if (!heap.isUsed(behind)) {
        size += heap.sizeOf(behind);
        heap.unlink(behind);
    }
    heap.makeFree(start, size, heap.header(start) & flag_previous_used);
}

fn makeFree(heap: *Heap, block: u32, size: u32, previous: u32) void {
    heap.setHeader(block, size | previous);
    heap.word(block + size - header_bytes - 4).* = size;
    heap.setHeader(block + size, heap.header(block + size) & ~flag_previous_used);
    const list = listOf(size);
    const next = heap.lists[list];
    heap.links(block).* = .{ .next = next, .previous = none };
    if (next != none) heap.links(next - 8).previous = block + 8;
    heap.lists[list] = block + 8;
    heap.occupied.set(list);
}

fn unlink(heap: *Heap, block: u32) void {
    const link = heap.links(block).*;
    if (link.next != none) heap.links(link.next - 8).previous = link.previous;
    if (link.previous != none) {
        heap.links(link.previous - 8).next = link.next;
        return;
    }
    const list = listOf(heap.sizeOf(block));
    heap.lists[list] = link.next;
    if (link.next == none) heap.occupied.unset(list);
}

/// A free block of at least `size` bytes.
fn find(heap: *Heap, size: u32) ?u32 {
    // Every block in a list above fits; those of its own list, if it is of several sizes, may.
    const own = listOf(size);
    if (own >= small_lists) {
        var link = heap.lists[own];
        while (link != none) : (link = heap.links(link - 8).next) {
            if (heap.sizeOf(link - 8) >= size) return link - 8;
        }
    }
    const first = if (own < small_lists) own else own + 1;
    const list = heap.firstOccupied(first) orelse return null;
    return heap.lists[list] - 8;
}

fn firstOccupied(heap: *const Heap, from: usize) ?usize {
    var index = from / 32;
    if (index >= heap.occupied.masks.len) return null;
    var mask = heap.occupied.masks[index] & (@as(u32, std.math.maxInt(u32)) << @intCast(from % 32));
    while (mask == 0) {
        index += 1;
        if (index == heap.occupied.masks.len) return null;
        mask = heap.occupied.masks[index];
    }
    return index * 32 + @ctz(mask);
}

fn listOf(size: u32) usize {
    if (size < small_bytes) return size / 8;
    const power: u32 = 31 - @clz(size);
    const split = (size >> @intCast(power - split_bits)) & (splits - 1);
    const list = small_lists + (power - 8) * splits + split;
    return @min(list, list_count - 1);
}

fn blockBytes(bytes: usize) ?u32 {
    if (bytes > 1 << 30) return null;
    const size = std.mem.alignForward(u32, @as(u32, @intCast(bytes)) + header_bytes, 8);
    return @max(size, block_bytes_min);
}

fn failsNow(heap: *Heap) bool {
    if (heap.fail_countdown == 0) return false;
    heap.fail_countdown -= 1;
    if (heap.fail_countdown != 0) return false;
    heap.failures += 1;
    return true;
}

fn fail(heap: *Heap) ?[*]u8 {
    heap.failures += 1;
    return null;
}

fn blockOf(heap: *const Heap, pointer: [*]u8) u32 {
    return @intCast(@intFromPtr(pointer) - @intFromPtr(heap.base));
}

/// The word at `offset` from the first payload.
fn word(heap: *const Heap, offset: u32) *u32 {
    return @ptrCast(@alignCast(heap.base + offset));
}

fn header(heap: *const Heap, block: u32) u32 {
    return @as(*u32, @ptrCast(@alignCast(heap.base + block - header_bytes))).*;
}

fn setHeader(heap: *Heap, block: u32, value: u32) void {
    @as(*u32, @ptrCast(@alignCast(heap.base + block - header_bytes))).* = value;
}

fn sizeOf(heap: *const Heap, block: u32) u32 {
    return heap.header(block) & ~flags;
}

fn isUsed(heap: *const Heap, block: u32) bool {
    return heap.header(block) & flag_used != 0;
}

fn links(heap: *const Heap, block: u32) *Free {
    return @ptrCast(@alignCast(heap.base + block));
}

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

test "the limit binds, shrinking never fails, and the n-th allocation fails on demand" {
    const region = try std.testing.allocator.alignedAlloc(u8, .@"8", 1 << 16);
    defer std.testing.allocator.free(region);
    var heap: Heap = undefined;
    heap.init(@intFromPtr(region.ptr), @intFromPtr(region.ptr) + region.len);
    heap.limit = 1000;
    const block = heap.allocate(900).?;
    try std.testing.expectEqual(null, heap.allocate(100));
    try std.testing.expectEqual(1, heap.failures);
    heap.limit = 10;
    try std.testing.expectEqual(block, heap.reallocate(block, 100).?);
    heap.limit = heap.total();
    heap.fail_countdown = 2;
    try std.testing.expect(heap.reallocate(block, 200) != null);
    try std.testing.expectEqual(null, heap.allocate(8));
    try std.testing.expect(heap.allocate(8) != null);
    try std.testing.expectEqual(null, heap.allocate(std.math.maxInt(usize)));
    _ = heap.verify();
}
