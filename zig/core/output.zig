//! A script's output: collected in the frame's room, handed to the host when that is full.
const host = @import("host.zig");
const io_buffer = @import("io_buffer.zig");

/// The rest of the buffer is for values.
pub const room_bytes = 32_768;

var length: u32 = 0;
var refused = false;

/// An entry into Lua begins: no output yet.
pub fn begin() void {
    length = 0;
    refused = false;
}

/// Bytes of output in the frame.
pub fn frameLength() u32 {
    return length;
}

/// The host took less than it was given.
pub fn wasRefused() bool {
    return refused;
}

pub fn write(bytes: []const u8) void {
    if (bytes.len > room_bytes - length) flush();
    if (bytes.len > room_bytes) return send(bytes);
    @memcpy(io_buffer.bytes()[io_buffer.header_bytes + length ..][0..bytes.len], bytes);
    length += @intCast(bytes.len);
}

/// Hands all that is in the frame to the host.
pub fn flush() void {
    if (length == 0) return;
    send(io_buffer.bytes()[io_buffer.header_bytes..][0..length]);
    length = 0;
}

fn send(bytes: []const u8) void {
    const taken = host.js_output(bytes.ptr, bytes.len);
    if (taken != bytes.len) refused = true;
}

/// Where Lua's print and the libc's standard streams write.
fn libcWrite(bytes: [*]const u8, len: usize) callconv(.c) void {
    write(bytes[0..len]);
}

comptime {
    @export(&libcWrite, .{ .name = "lpw_output", .visibility = .hidden });
}
