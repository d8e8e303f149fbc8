//! What the core says of itself, as JSON in its data.
const builtin = @import("builtin");
const config = @import("config");
const lua = @import("lua.zig");

pub const json = "{\"abi\":1,\"lua\":\"" ++ lua_version ++
    "\",\"zig\":\"" ++ builtin.zig_version_string ++ "\",\"target\":\"" ++ config.target ++
    "\",\"optimize\":\"" ++ config.optimize ++ "\",\"unwind\":\"" ++ config.unwind ++ "\"}";

const lua_version = lua.c.LUA_VERSION_MAJOR ++ "." ++ lua.c.LUA_VERSION_MINOR ++ "." ++
    lua.c.LUA_VERSION_RELEASE;
