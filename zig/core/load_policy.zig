//! Which chunks a script may load: text, and bytecode only where the host trusts it, for
//! bytecode that was tampered with corrupts memory in any Lua.
const lua = @import("lua.zig");
const options = @import("options.zig");
const std = @import("std");
const c = lua.c;

/// lua_load as the base and auxiliary libraries see it: with the mode that the policy leaves. The
/// collector has its turn first, for bytecode gives it none. [-0, +1, m]
pub fn load(
    L: ?*lua.State,
    reader: c.lua_Reader,
    data: ?*anyopaque,
    chunk_name: [*c]const u8,
    mode: [*c]const u8,
) callconv(.c) c_int {
    c.lpw_collect_if_due(L);
    return c.lua_load(L, reader, data, chunk_name, permitted(mode));
}

fn permitted(mode: [*c]const u8) [*c]const u8 {
    if (options.active.bytecode == .trusted) return mode;
    if (mode == null) return "t";
    const letters = std.mem.span(@as([*:0]const u8, @ptrCast(mode)));
    const text_allowed = std.mem.findScalar(u8, letters, 't') != null;
    return if (text_allowed) "t" else "-"; // "-" permits nothing.
}

comptime {
    @export(&load, .{ .name = "lpw_load", .visibility = .hidden });
}
