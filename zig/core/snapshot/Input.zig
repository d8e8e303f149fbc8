//! A snapshot's bytes, from the host's stream or from scratch. Nobody vouches for them: what is
//! missing or no snapshot raises an error.
const Input = @This();

const std = @import("std");
const fields = @import("fields.zig");
const format = @import("format.zig");
const host = @import("../host.zig");
const lua = @import("../lua.zig");
const scratch = @import("../scratch.zig");

/// For errors.
L: *lua.State,
/// Scratch: nothing else is in it while a state is restored.
buffer: []u8,
position: usize = 0,
end: usize,
source: enum { snapshot, stored_value } = .snapshot,

/// The first bytes, read before there is a state; null: the host gave none.
pub fn first() ?[]u8 {
    const buffer = scratch.bytes();
    const answer = host.js_stream_read(buffer.ptr, buffer.len);
    if (answer < 0 or answer > buffer.len) return null;
    return buffer[0..@intCast(answer)];
}

/// Goes on behind the first bytes, and begins with them.
pub fn fromStream(L: *lua.State, first_bytes: []u8) Input {
    return .{ .L = L, .buffer = scratch.bytes(), .end = first_bytes.len };
}

/// A stored value that lies in scratch, where nothing moves it before the end.
pub fn fromScratch(L: *lua.State, position: usize, end: usize) Input {
    const buffer = scratch.bytes();
    return .{
        .L = L,
        .buffer = buffer,
        .position = position,
        .end = end,
        .source = .stored_value,
    };
}

/// What of a snapshot is wrong; the host can tell more (runtime/graph).
pub const Part = enum {
    version,
    name,
    object,
    reference,
    value,
    table,
    function,
    coroutine,
    userdata,
    finalizers,
    registry,
    end,
    refused,
    untrusted,

    fn text(part: Part) [*:0]const u8 {
        return switch (part) {
            .untrusted => "it holds code that nobody vouches for",
            .refused => "it holds what can't be saved",
            inline else => |each| @tagName(each),
        };
    }
};

/// [-0, +0, v]
pub noinline fn damaged(input: *const Input, part: Part) noreturn {
    const what: [*:0]const u8 = if (input.source == .snapshot) "snapshot" else "stored value";
    lua.raiseText(input.L, "bad %s: %s", .{ what, part.text() });
}

/// Fills `all`. [-0, +0, v]
pub noinline fn bytes(input: *Input, all: []u8) void {
    var done: usize = 0;
    while (done < all.len) {
        if (input.position == input.end) input.refill();
        const count = @min(all.len - done, input.end - input.position);
        @memcpy(all[done..][0..count], input.buffer[input.position..][0..count]);
        input.position += count;
        done += count;
    }
}

fn refill(input: *Input) void {
    if (input.source != .snapshot) input.damaged(.end);
    const answer = host.js_stream_read(input.buffer.ptr, input.buffer.len);
    if (answer <= 0 or answer > input.buffer.len) input.damaged(.end);
    input.position = 0;
    input.end = @intCast(answer);
}

/// [-0, +0, v]
pub noinline fn int(input: *Input, comptime T: type) T {
    var encoded: [@sizeOf(T)]u8 = undefined;
    input.bytes(&encoded);
    return std.mem.readInt(T, &encoded, .little);
}

/// A figure within the limits that the table of fields has for it. [-0, +0, v]
pub fn figure(input: *Input, comptime name: fields.Name) fields.field(name).Int {
    const field = comptime fields.field(name);
    if (field.span == std.math.maxInt(field.Unsigned)) return @bitCast(input.int(field.Unsigned));
    const value = input.limited(.{
        .size_bytes = @sizeOf(field.Int),
        .min = field.min,
        .span = field.span,
        .part = field.part,
    });
    return @bitCast(@as(field.Unsigned, @truncate(value)));
}

/// A figure that is 0 or 1. [-0, +0, v]
pub fn flag(input: *Input, comptime name: fields.Name) bool {
    return input.figure(name) != 0;
}

const Limits = struct { size_bytes: u32, min: u32, span: u32, part: Part };

noinline fn limited(input: *Input, limits: Limits) u32 {
    var encoded: [4]u8 = @splat(0);
    input.bytes(encoded[0..limits.size_bytes]);
    const value = std.mem.readInt(u32, &encoded, .little);
    if (value -% limits.min > limits.span) input.damaged(limits.part);
    return value;
}

/// Reads the mark of the end, behind which nothing may follow. [-0, +0, v]
pub fn finish(input: *Input) void {
    if (input.int(u32) != format.end_mark or input.position != input.end) input.damaged(.end);
    if (input.source != .snapshot) return;
    if (host.js_stream_read(input.buffer.ptr, 1) != 0) input.damaged(.end);
}
