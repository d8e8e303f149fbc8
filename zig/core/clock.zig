//! os.clock, os.date and os.time where the host has no clock: an error, in the place of the -1 that
//! C's functions answer and Lua's library takes for a time.
const c_string = @import("c_string.zig");
const lua = @import("lua.zig");
const c = lua.c;

const libc = struct {
    extern fn time(result: ?*c_longlong) callconv(.c) c_longlong;
    extern fn clock() callconv(.c) c_longlong;
};

/// What stands in `os` in the place of the library's own functions.
pub const guards = [_]c.luaL_Reg{
    .{ .name = "clock.guarded", .func = guardClock },
    .{ .name = "date.guarded", .func = guardDate },
    .{ .name = "time.guarded", .func = guardTime },
    .{ .name = null, .func = null },
};

/// Puts the guards into the table `os`, which is on top of the stack. [-0, +0, m]
pub fn guard(L: *lua.State) void {
    for ([_][*:0]const u8{ "clock", "date", "time" }, guards[0..3]) |name, guarded| {
        lua.pushFunction(L, guarded.func.?);
        c.lua_setfield(L, -2, name);
    }
}

/// The library's own function, called.
fn original(L: ?*lua.State, name: [*:0]const u8) c_int {
    var entry = c.lpw_os_functions;
    while (!c_string.equal(entry[0].name, name)) entry += 1;
    return entry[0].func.?(L);
}

fn guardClock(state: ?*lua.State) callconv(.c) c_int {
    if (libc.clock() == -1) raiseNoClock(state.?, "clock");
    return original(state, "clock");
}

/// The date of a given time needs no clock.
fn guardDate(state: ?*lua.State) callconv(.c) c_int {
    if (isAbsent(state.?, 2) and libc.time(null) == -1) raiseNoClock(state.?, "date");
    return original(state, "date");
}

/// Nor does the time of given fields.
fn guardTime(state: ?*lua.State) callconv(.c) c_int {
    if (isAbsent(state.?, 1) and libc.time(null) == -1) raiseNoClock(state.?, "time");
    return original(state, "time");
}

fn isAbsent(L: *lua.State, index: c_int) bool {
    return c.lua_type(L, index) <= c.LUA_TNIL;
}

/// [-0, +0, v]
fn raiseNoClock(L: *lua.State, name: [*:0]const u8) noreturn {
    raiseNotAvailable(L, name, "the host has no clock");
}

/// Of a function of `os`. [-0, +0, v]
pub fn raiseNotAvailable(L: *lua.State, name: [*:0]const u8, reason: [*:0]const u8) noreturn {
    lua.raiseText(L, "os.%s is not available: %s", .{ name, reason });
}
