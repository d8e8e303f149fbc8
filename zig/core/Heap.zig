//! Lua's heap: a two-level segregated-fit allocator over one region, with boundary tags.
//! (Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems", 2004.)
//!
//! A block is a 4-byte header and its payload; payloads are 8-aligned, so that sizes (header
//! included) are multiples of 8. Above the size a header has the block's salt, a number of 11 bits:
//! tables hash objects by it (lua_tables.c). A free block holds its list links in the payload and
//! its size once more in its last 4 bytes, where the block behind it finds it. A last header of
//! size 0 ends the region.
//!
//! Nothing that is in use can be moved, so that what lives long must not come to lie between what
//! dies: small blocks are taken from the low end of the region, large ones from the high end, and
//! a block that shrinks much moves to its end.
const Heap = @This();

const std = @import("std");
const assert = std.debug.assert;
const AddressMap = @import("AddressMap.zig");
const blocks = @import("blocks.zig");

const small_bytes = blocks.small_bytes;
const list_count = blocks.list_count;
const block_bytes_min = blocks.block_bytes_min;
const header_bytes = blocks.header_bytes;
const flag_used = blocks.flag_used;
const flag_previous_used = blocks.flag_previous_used;
const flag_padded = blocks.flag_padded;
const none = blocks.none;
const none_open = blocks.none_open;

base: [*]u8,
/// Offset of the end mark's payload.
end: u32,
lists: [list_count]u32,
/// One bit for each list that is not empty.
occupied: std.bit_set.Array(u32, list_count),
/// The free blocks of `small_bytes` or more, but for the open one.
large: AddressMap,
/// A free block in no list, from which small ones are cut one after the other.
open: u32,
/// Bytes in used blocks, headers included, padding not: what is in use, wherever it lies.
used: u32,
peak: u32,
/// What `used` may not exceed: below it lies a reserve for error paths.
limit: u32,
failures: u32,
/// Counts down to the first allocation that a test makes fail; 0: none.
fail_countdown: u32,
/// How many fail from there on; 0: all.
fail_count: u32,
/// The latest salt that was given, at its place in a header.
salt: u32,

// Methods that blocks.zig holds.
pub const find = blocks.find;
pub const openFor = blocks.openFor;
pub const close = blocks.close;
pub const highest = blocks.highest;
pub const fitting = blocks.fitting;
pub const largestFree = blocks.largestFree;
pub const firstOccupied = blocks.firstOccupied;
pub const release = blocks.release;
pub const markFree = blocks.markFree;
pub const link = blocks.link;
pub const relink = blocks.relink;
pub const unlink = blocks.unlink;
pub const before = blocks.before;
pub const word = blocks.word;
pub const header = blocks.header;
pub const setHeader = blocks.setHeader;
pub const sizeOf = blocks.sizeOf;
pub const ownBytes = blocks.ownBytes;
pub const isUsed = blocks.isUsed;
pub const links = blocks.links;
pub const verify = blocks.verify;
pub const salt_bit = blocks.salt_bit;
pub const giveSalt = blocks.giveSalt;
pub const saltOf = blocks.saltOf;
pub const setSalt = blocks.setSalt;
const blockBytes = blocks.blockBytes;

/// Takes the region from `first` to `last`, exclusive.
pub fn init(heap: *Heap, first: usize, last: usize) void {
    // The payload of the first block is 8-aligned, its header lies before it.
    const start = std.mem.alignForward(usize, first + header_bytes, 8) - header_bytes;
    const length: u32 = @intCast(std.mem.alignBackward(usize, last - start - header_bytes, 8));
    assert(length <= AddressMap.region_bytes_max);
    heap.* = .{
        .base = @ptrFromInt(start + header_bytes),
        .end = length,
        .lists = @splat(none),
        .occupied = .empty,
        .large = undefined,
        .open = none_open,
        .used = 0,
        .peak = 0,
        .limit = length,
        .failures = 0,
        .fail_countdown = 0,
        .fail_count = 0,
        .salt = 0,
    };
    heap.large.clear();
    heap.setHeader(length, flag_used); // Size 0: the end mark.
    heap.markFree(0, length, flag_previous_used);
    heap.open = 0;
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
    const block = @call(blocks.for_speed, take, .{ heap, size }) orelse return heap.fail();
    heap.peak = @max(heap.peak, heap.used);
    return heap.base + block;
}

/// A new block in no hole: behind those that were taken so before, else in the lowest free block
/// that is not small. What lay in holes would depend on what was freed last.
pub fn allocateInOrder(heap: *Heap, bytes: usize) ?[*]u8 {
    const size = blockBytes(bytes) orelse return heap.fail();
    if (heap.fail_countdown > 0 or size >= small_bytes or size > heap.limit -| heap.used) {
        return heap.allocate(bytes);
    }
    const found = heap.openFor(size + block_bytes_min) orelse heap.large.lowest() orelse
        return heap.allocate(bytes);
    const block = heap.carve(found, size);
    heap.peak = @max(heap.peak, heap.used);
    return heap.base + block;
}

