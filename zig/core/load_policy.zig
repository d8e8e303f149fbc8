//! What a script may do with which it could corrupt memory: load bytecode, which in any Lua does
//! so when it was tampered with, and change by the debug library what Lua takes for granted. Only
//! where the host trusts it.
const c_string = @import("c_string.zig");
const lua = @import("lua.zig");
const options = @import("options.zig");
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
    if (trustsScripts()) return mode;
    if (mode == null) return "t";
    return if (c_string.contains(mode, 't')) "t" else "-"; // "-" permits nothing.
}

/// Asked by the debug library, too (lua_debug.c).
fn trustsScripts() callconv(.c) bool {
    return options.active.bytecode == .trusted;
}

comptime {
    @export(&load, .{ .name = "lpw_load", .visibility = .hidden });
    @export(&trustsScripts, .{ .name = "lpw_trusts_scripts", .visibility = .hidden });
}
