//! Lua's C API as the core uses it: the translated header, and its macros as functions.
pub const c = @import("lua_c");

pub const State = c.lua_State;
pub const CFunction = *const fn (?*State) callconv(.c) c_int;

pub const Status = enum(c_int) {
    ok = c.LUA_OK,
    yield = c.LUA_YIELD,
    runtime = c.LUA_ERRRUN,
    syntax = c.LUA_ERRSYNTAX,
    memory = c.LUA_ERRMEM,
    handler = c.LUA_ERRERR,
};

pub const multiple_results = c.LUA_MULTRET;
pub const registry_index: c_int = -15000 - 1000;

comptime {
    // LUA_REGISTRYINDEX is made of LUAI_MAXSTACK, which lua_config.h sets.
    if (c.LUA_REGISTRYINDEX != registry_index) @compileError("LUAI_MAXSTACK is not lua_config.h's");
}

pub fn upvalueIndex(index: c_int) c_int {
    return registry_index - index;
}

/// [-n, +0, -]
pub fn pop(L: *State, n: c_int) void {
    c.lua_settop(L, -n - 1);
}

/// [-0, +1, -]: a function without upvalues allocates nothing.
pub fn pushFunction(L: *State, function: CFunction) void {
    c.lua_pushcclosure(L, function, 0);
}

/// [-0, +1, m]
pub fn pushBytes(L: *State, bytes: []const u8) void {
    _ = c.lua_pushlstring(L, bytes.ptr, bytes.len);
}

/// The bytes of the string at `index`, which must be a string (a number would be converted).
/// They stay where they are while the value is on the stack.
pub fn bytesAt(L: *State, index: c_int) []const u8 {
    var length: usize = 0;
    const bytes = c.lua_tolstring(L, index, &length);
    return bytes[0..length];
}

/// Calls the function below `arguments` values. [-(arguments + 1), +results or +1 error, -]
pub fn protectedCall(L: *State, arguments: c_int, results: c_int, handler: c_int) Status {
    return @fromBackingInt(@intCast(c.lua_pcallk(L, arguments, results, handler, 0, null)));
}

/// Raises what is on top of the stack. [-1, +0, v]
pub fn raise(L: *State) noreturn {
    _ = c.lua_error(L);
    unreachable; // lua_error does not return.
}

/// Raises "file:line: message" for the running function. [-0, +0, v]
pub fn raiseText(L: *State, format: [*:0]const u8, arguments: anytype) noreturn {
    _ = @call(.auto, c.luaL_error, .{ L, format } ++ arguments);
    unreachable; // luaL_error does not return.
}

/// Makes room for `n` more values or raises an error. [-0, +0, v]
pub fn checkStack(L: *State, n: c_int) void {
    c.luaL_checkstack(L, n, "the value is nested too deeply");
}
