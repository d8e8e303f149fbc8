//! A script's output: collected in the frame's room, handed to the host when that is full.
const Code = @import("code.zig").Code;
const host = @import("host.zig");
const host_function = @import("host_function.zig");
const io_buffer = @import("io_buffer.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");

/// The rest of the buffer is for values.
pub const room_bytes = 32_768;

var length: u32 = 0;
/// Why the host took less than it was given.
var refusal: Code = .success;

/// An entry into Lua begins: no output yet.
pub fn begin() void {
    length = 0;
    refusal = .success;
}

/// Bytes of output in the frame.
pub fn frameLength() u32 {
    return length;
}

/// The host took less than it was given.
pub fn wasRefused() bool {
    return refusal != .success;
}

/// False: the host keeps no more output. What is in the frame stays there.
pub fn write(bytes: []const u8) bool {
    if (bytes.len > room_bytes - length) {
        flush();
        if (refusal == .quota_exceeded) return false;
    }
    if (bytes.len > room_bytes) return send(bytes);
    @memcpy(io_buffer.bytes()[io_buffer.header_bytes + length ..][0..bytes.len], bytes);
    length += @intCast(bytes.len);
    return true;
}

/// Hands all that is in the frame to the host.
pub fn flush() void {
    if (length == 0) return;
    if (send(io_buffer.bytes()[io_buffer.header_bytes..][0..length])) length = 0;
}

/// Empties the frame for another use; what the host refuses of it is lost. [-0, +0, v]
pub fn empty(L: *lua.State) void {
    flush();
    length = 0;
    raiseIfRefused(L);
}

fn send(bytes: []const u8) bool {
    const taken = host.js_output(bytes.ptr, bytes.len);
    if (taken != bytes.len) refusal = if (taken < 0) .fromHost(taken) else .host_failed;
    return refusal != .quota_exceeded;
}

/// A script learns that its output was refused: then the call may go on. [-0, +0, v]
fn raiseIfRefused(L: *lua.State) callconv(.c) void {
    if (refusal != .quota_exceeded) return;
    refusal = .success;
    host_function.raiseHostError(L, .quota_exceeded, scratch.length);
}

/// Where the libc's standard streams write. 0: refused.
fn libcWrite(bytes: [*]const u8, len: usize) callconv(.c) c_int {
    return @intFromBool(write(bytes[0..len]));
}

/// Where Lua's print writes. [-0, +0, v]
fn printText(L: *lua.State, bytes: [*]const u8, len: usize) callconv(.c) void {
    if (!write(bytes[0..len])) raiseIfRefused(L);
}

comptime {
    @export(&libcWrite, .{ .name = "lpw_output", .visibility = .hidden });
    @export(&printText, .{ .name = "lpw_print", .visibility = .hidden });
    @export(&raiseIfRefused, .{ .name = "lpw_output_raise", .visibility = .hidden });
}
