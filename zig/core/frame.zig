//! The frame of a result: values or an error behind the output, in the I/O buffer.
const std = @import("std");
const Encoder = @import("Encoder.zig");
const host = @import("host.zig");
const io_buffer = @import("io_buffer.zig");
const lua = @import("lua.zig");
const output = @import("output.zig");
const Tag = @import("value_tag.zig").Tag;
const c = lua.c;

/// Encodes all that is on the stack behind the output, or into the host's stream, and returns the
/// header that tells it; nothing is in the frame before `io_buffer.writeHeader`. `refused` becomes
/// true when a value has no encoding. [-0, +0 or +1, v]
pub fn encodeResults(L: *lua.State, refused: *bool) error{StreamRefused}!io_buffer.Header {
    const count = c.lua_gettop(L);
    var encoder = Encoder.begin(L, refused);
    var index: c_int = 1;
    while (index <= count) : (index += 1) encoder.value(index);
    const values = encoder.encoded();
    var header: io_buffer.Header = .{
        .output_len = output.frameLength(),
        .value_count = @intCast(count),
        .values_len = @intCast(values.len),
        .flags = 0,
    };
    if (!placeValues(header.output_len, values)) {
        header.flags = io_buffer.flag_streamed;
        if (host.js_stream_write(values.ptr, values.len) != values.len) return error.StreamRefused;
    }
    return header;
}

/// Copies encoded values behind the output; false: they do not fit.
fn placeValues(output_len: u32, values: []const u8) bool {
    const room = io_buffer.bytes()[io_buffer.header_bytes + output_len ..];
    if (values.len > room.len) return false;
    @memcpy(room[0..values.len], values);
    return true;
}

/// Writes the frame of a failure; the error value is on top of the stack. [-0, +?, -]
pub fn writeError(L: *lua.State) void {
    if (c.lua_type(L, -1) == c.LUA_TSTRING) return writeMessage(lua.bytesAt(L, -1));
    lua.pushFunction(L, encodeError);
    c.lua_rotate(L, -2, 1);
    if (lua.protectedCall(L, 1, 0, 0) == .ok) return;
    writeMessage("an error object that cannot leave Lua");
}

/// Encodes its argument as the frame's one value.
fn encodeError(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    var encoder = Encoder.begin(L, null);
    if (encoder.errorValue(1)) |text| {
        writeMessage(text);
        return 0;
    }
    const values = encoder.encoded();
    const header: io_buffer.Header = .{
        .output_len = output.frameLength(),
        .value_count = 1,
        .values_len = @intCast(values.len),
        .flags = 0,
    };
    if (placeValues(header.output_len, values)) {
        io_buffer.writeHeader(header);
    } else {
        writeMessage("an error object that cannot leave Lua");
    }
    return 0;
}

/// Writes the frame of a failure with a message, cut to what a frame may hold.
pub fn writeMessage(message: []const u8) void {
    const text = io_buffer.cutMessage(message);
    const start = io_buffer.header_bytes + output.frameLength();
    const value = io_buffer.bytes()[start..];
    value[0] = @backingInt(Tag.string);
    std.mem.writeInt(u32, value[1..5], @intCast(text.len), .little);
    @memcpy(value[5..][0..text.len], text);
    io_buffer.writeHeader(.{
        .output_len = output.frameLength(),
        .value_count = 1,
        .values_len = @intCast(5 + text.len),
        .flags = 0,
    });
}
