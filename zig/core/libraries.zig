//! Lua's libraries as a state has them: which are open, and what has no meaning without an
//! operating system.
const std = @import("std");
const clock = @import("clock.zig");
const external_table_libraries = @import("external_table_libraries.zig");
const host_function = @import("host_function.zig");
const lua = @import("lua.zig");
const options = @import("options.zig");
const Survey = @import("snapshot/Survey.zig");
const c = lua.c;

const first_room_bytes = 960;

/// Opens the chosen libraries and ours. [-0, +0, v]
pub fn open(L: *lua.State) void {
    const Library = options.Library;
    for (std.enums.values(Library), std.meta.fieldNames(Library)) |library, own_name| {
        if (!options.active.libraries.contains(library)) continue;
        const name: [*:0]const u8 = if (library == .base) "_G" else own_name;
        c.luaL_requiref(L, name, opener(library), 1);
        switch (library) {
            .os => {
                refuseOperatingSystem(L);
                clock.guard(L);
            },
            .package => searchHost(L),
            .math => seedRandom(L),
            else => {},
        }
        lua.pop(L, 1);
    }
    external_table_libraries.open(L);
    // Lua would make it when it is first needed, in two steps, between which memory may end.
    _ = c.luaL_newmetatable(L, Survey.box_type_name);
    c.luaL_setfuncs(L, c.lpw_box_functions, 0);
    lua.pop(L, 1);
    // A state without room for a first script is none.
    c.luaM_free_(L, c.luaM_malloc_(L, first_room_bytes, 0), first_room_bytes);
}

fn opener(library: options.Library) c.lua_CFunction {
    return switch (library) {
        .base => c.luaopen_base,
        .package => c.luaopen_package,
        .coroutine => c.luaopen_coroutine,
        .table => c.luaopen_table,
        .io => c.luaopen_io,
        .os => c.luaopen_os,
        .string => c.luaopen_string,
        .math => c.luaopen_math,
        .utf8 => c.luaopen_utf8,
        .debug => c.luaopen_debug,
    };
}

/// Functions of `os` that would have to lie, each with an error in its place. [-0, +0, m]
fn refuseOperatingSystem(L: *lua.State) void {
    const names = [_][*:0]const u8{ "execute", "exit", "remove", "rename", "setlocale", "tmpname" };
    for (names) |name| {
        _ = c.lua_pushstring(L, name);
        c.lua_pushcclosure(L, refuse, 1);
        c.lua_setfield(L, -2, name);
    }
}

/// What stands in their place.
pub const os_functions = [_]c.luaL_Reg{
    .{ .name = "refused", .func = refuse },
    .{ .name = null, .func = null },
};

fn refuse(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const name = c.lua_tolstring(L, lua.upvalueIndex(1), null);
    clock.raiseNotAvailable(L, name, "there is no operating system");
}

/// `require` asks package.preload, then the host; there are no files to search. [-0, +0, m]
fn searchHost(L: *lua.State) void {
    _ = c.lua_getfield(L, -1, "searchers");
    lua.pushFunction(L, host_function.searchModule);
    c.lua_rawseti(L, -2, 2);
    for ([_]c.lua_Integer{ 3, 4 }) |index| {
        c.lua_pushnil(L);
        c.lua_rawseti(L, -2, index);
    }
    lua.pop(L, 1);
}

/// math.randomseed(seed): the library seeds itself from the clock. [-0, +0, m]
fn seedRandom(L: *lua.State) void {
    _ = c.lua_getfield(L, -1, "randomseed");
    c.lua_pushinteger(L, @bitCast(options.active.seed));
    c.lua_callk(L, 1, 0, 0, null);
}
