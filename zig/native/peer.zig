//! Stock Lua for this machine, to compare speeds with: runs the Lua file that it is given, with one
//! global more than upstream's `lua` has, a clock that a benchmark can use.
//!
//! It is compiled without build.zig (harness/native/build-peer.ts), which belongs to every variant.
const std = @import("std");

const State = opaque {};
const CFunction = *const fn (?*State) callconv(.c) c_int;

extern fn luaL_newstate() ?*State;
extern fn luaL_openlibs(L: *State) void;
extern fn luaL_loadfilex(L: *State, path: [*:0]const u8, mode: ?[*:0]const u8) c_int;
extern fn lua_pcallk(
    L: *State,
    arguments: c_int,
    results: c_int,
    handler: c_int,
    context: isize,
    continuation: ?*anyopaque,
) c_int;
extern fn lua_pushcclosure(L: *State, function: CFunction, upvalues: c_int) void;
extern fn lua_pushnumber(L: *State, number: f64) void;
extern fn lua_setglobal(L: *State, name: [*:0]const u8) void;
extern fn lua_tolstring(L: *State, index: c_int, length: ?*usize) ?[*:0]const u8;

const lua_ok = 0;

pub export fn main(count: c_int, arguments: [*]const [*:0]const u8) c_int {
    if (count != 2) return fail("usage: peer FILE.lua");
    const L = luaL_newstate() orelse return fail("no memory for a Lua state");
    luaL_openlibs(L);
    lua_pushcclosure(L, monotonicSeconds, 0);
    lua_setglobal(L, "monotonic_seconds");
    if (luaL_loadfilex(L, arguments[1], null) != lua_ok or
        lua_pcallk(L, 0, 0, 0, 0, null) != lua_ok)
    {
        return fail(lua_tolstring(L, -1, null) orelse "an error that is no text");
    }
    return 0;
}

/// [-0, +1, -]
fn monotonicSeconds(L: ?*State) callconv(.c) c_int {
    var now: std.c.timespec = undefined;
    if (std.c.clock_gettime(.MONOTONIC, &now) != 0) @panic("there is no monotonic clock");
    const seconds: f64 = @floatFromInt(now.sec);
    const nanoseconds: f64 = @floatFromInt(now.nsec);
    lua_pushnumber(L.?, seconds + nanoseconds / std.time.ns_per_s);
    return 1;
}

fn fail(message: [*:0]const u8) c_int {
    const text = std.mem.span(message);
    _ = std.c.write(2, text.ptr, text.len);
    _ = std.c.write(2, "\n", 1);
    return 1;
}
