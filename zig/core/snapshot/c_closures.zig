//! C functions that take for granted what stands in their upvalues.
const format = @import("format.zig");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const c = lua.c;

/// Whether the function finds what it needs.
pub noinline fn isWhole(function: c.lua_CFunction, upvalues: []const objects.Value) bool {
    var upvalue: usize = 0;
    var tt: c_int = c.LUA_VUSERDATA;
    var bytes: usize = 0;
    if (function == c.lpw_random_functions[0].func or function == c.lpw_random_functions[1].func) {
        bytes = format.random_bytes;
    } else if (function == c.lpw_unit_unnamed_functions[1].func) { // coroutine.wrap's
        tt = c.LUA_VTHREAD;
    } else if (function == c.lpw_string_unnamed_functions[0].func) { // gmatch's
        upvalue = 2;
        bytes = c.lpw_gmatch_size;
    } else if (function == c.lpw_unnamed_functions[0].func) { // that of lines
        bytes = c.lpw_file_size;
    } else return true;
    if (upvalue >= upvalues.len) return false;
    const value = &upvalues[upvalue];
    if (objects.variant(value) != tt) return false;
    if (bytes == 0) return true;
    const userdata = objects.as(c.Udata, objects.objectOf(value));
    if (userdata.len != bytes) return false;
    if (upvalue == 0) return true;
    // It is these that keep what it points at.
    const gmatch = c.lpw_gmatch_read(objects.userdataBytes(userdata));
    return isText(&upvalues[0], gmatch.subject) and isText(&upvalues[1], gmatch.pattern);
}

fn isText(value: *const objects.Value, text: [*c]const u8) bool {
    if (value.tt_ & 0x0F != c.LUA_TSTRING) return false;
    return objects.stringBytes(objects.as(c.TString, objects.objectOf(value))).ptr == text;
}
