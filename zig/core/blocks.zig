//! How the blocks of a heap lie in its region, and how the free ones are found.
const builtin = @import("builtin");
const std = @import("std");
const assert = std.debug.assert;
const AddressMap = @import("AddressMap.zig");
const Heap = @import("Heap.zig");

/// Block sizes below `small_bytes` have a list each; above, 8 lists for each power of two.
pub const small_bytes = AddressMap.granule_bytes;
pub const small_lists = small_bytes / 8;
pub const split_bits = 3;
pub const splits = 1 << split_bits;
/// Powers of two from 2^8 to 2^20, and all above in the last one.
pub const powers = 14;
pub const list_count = small_lists + powers * splits;
/// How many of the highest free blocks a large request looks at, before it takes one by its size.
pub const high_tries = 16;
/// Payload of a free block: header 4, links 8, size at its end 4.
pub const block_bytes_min = 16;
pub const header_bytes = 4;
/// A free block as large as that becomes the open one when it lies lower.
const open_bytes_min = 4096;
pub const flag_used: u32 = 1;
pub const flag_previous_used: u32 = 2;
/// A used block is 8 bytes longer than asked for: too few for a block of their own.
pub const flag_padded: u32 = 4;
/// The bits of a header that are the block's size; those above are its salt.
pub const size_mask: u32 = AddressMap.region_bytes_max - 8;
pub const salt_bit = std.math.log2_int(u32, AddressMap.region_bytes_max);
pub const Free = struct { next: u32, previous: u32 };
/// A link is the offset of its block plus 8, so that 0 can mean none.
pub const none: u32 = 0;
pub const none_open: u32 = std.math.maxInt(u32);

/// How what each allocation passes through is called.
pub const for_speed: std.builtin.CallModifier =
    if (builtin.mode == .fast) .always_inline else .auto;

/// Gives a block that has none the next salt.
pub inline fn giveSalt(heap: *Heap, pointer: [*]u8) void {
    heap.salt +%= 1 << salt_bit;
    const block = heap.blockOf(pointer);
    heap.setHeader(block, heap.header(block) | heap.salt);
}

pub fn saltOf(heap: *const Heap, pointer: [*]const u8) u11 {
    return @truncate(heap.header(heap.blockOf(pointer)) >> salt_bit);
}

pub fn setSalt(heap: *Heap, pointer: [*]const u8, salt: u11) void {
    const block = heap.blockOf(pointer);
    const rest = heap.header(block) & ~(~@as(u32, 0) << salt_bit);
    heap.setHeader(block, rest | @as(u32, salt) << salt_bit);
}

/// Of a request; null: no block is as large.
pub fn blockBytes(bytes: usize) ?u32 {
    if (bytes > 1 << 30) return null;
    const size = std.mem.alignForward(u32, @as(u32, @intCast(bytes)) + header_bytes, 8);
    return @max(size, block_bytes_min);
}

/// A free block of at least `size` bytes.
pub fn find(heap: *const Heap, size: u32) ?u32 {
    if (size >= small_bytes) {
        return heap.highest(size, high_tries) orelse heap.fitting(size) orelse heap.openFor(size);
    }
    // The lists of small sizes are the first word.
    const sizes: u5 = @intCast(listOf(size));
    const held = heap.occupied.masks[0] >> sizes;
    if (held != 0) return heap.lists[sizes + @ctz(held)] - 8;
    return heap.openFor(size) orelse heap.large.lowest();
}

pub fn openFor(heap: *const Heap, size: u32) ?u32 {
    const open = heap.open;
    return if (open != none_open and heap.sizeOf(open) >= size) open else null;
}

/// The highest of the free blocks that fit, if it is among the first `tries` of all large ones.
pub fn highest(heap: *const Heap, size: u32, tries: u32) ?u32 {
    var iterator = heap.large.descending();
    for (0..tries) |_| {
        const block = iterator.next() orelse return null;
        if (heap.sizeOf(block) >= size) return block;
    }
    return null;
}