/// Keeps a block of `size` bytes, header included, from being used; it does not count as used.
pub fn hold(heap: *Heap, size: u32) ?[*]u8 {
    const found = heap.find(size) orelse return null;
    const block = heap.carve(found, size);
    heap.used -= size;
    return heap.base + block;
}

pub fn letGo(heap: *Heap, pointer: [*]u8) void {
    const block = heap.blockOf(pointer);
    heap.used += heap.ownBytes(block);
    heap.free(pointer);
}

/// A block of `size` bytes where such blocks belong; null when there is no place for it.
fn take(heap: *Heap, size: u32) ?u32 {
    if (size < small_bytes) {
        if (heap.allocateSmall(size)) |block| return block;
    }
    return heap.carve(heap.find(size) orelse return null, size);
}

/// What nearly all requests come to: a hole of that size, or the next piece of the open block.
inline fn allocateSmall(heap: *Heap, size: u32) ?u32 {
    const list = size / 8;
    if (heap.lists[list] != none) {
        const block = heap.lists[list] - 8;
        const next = heap.links(block).next;
        heap.lists[list] = next;
        if (next == none) heap.occupied.unset(list) else heap.links(next - 8).previous = none;
        heap.setHeader(block, heap.header(block) | flag_used);
        heap.setHeader(block + size, heap.header(block + size) | flag_previous_used);
        heap.used += size;
        return block;
    }
    const block = heap.open;
    if (block == none_open or heap.sizeOf(block) < size + block_bytes_min) return null;
    heap.cut(block, heap.sizeOf(block), size);
    return block;
}

/// The n-th allocation from now on fails (0: none), and so do those behind it: `count` in all, or
/// all of them when that is 0.
pub fn failFrom(heap: *Heap, nth: u32, count: u32) void {
    heap.fail_countdown = nth;
    heap.fail_count = count;
}

pub fn free(heap: *Heap, pointer: [*]u8) void {
    @call(blocks.for_speed, discard, .{ heap, heap.blockOf(pointer) });
}

/// Makes a used block free.
fn discard(heap: *Heap, block: u32) void {
    heap.used -= heap.ownBytes(block);
    if (!heap.freeSmall(block)) heap.release(block);
}

/// What nearly all blocks come to: a hole between used ones, or more of the open block.
inline fn freeSmall(heap: *Heap, block: u32) bool {
    const size = heap.sizeOf(block);
    if (size >= small_bytes or heap.header(block) & flag_previous_used == 0) return false;
    const behind = block + size;
    if (heap.isUsed(behind)) {
        heap.markFree(block, size, flag_previous_used);
        heap.link(block);
        return true;
    }
    if (behind != heap.open) return false;
    heap.markFree(block, size + heap.sizeOf(behind), flag_previous_used);
    heap.open = block;
    return true;
}

/// The block with room for `bytes`, perhaps elsewhere, its bytes kept. Shrinking never fails.
pub fn reallocate(heap: *Heap, pointer: [*]u8, bytes: usize) ?[*]u8 {
    const block = heap.blockOf(pointer);
    const old = heap.sizeOf(block);
    const size = blockBytes(bytes) orelse return heap.fail();
    const place = if (size <= old) heap.shrink(block, size) else place: {
        if (heap.failsNow()) return null;
        if (size - old > heap.limit -| heap.used) return heap.fail();
        break :place heap.grow(block, size) orelse return heap.fail();
    };
    heap.peak = @max(heap.peak, heap.used);
    return heap.base + place;
}

/// The block with less room, perhaps elsewhere.
fn shrink(heap: *Heap, block: u32, size: u32) u32 {
    const old = heap.sizeOf(block);
    if (old - size >= old / 4) {
        if (heap.betterPlace(block, size)) |found| {
            const place = heap.carve(found, size);
            heap.copy(block, place, size);
            heap.discard(block);
            return place;
        }
        if (size >= small_bytes and old - size >= block_bytes_min) return heap.keepEnd(block, size);
    }
    heap.used -= heap.ownBytes(block);
    heap.takeStart(block, old, size);
    return block;
}

/// Moves what is kept of a large block to its own end.
fn keepEnd(heap: *Heap, block: u32, size: u32) u32 {
    const rest = heap.sizeOf(block) - size;
    const place = block + rest;
    heap.used -= heap.ownBytes(block);
    const kept = heap.base[block..][0 .. size - header_bytes];
    @memmove(heap.base[place..][0..kept.len], kept);
    heap.setHeader(place, size | flag_used | flag_previous_used);
    const previous = heap.header(block) & flag_previous_used;
    heap.setHeader(block, rest | flag_used | previous);
    heap.used += size;
    heap.release(block);
    return place;
}

/// A free block for `size` bytes that lies nearer to its end of the region than `block`.
fn betterPlace(heap: *const Heap, block: u32, size: u32) ?u32 {
    if (size < small_bytes) {
        const found = heap.find(size) orelse return null;
        return if (found < block) found else null;
    }
    const found = heap.highest(size, std.math.maxInt(u32)) orelse return null;
    return if (found > block) found else null;
}

