//! A set of objects of Lua's heap, and the number of each in it, in order of address. It lies in
//! the I/O buffer, so that saving takes no heap: a bit for each place where an object can begin.
const ObjectSet = @This();

const std = @import("std");
const config = @import("config");
const io_buffer = @import("../io_buffer.zig");
const memory = @import("../memory.zig");
const c = @import("../lua.zig").c;

const granule_bytes = 8;
const words_max = (config.memory_bytes - config.stack_bytes) / granule_bytes / 64;
/// Words that one entry of `before` counts.
const span_words = 4;
const pending_max = 1024;

const Layout = extern struct {
    members: [words_max]u64,
    scanned: [words_max]u64,
    /// Members in all words before each span.
    before: [words_max / span_words]u32,
    pending: [pending_max]u32,
};

comptime {
    if (@sizeOf(Layout) > io_buffer.size_bytes) @compileError("the I/O buffer is too small");
}

layout: *Layout,
base: usize,
count: u32 = 0,
pending_count: u32 = 0,
/// An object found no room in `pending`.
overflowed: bool = false,

/// Empty. What is in the I/O buffer is lost, now and at any use.
pub fn init() ObjectSet {
    const layout: *Layout = @ptrCast(@alignCast(io_buffer.bytes()));
    @memset(std.mem.asBytes(layout), 0);
    return .{ .layout = layout, .base = @intFromPtr(memory.heap.base) };
}

const Bit = struct { word: usize, mask: u64 };

fn bitAt(index: usize) Bit {
    return .{ .word = index / 64, .mask = @as(u64, 1) << @intCast(index % 64) };
}

fn indexOf(set: *const ObjectSet, object: *const c.GCObject) usize {
    return (@intFromPtr(object) - set.base) / granule_bytes;
}

/// Adds an object; one that is new is given by `next` once.
pub noinline fn add(set: *ObjectSet, object: *const c.GCObject) void {
    const bit = bitAt(set.indexOf(object));
    const word = &set.layout.members[bit.word];
    if (word.* & bit.mask != 0) return;
    word.* |= bit.mask;
    set.count += 1;
    if (set.pending_count < pending_max) {
        set.layout.pending[set.pending_count] = @intCast(@intFromPtr(object));
        set.pending_count += 1;
    } else {
        set.overflowed = true;
    }
}

/// An object that was added and not given yet.
pub fn next(set: *ObjectSet) ?*c.GCObject {
    if (set.pending_count == 0) set.findOverflowed();
    if (set.pending_count == 0) return null;
    set.pending_count -= 1;
    const object: *c.GCObject = @ptrFromInt(set.layout.pending[set.pending_count]);
    const bit = bitAt(set.indexOf(object));
    set.layout.scanned[bit.word] |= bit.mask;
    return object;
}

/// What found no room is among the members that were not given.
fn findOverflowed(set: *ObjectSet) void {
    if (!set.overflowed) return;
    set.overflowed = false;
    for (&set.layout.members, &set.layout.scanned, 0..) |members, scanned, word| {
        var left = members & ~scanned;
        while (left != 0) : (left &= left - 1) {
            if (set.pending_count == pending_max) {
                set.overflowed = true;
                return;
            }
            const index = word * 64 + @ctz(left);
            set.layout.pending[set.pending_count] = @intCast(set.base + index * granule_bytes);
            set.pending_count += 1;
        }
    }
}

/// Whether an object of the set lies at the address, which need not be one of an object.
pub fn has(set: *const ObjectSet, address: usize) bool {
    if (address < set.base or address >= config.memory_bytes) return false;
    const offset = address - set.base;
    if (offset % granule_bytes != 0) return false;
    const bit = bitAt(offset / granule_bytes);
    return set.layout.members[bit.word] & bit.mask != 0;
}

/// The set is whole: from here on its members have numbers.
pub fn number(set: *ObjectSet) void {
    var count: u32 = 0;
    for (&set.layout.before, 0..) |*before, span| {
        before.* = count;
        const words = set.layout.members[span * span_words ..][0..span_words];
        for (words) |word| count += @popCount(word);
    }
}

pub noinline fn numberOf(set: *const ObjectSet, object: *const c.GCObject) u32 {
    const bit = bitAt(set.indexOf(object));
    const first = bit.word - bit.word % span_words;
    var count = set.layout.before[bit.word / span_words];
    for (set.layout.members[first..bit.word]) |word| count += @popCount(word);
    return count + @popCount(set.layout.members[bit.word] & (bit.mask - 1));
}

pub const Iterator = struct {
    set: *const ObjectSet,
    word: usize = 0,
    left: u64,

    pub fn next(iterator: *Iterator) ?*c.GCObject {
        while (iterator.left == 0) {
            iterator.word += 1;
            if (iterator.word == words_max) return null;
            iterator.left = iterator.set.layout.members[iterator.word];
        }
        const index = iterator.word * 64 + @ctz(iterator.left);
        iterator.left &= iterator.left - 1;
        return @ptrFromInt(iterator.set.base + index * granule_bytes);
    }
};

/// All members by number.
pub fn all(set: *const ObjectSet) Iterator {
    return .{ .set = set, .left = set.layout.members[0] };
}