/// A large block that is little larger than asked for.
pub fn fitting(heap: *const Heap, size: u32) ?u32 {
    // Every block in a list above fits; those of its own list may.
    const own = listOf(size);
    var each = heap.lists[own];
    while (each != none) : (each = heap.links(each - 8).next) {
        if (heap.sizeOf(each - 8) >= size) return each - 8;
    }
    const list = heap.firstOccupied(own + 1) orelse return null;
    return heap.lists[list] - 8;
}

pub fn firstOccupied(heap: *const Heap, from: usize) ?usize {
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

/// The bytes of the largest block that is free, its header included.
pub fn largestFree(heap: *const Heap) u32 {
    var largest = if (heap.open != none_open) heap.sizeOf(heap.open) else 0;
    const list = heap.occupied.findLastSet() orelse return largest;
    var block = heap.lists[list];
    while (block != none) : (block = heap.links(block - 8).next) {
        largest = @max(largest, heap.sizeOf(block - 8));
    }
    return largest;
}

pub fn listOf(size: u32) usize {
    if (size < small_bytes) return size / 8;
    const power: u32 = 31 - @clz(size);
    const split = (size >> @intCast(power - split_bits)) & (splits - 1);
    const list = small_lists + (power - 8) * splits + split;
    return @min(list, list_count - 1);
}

/// Makes a used block free and joins it with free neighbours; `used` is the caller's to count.
pub fn release(heap: *Heap, block: u32) void {
    const own = heap.sizeOf(block);
    const behind = block + own;
    const has_before = heap.header(block) & flag_previous_used == 0;
    const room_before = if (has_before) block - heap.before(block) else 0;
    const room_behind = if (heap.isUsed(behind)) 0 else heap.sizeOf(behind);
    const start = block - room_before;
    const size = room_before + own + room_behind;
    const previous = heap.header(start) & flag_previous_used;
    const open = heap.open;
    if (room_before != 0) {
        if (room_behind == 0 and start != open and listOf(room_before) == listOf(size)) {
            return heap.markFree(start, size, previous);
        }
        @call(for_speed, unlink, .{ heap, start });
    }
    if (room_behind != 0) {
        if (room_before == 0 and behind != open and listOf(room_behind) == listOf(size)) {
            heap.relink(behind, start);
            return heap.markFree(start, size, previous);
        }
        @call(for_speed, unlink, .{ heap, behind });
    }
    heap.markFree(start, size, previous);
    // What is joined with the open block is open, and so is what lies lower.
    if (heap.open != open) {
        heap.open = start;
    } else if (start < open and size >= open_bytes_min) {
        if (open != none_open) heap.link(open);
        heap.open = start;
    } else {
        @call(for_speed, link, .{ heap, start });
    }
}

/// Writes what the neighbours of a free block read of it.
pub fn markFree(heap: *Heap, block: u32, size: u32, previous: u32) void {
    heap.setHeader(block, size | previous);
    heap.word(block + size - header_bytes - 4).* = size;
    heap.setHeader(block + size, heap.header(block + size) & ~flag_previous_used);
}

/// Puts a free block into its list.
pub fn link(heap: *Heap, block: u32) void {
    const size = heap.sizeOf(block);
    const list = listOf(size);
    const next = heap.lists[list];
    heap.links(block).* = .{ .next = next, .previous = none };
    if (next != none) heap.links(next - 8).previous = block + 8;
    heap.lists[list] = block + 8;
    heap.occupied.set(list);
    if (size >= small_bytes) heap.large.add(block);
}

/// The free block at `old` begins at `start` now, and stays in its list.
pub fn relink(heap: *Heap, old: u32, start: u32) void {
    const size = heap.sizeOf(old);
    const ends = heap.links(old).*;
    heap.links(start).* = ends;
    if (ends.next != none) heap.links(ends.next - 8).previous = start + 8;
    if (ends.previous != none) {
        heap.links(ends.previous - 8).next = start + 8;
    } else {
        heap.lists[listOf(size)] = start + 8;
    }
    if (size >= small_bytes) {
        heap.large.remove(old);
        heap.large.add(start);
    }
}

/// Takes a free block out of its list; the open one is in none.
pub fn unlink(heap: *Heap, block: u32) void {
    if (heap.open == block) {
        heap.open = none_open;
        return;
    }
    const size = heap.sizeOf(block);
    if (size >= small_bytes) heap.large.remove(block);
    const ends = heap.links(block).*;
    if (ends.next != none) heap.links(ends.next - 8).previous = ends.previous;
    if (ends.previous != none) {
        heap.links(ends.previous - 8).next = ends.next;
        return;
    }
    const list = listOf(size);
    heap.lists[list] = ends.next;
    if (ends.next == none) heap.occupied.unset(list);
}

/// The next block in order opens the lowest one, whichever was open: the same one where the same
/// blocks are used.
pub fn close(heap: *Heap) void {
    if (heap.open != none_open) heap.link(heap.open);
    heap.open = none_open;
}

/// The free block before `block`.
pub fn before(heap: *const Heap, block: u32) u32 {
    return block - heap.word(block - header_bytes - 4).*;
}

/// The word at `offset` from the first payload.
pub fn word(heap: *const Heap, offset: u32) *u32 {
    return @ptrCast(@alignCast(heap.base + offset));
}

pub fn header(heap: *const Heap, block: u32) u32 {
    return @as(*u32, @ptrCast(@alignCast(heap.base + block - header_bytes))).*;
}

pub fn setHeader(heap: *Heap, block: u32, value: u32) void {
    @as(*u32, @ptrCast(@alignCast(heap.base + block - header_bytes))).* = value;
}

pub fn sizeOf(heap: *const Heap, block: u32) u32 {
    return heap.header(block) & size_mask;
}

/// The size of a used block without padding.
pub fn ownBytes(heap: *const Heap, block: u32) u32 {
    const value = heap.header(block);
    return (value & size_mask) - 8 * ((value & flag_padded) / flag_padded);
}

pub fn isUsed(heap: *const Heap, block: u32) bool {
    return heap.header(block) & flag_used != 0;
}

pub fn links(heap: *const Heap, block: u32) *Free {
    return @ptrCast(@alignCast(heap.base + block));
}

/// Checks every block and list; for tests. Returns the bytes in used blocks.
pub fn verify(heap: *const Heap) u32 {
    var used: u32 = 0;
    var free_blocks: u32 = 0;
    var large_blocks: u32 = 0;
    var block: u32 = 0;
    var previous_used = true;
    while (block < heap.end) : (block += heap.sizeOf(block)) {
        assert((heap.header(block) & flag_previous_used != 0) == previous_used);
        const size = heap.sizeOf(block);
        assert(size >= block_bytes_min and size % 8 == 0 and block + size <= heap.end);
        const is_used = heap.isUsed(block);
        assert(previous_used or is_used); // Free neighbours were joined.
        if (is_used) used += heap.ownBytes(block) else free_blocks += 1;
        previous_used = is_used;
    }
    assert(block == heap.end and used == heap.used);
    if (heap.open != none_open) {
        assert(!heap.isUsed(heap.open));
        free_blocks -= 1;
    }
    for (heap.lists, 0..) |first, list| {
        assert(heap.occupied.isSet(list) == (first != none));
        var each = first;
        while (each != none) : (each = heap.links(each - 8).next) {
            assert(listOf(heap.sizeOf(each - 8)) == list);
            free_blocks -= 1;
            if (list >= small_lists) assert(heap.large.has(each - 8));
            if (list >= small_lists) large_blocks += 1;
        }
    }
    assert(free_blocks == 0);
    var iterator = heap.large.descending();
    while (iterator.next()) |_| large_blocks -= 1;
    assert(large_blocks == 0);
    return used;
}
