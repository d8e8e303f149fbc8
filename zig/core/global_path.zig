//! Globals by name or by a path through tables, "string.format".
const std = @import("std");
const host_function = @import("host_function.zig");
const lua = @import("lua.zig");
const c = lua.c;

/// Leaves on top what a path of names leads to, from the globals on; false: nothing there.
/// [-0, +several, v]
pub fn push(L: *lua.State, path: []const u8) bool {
    _ = c.lua_rawgeti(L, lua.registry_index, c.LUA_RIDX_GLOBALS);
    lua.pushBytes(L, path);
    if (c.lua_rawget(L, -2) != c.LUA_TNIL) return true;
    lua.pop(L, 1);
    var names = std.mem.splitScalar(u8, path, '.');
    while (names.next()) |name| {
        if (c.lua_type(L, -1) != c.LUA_TTABLE) return false;
        lua.pushBytes(L, name);
        _ = c.lua_rawget(L, -2);
    }
    return c.lua_type(L, -1) != c.LUA_TNIL;
}

/// Sets a global, through tables that are made where they are missing. [-0, +0, v]
pub fn register(L: *lua.State, path: []const u8, function_id: u32) void {
    lua.pushBytes(L, path); // Stays on the stack: the buffer may be overwritten.
    var names = std.mem.splitScalar(u8, lua.bytesAt(L, 1), '.');
    _ = c.lua_rawgeti(L, lua.registry_index, c.LUA_RIDX_GLOBALS);
    while (names.next()) |name| {
        lua.pushBytes(L, name);
        if (names.index == null) break; // The last one.
        c.lua_pushvalue(L, -1);
        switch (c.lua_rawget(L, -3)) {
            c.LUA_TTABLE => {},
            c.LUA_TNIL => {
                lua.pop(L, 1);
                c.lua_createtable(L, 0, 1);
                c.lua_pushvalue(L, -2);
                c.lua_pushvalue(L, -2);
                c.lua_rawset(L, -5);
            },
            else => lua.raiseText(L, "a part of it is no table", .{}),
        }
        c.lua_rotate(L, -3, 1);
        lua.pop(L, 2);
    }
    host_function.push(L, function_id);
    c.lua_rawset(L, -3);
}
