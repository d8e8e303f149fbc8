//! The I/O buffer, through which code, arguments and results cross, and the frame of a result.
const std = @import("std");
const assert = std.debug.assert;

pub const size_bytes = 65_536;
pub const header_bytes = 16;

/// A message crosses cut to this length, at a UTF-8 boundary.
pub const message_bytes_max = 199;

/// The values did not fit and went through js_stream_write.
pub const flag_streamed: u32 = 1;

const canary: u64 = 0x6c75612d63616e61;

/// The canaries show that somebody wrote past an end of the buffer.
const Guarded = extern struct {
    before: [2]u64,
    bytes: [size_bytes]u8 align(16),
    after: [2]u64,
};

/// All zeros, so that the wasm does not carry it.
var guarded: Guarded align(16) = std.mem.zeroes(Guarded);

pub fn bytes() *[size_bytes]u8 {
    return &guarded.bytes;
}

pub fn placeCanaries() void {
    guarded.before = @splat(canary);
    guarded.after = @splat(canary);
}

/// Traps when memory around the buffer was overwritten: nothing here can be trusted any more.
pub fn checkCanaries() void {
    for (guarded.before ++ guarded.after) |word| if (word != canary) @trap();
}

/// The part of the buffer that the host names, or null when it lies elsewhere.
pub fn slice(pointer: usize, length: usize) ?[]u8 {
    const first = @intFromPtr(&guarded.bytes);
    if (pointer < first or length > size_bytes) return null;
    if (pointer - first > size_bytes - length) return null;
    return guarded.bytes[pointer - first ..][0..length];
}

pub const Header = struct { output_len: u32, value_count: u32, values_len: u32, flags: u32 };

pub fn writeHeader(header: Header) void {
    assert(header_bytes + header.output_len <= size_bytes);
    const fields = [_]u32{ header.output_len, header.value_count, header.values_len, header.flags };
    for (fields, 0..) |field, index| {
        std.mem.writeInt(u32, guarded.bytes[index * 4 ..][0..4], field, .little);
    }
}

/// `message` cut to what a frame may hold, without splitting a UTF-8 sequence.
pub fn cutMessage(message: []const u8) []const u8 {
    if (message.len <= message_bytes_max) return message;
    var end: usize = message_bytes_max;
    while (end > message_bytes_max - 4 and message[end] & 0xC0 == 0x80) end -= 1;
    // Four continuation bytes in a row are no UTF-8: then every place is as good.
    if (message[end] & 0xC0 == 0x80) end = message_bytes_max;
    return message[0..end];
}

test "a message is cut before the character that would not fit" {
    const euro = "\u{20AC}";
    const letters: [300]u8 = @splat('a');
    const cut_before = letters[0..197] ++ euro ++ "b";
    try std.testing.expectEqualStrings(letters[0..197], cutMessage(cut_before));
    const cut_behind = letters[0..196] ++ euro ++ "b";
    try std.testing.expectEqualStrings(letters[0..196] ++ euro, cutMessage(cut_behind));
    try std.testing.expectEqual(199, cutMessage(&letters).len);
    const no_text: [300]u8 = @splat(0x80);
    try std.testing.expectEqual(199, cutMessage(&no_text).len);
}

test "a slice lies in the buffer or is null" {
    const first = @intFromPtr(bytes());
    try std.testing.expectEqual(size_bytes, slice(first, size_bytes).?.len);
    try std.testing.expectEqual(null, slice(first, size_bytes + 1));
    try std.testing.expectEqual(null, slice(first + 1, size_bytes));
    try std.testing.expectEqual(null, slice(first - 1, 1));
    try std.testing.expectEqual(0, slice(first + size_bytes, 0).?.len);
    try std.testing.expectEqual(null, slice(std.math.maxInt(usize), 2));
}
