//! A snapshot's bytes: to the host's stream, collected into pieces, or into scratch.
const Output = @This();

const std = @import("std");
const host = @import("../host.zig");
const lua = @import("../lua.zig");
const scratch = @import("../scratch.zig");

/// Scratch: nothing else is in it while a state is saved.
buffer: []u8,
used: usize = 0,
/// The host took less than it was given.
refused: bool = false,
/// All stays in scratch, which grows for this state; null: it goes to the stream.
growing: ?*lua.State = null,

pub fn toStream() Output {
    return .{ .buffer = scratch.bytes() };
}

/// Behind the first `used` bytes of scratch.
pub fn toScratch(L: *lua.State, used: usize) Output {
    return .{ .buffer = scratch.bytes(), .used = used, .growing = L };
}

/// [-0, +0, m]
pub noinline fn bytes(output: *Output, all: []const u8) void {
    if (all.len > output.buffer.len - output.used) {
        if (output.growing) |L| {
            scratch.reserve(L, output.used, all.len);
            output.buffer = scratch.bytes();
        } else {
            output.flush();
            if (all.len > output.buffer.len) return output.send(all);
        }
    }
    @memcpy(output.buffer[output.used..][0..all.len], all);
    output.used += all.len;
}

/// [-0, +0, m]: an unsigned or signed integer, little endian.
pub noinline fn int(output: *Output, comptime T: type, value: T) void {
    var encoded: [@sizeOf(T)]u8 = undefined;
    std.mem.writeInt(T, &encoded, value, .little);
    output.bytes(&encoded);
}

/// Nothing follows.
pub fn finish(output: *Output) void {
    if (output.growing == null) output.flush();
}

noinline fn flush(output: *Output) void {
    output.send(output.buffer[0..output.used]);
    output.used = 0;
}

fn send(output: *Output, all: []const u8) void {
    if (all.len == 0) return;
    if (host.js_stream_write(all.ptr, all.len) != all.len) output.refused = true;
}
