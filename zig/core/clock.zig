//! os.clock, os.date and os.time where the host has no clock: an error, in the place of the -1 that
//! C's functions answer and Lua's library takes for a time.
const lua = @import("lua.zig");
const c = lua.c;

const libc = struct {
    extern fn time(result: ?*c_longlong) callconv(.c) c_longlong;
    extern fn clock() callconv(.c) c_longlong;
};

const Guarded = struct {
    name: [*:0]const u8,
    guard: lua.CFunction,
    /// The library's own function: the same C function in every state.
    original: c.lua_CFunction = null,
};

var clock: Guarded = .{ .name = "clock", .guard = guardClock };
var date: Guarded = .{ .name = "date", .guard = guardDate };
var time: Guarded = .{ .name = "time", .guard = guardTime };

/// Puts the guards into the table `os`, which is on top of the stack. [-0, +0, m]
pub fn guard(L: *lua.State) void {
    for ([_]*Guarded{ &clock, &date, &time }) |guarded| {
        _ = c.lua_getfield(L, -1, guarded.name);
        guarded.original = c.lua_tocfunction(L, -1);
        lua.pop(L, 1);
        lua.pushFunction(L, guarded.guard);
        c.lua_setfield(L, -2, guarded.name);
    }
}

fn guardClock(state: ?*lua.State) callconv(.c) c_int {
    if (libc.clock() == -1) raiseNoClock(state.?, clock);
    return clock.original.?(state);
}

/// The date of a given time needs no clock.
fn guardDate(state: ?*lua.State) callconv(.c) c_int {
    if (isAbsent(state.?, 2) and libc.time(null) == -1) raiseNoClock(state.?, date);
    return date.original.?(state);
}

/// Nor does the time of given fields.
fn guardTime(state: ?*lua.State) callconv(.c) c_int {
    if (isAbsent(state.?, 1) and libc.time(null) == -1) raiseNoClock(state.?, time);
    return time.original.?(state);
}

fn isAbsent(L: *lua.State, index: c_int) bool {
    return c.lua_type(L, index) <= c.LUA_TNIL;
}

/// [-0, +0, v]
fn raiseNoClock(L: *lua.State, guarded: Guarded) noreturn {
    lua.raiseText(L, "os.%s is not available: the host has no clock", .{guarded.name});
}