/// The block with more room, perhaps elsewhere; null when there is no place for it.
fn grow(heap: *Heap, block: u32, size: u32) ?u32 {
    const old = heap.sizeOf(block);
    // What becomes large leaves the end of the small ones.
    if (size < small_bytes or old >= small_bytes) {
        if (heap.growInPlace(block, size)) |place| return place;
    }
    const place = @call(blocks.for_speed, take, .{ heap, size }) orelse return null;
    heap.copy(block, place, old);
    @call(blocks.for_speed, discard, .{ heap, block });
    return place;
}

/// Into the free block behind, or for a large block into the one before it, or both.
fn growInPlace(heap: *Heap, block: u32, size: u32) ?u32 {
    const old = heap.sizeOf(block);
    const behind = block + old;
    const room_behind = if (heap.isUsed(behind)) 0 else heap.sizeOf(behind);
    if (old + room_behind >= size) {
        heap.unlink(behind);
        heap.used -= heap.ownBytes(block);
        heap.takeStart(block, old + room_behind, size);
        return block;
    }
    if (size < small_bytes or heap.header(block) & flag_previous_used != 0) return null;
    const start = heap.before(block);
    const room = behind + room_behind - start;
    if (room < size) return null;
    heap.unlink(start);
    if (room_behind > 0) heap.unlink(behind);
    heap.used -= heap.ownBytes(block);
    const kept = heap.base[block..][0 .. old - header_bytes];
    // The bytes move before headers are written: the new block may lie over the old header.
    const place = if (room - size < block_bytes_min) start else start + room - size;
    @memmove(heap.base[place..][0..kept.len], kept);
    return heap.takeEnd(start, room, size);
}

/// Copies what blocks of `size` bytes hold.
fn copy(heap: *Heap, from: u32, to: u32, size: u32) void {
    const length = size - header_bytes;
    @memcpy(heap.base[to..][0..length], heap.base[from..][0..length]);
}

/// Takes `size` bytes of a free block, from that of its ends where such blocks belong.
fn carve(heap: *Heap, found: u32, size: u32) u32 {
    const room = heap.sizeOf(found);
    const is_open = heap.open == found;
    heap.unlink(found);
    if (size >= small_bytes) {
        const block = heap.takeEnd(found, room, size);
        // What remains of the open block is still for small ones.
        if (is_open and block != found) {
            heap.unlink(found);
            heap.open = found;
        }
        return block;
    }
    if ((is_open or room >= small_bytes) and room - size >= block_bytes_min) {
        if (heap.open != none_open) heap.link(heap.open);
        heap.cut(found, room, size);
    } else {
        heap.takeStart(found, room, size);
    }
    return found;
}

/// Marks the first `size` bytes of `room` used; the rest becomes the open block.
inline fn cut(heap: *Heap, block: u32, room: u32, size: u32) void {
    const previous = heap.header(block) & flag_previous_used;
    heap.setHeader(block, size | flag_used | previous);
    heap.markFree(block + size, room - size, flag_previous_used);
    heap.open = block + size;
    heap.used += size;
}

/// Marks the first `size` bytes of `room` used and frees the rest, if that is a block.
fn takeStart(heap: *Heap, block: u32, room: u32, size: u32) void {
    const previous = heap.header(block) & flag_previous_used;
    const rest = room - size;
    if (rest >= block_bytes_min) {
        heap.setHeader(block, size | flag_used | previous);
        heap.setHeader(block + size, rest | flag_used | flag_previous_used);
        heap.used += size;
        heap.release(block + size);
    } else {
        const padded = if (rest > 0) flag_padded else 0;
        heap.setHeader(block, room | flag_used | previous | padded);
        heap.setHeader(block + room, heap.header(block + room) | flag_previous_used);
        heap.used += size;
    }
}

/// Marks the last `size` bytes of `room` used and frees those before them, if they are a block.
fn takeEnd(heap: *Heap, start: u32, room: u32, size: u32) u32 {
    const rest = room - size;
    if (rest < block_bytes_min) {
        heap.takeStart(start, room, size);
        return start;
    }
    const block = start + rest;
    heap.setHeader(block, size | flag_used);
    heap.setHeader(block + size, heap.header(block + size) | flag_previous_used);
    heap.used += size;
    // The block before is used: of two free neighbours there would be one.
    heap.markFree(start, rest, flag_previous_used);
    heap.link(start);
    return block;
}

fn failsNow(heap: *Heap) bool {
    if (heap.fail_countdown == 0) return false;
    if (heap.fail_countdown > 1) {
        heap.fail_countdown -= 1;
        return false;
    }
    if (heap.fail_count > 0) {
        heap.fail_count -= 1;
        if (heap.fail_count == 0) heap.fail_countdown = 0;
    }
    heap.failures += 1;
    return true;
}

fn fail(heap: *Heap) ?[*]u8 {
    heap.failures += 1;
    return null;
}

pub fn blockOf(heap: *const Heap, pointer: [*]const u8) u32 {
    return @intCast(@intFromPtr(pointer) - @intFromPtr(heap.base));
}
