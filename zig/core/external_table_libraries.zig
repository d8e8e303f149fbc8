//! What scripts find: `ext`, `ext_table`, `_home`, and `Memory`.
const Decoder = @import("Decoder.zig");
const external_table = @import("external_table.zig");
const host = @import("host.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");
const c = lua.c;

/// Makes the globals. [-0, +0, v]
pub fn open(L: *lua.State) void {
    external_table.defineTypes(L);
    // Without the base library too: stored values know the globals by it.
    _ = c.luaL_getsubtable(L, lua.registry_index, c.LUA_LOADED_TABLE);
    _ = c.lua_rawgeti(L, lua.registry_index, c.LUA_RIDX_GLOBALS);
    c.lua_setfield(L, -2, "_G");
    lua.pop(L, 1);
    defineLibrary(L, "ext", &ext_functions);
    defineLibrary(L, "ext_table", &low_level_functions);
    // The first table that a state opens: number 1.
    external_table.openNamed(L, "_home");
    c.lua_pushvalue(L, -1);
    c.lua_setglobal(L, "_home");
    c.lua_setglobal(L, "Memory"); // The old name, kept for programs of its time.
}

pub const ext_functions = [_]c.luaL_Reg{
    .{ .name = "table", .func = extTable },
    .{ .name = "id", .func = extId },
    .{ .name = null, .func = null },
};

/// ext.table([name]): the table of that name, or a new one.
fn extTable(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    if (c.lua_type(L, 1) <= c.LUA_TNIL) {
        external_table.openNamed(L, "");
    } else {
        _ = c.luaL_checklstring(L, 1, null);
        const name = lua.bytesAt(L, 1);
        if (name.len == 0) _ = c.luaL_argerror(L, 1, "a name is not empty");
        external_table.openNamed(L, name);
    }
    return 1;
}

/// ext.id(t): the number by which ext_table's functions know the table.
fn extId(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    c.lua_pushinteger(L, external_table.handleAt(L, 1));
    return 1;
}

pub const low_level_functions = [_]c.luaL_Reg{
    .{ .name = "set", .func = lowLevelSet },
    .{ .name = "get", .func = lowLevelGet },
    .{ .name = "delete", .func = lowLevelDelete },
    .{ .name = "size", .func = lowLevelSize },
    .{ .name = "keys", .func = lowLevelKeys },
    .{ .name = null, .func = null },
};

fn checkedId(L: *lua.State) u32 {
    const id = c.luaL_checkinteger(L, 1);
    if (id <= 0 or id > 0x7FFF_FFFF) _ = c.luaL_argerror(L, 1, "no id of an external table");
    return @intCast(id);
}

fn lowLevelSet(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const id = checkedId(L);
    c.luaL_checkany(L, 3);
    external_table.set(L, id, 2, 3);
    return 0;
}

fn lowLevelGet(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const id = checkedId(L);
    c.luaL_checkany(L, 2);
    external_table.get(L, id, 2);
    return 1;
}

fn lowLevelDelete(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const id = checkedId(L);
    c.luaL_checkany(L, 2);
    c.lua_settop(L, 2);
    c.lua_pushnil(L);
    external_table.set(L, id, 2, 3);
    return 0;
}

fn lowLevelSize(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    external_table.pushSize(L, checkedId(L));
    return 1;
}

/// All keys at once, in an array; `pairs` needs no room for them.
fn lowLevelKeys(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const id = checkedId(L);
    const start = scratch.length;
    const length = while (true) {
        const bytes = scratch.bytes();
        const room = bytes.len - start;
        const answer = host.js_ext_table_keys(id, bytes.ptr + start, room);
        external_table.check(L, id, answer);
        const needed: usize = @intCast(answer);
        if (needed <= room) break needed;
        scratch.reserve(L, start, needed);
    };
    scratch.length = start + length;
    var decoder = Decoder.begin(L, start, start + length);
    decoder.array();
    scratch.length = start;
    return 1;
}

/// A global table that `require` knows too. [-0, +0, m]
fn defineLibrary(L: *lua.State, name: [*:0]const u8, functions: [*]const c.luaL_Reg) void {
    _ = c.luaL_getsubtable(L, lua.registry_index, c.LUA_LOADED_TABLE);
    c.lua_createtable(L, 0, 5);
    c.luaL_setfuncs(L, functions, 0);
    c.lua_pushvalue(L, -1);
    c.lua_setfield(L, -3, name);
    c.lua_setglobal(L, name);
    lua.pop(L, 1);
}
