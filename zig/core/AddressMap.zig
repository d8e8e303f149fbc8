//! Where the large free blocks of a heap begin, by address: the lowest one at once, and all of them
//! from the highest down.
//!
//! No two blocks of `granule_bytes` or more begin in one granule, so that a granule has one bit,
//! and one byte for the place in it.
const AddressMap = @This();

const std = @import("std");
const builtin = @import("builtin");

pub const granule_bytes = 256;
/// The wasm's memory; on a host, that of the native twin (zig/native/twin_heap.zig).
pub const region_bytes_max = if (builtin.cpu.arch.isWasm()) 2 * 1024 * 1024 else 1 << 29;
const granule_count = region_bytes_max / granule_bytes;
const word_count = granule_count / 32;

const Word = u32;
const Bit = std.math.Log2Int(Word);

/// One bit for each granule in which a block begins.
begun: [word_count]Word,
/// One bit for each word of `begun` that is not 0.
occupied: [word_count / 32]Word,
/// The block's place in its granule, in units of 8 bytes.
places: [granule_count]u8,

pub fn clear(map: *AddressMap) void {
    map.begun = @splat(0);
    map.occupied = @splat(0);
}

pub fn add(map: *AddressMap, block: u32) void {
    const granule = block / granule_bytes;
    map.begun[granule / 32] |= bitOf(granule);
    map.occupied[granule / 1024] |= bitOf(granule / 32);
    map.places[granule] = @intCast(block % granule_bytes / 8);
}

pub fn remove(map: *AddressMap, block: u32) void {
    const granule = block / granule_bytes;
    map.begun[granule / 32] &= ~bitOf(granule);
    if (map.begun[granule / 32] == 0) map.occupied[granule / 1024] &= ~bitOf(granule / 32);
}

pub fn has(map: *const AddressMap, block: u32) bool {
    const granule = block / granule_bytes;
    return map.begun[granule / 32] & bitOf(granule) != 0 and map.blockIn(granule) == block;
}

/// The block that begins first, or null when there is none.
pub fn lowest(map: *const AddressMap) ?u32 {
    for (map.occupied, 0..) |occupied, index| {
        if (occupied == 0) continue;
        const word = index * 32 + @ctz(occupied);
        return map.blockIn(@intCast(word * 32 + @ctz(map.begun[word])));
    }
    return null;
}

/// All blocks, the highest first. The map must not change meanwhile.
pub fn descending(map: *const AddressMap) Descending {
    return .{ .map = map };
}

pub const Descending = struct {
    map: *const AddressMap,
    /// How many words of `begun` are still to be read.
    words_left: usize = word_count,
    /// What is left of the word that is being read.
    rest: Word = 0,

    pub fn next(iterator: *Descending) ?u32 {
        while (iterator.rest == 0) {
            if (iterator.words_left == 0) return null;
            iterator.words_left -= 1;
            const word = iterator.words_left;
            // The last of 32 words that are all 0: past them at once.
            if (word % 32 == 31 and iterator.map.occupied[word / 32] == 0) {
                iterator.words_left -= 31;
            } else {
                iterator.rest = iterator.map.begun[word];
            }
        }
        const bit: Bit = @intCast(31 - @clz(iterator.rest));
        iterator.rest ^= @as(Word, 1) << bit;
        return iterator.map.blockIn(@intCast(iterator.words_left * 32 + bit));
    }
};

fn blockIn(map: *const AddressMap, granule: u32) u32 {
    return granule * granule_bytes + @as(u32, map.places[granule]) * 8;
}

fn bitOf(index: u32) Word {
    return @as(Word, 1) << @intCast(index % 32);
}

test "blocks are found from both ends" {
    var map: AddressMap = undefined;
    map.clear();
    try std.testing.expectEqual(null, map.lowest());
    var empty = map.descending();
    try std.testing.expectEqual(null, empty.next());

    const blocks = [_]u32{ 0, 264, 8192 + 248, 300_000, 300_256, region_bytes_max - 256 };
    for (blocks) |block| map.add(block);
    var iterator = map.descending();
    for (1..blocks.len + 1) |place| {
        try std.testing.expectEqual(blocks[blocks.len - place], iterator.next().?);
    }
    try std.testing.expectEqual(null, iterator.next());
    for (blocks) |block| {
        try std.testing.expect(map.has(block) and !map.has(block + 8));
        try std.testing.expectEqual(block, map.lowest().?);
        map.remove(block);
    }
    try std.testing.expectEqual(null, map.lowest());
}
