//! `warn`: a script's warnings, off until it says warn("@on").
const std = @import("std");
const c_string = @import("c_string.zig");
const output = @import("output.zig");

var is_on = false;
/// The last piece was not the whole message.
var continues = false;

/// A fresh state begins.
pub fn reset() void {
    set(false);
}

/// Whether a script switched them on: what a snapshot keeps.
pub fn isOn() bool {
    return is_on;
}

pub fn set(on: bool) void {
    is_on = on;
    continues = false;
}

/// `warn`: its pieces go to the output once a script says warn("@on").
pub fn warn(_: ?*anyopaque, message: [*c]const u8, to_continue: c_int) callconv(.c) void {
    const text: [*:0]const u8 = message;
    if (!continues and to_continue == 0 and text[0] == '@') {
        if (c_string.equal(text, "@on")) is_on = true;
        if (c_string.equal(text, "@off")) is_on = false;
        return;
    }
    if (is_on) {
        if (!continues) _ = output.write("Lua warning: ");
        _ = output.write(std.mem.span(text));
        if (to_continue == 0) _ = output.write("\n");
    }
    continues = to_continue != 0;
}
