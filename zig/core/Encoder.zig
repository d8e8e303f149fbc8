//! Lua values to bytes, appended to scratch.
const Encoder = @This();

const std = @import("std");
const external_table = @import("external_table.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");
const stored_value = @import("snapshot/stored_value.zig");
const value_tag = @import("value_tag.zig");
const Tag = value_tag.Tag;
const c = lua.c;

L: *lua.State,
/// Where this encoding began in scratch, and where it has come to.
start: usize,
end: usize,
/// Stack index of the table from each table that began to its index; 0 until the first.
begun: c_int = 0,
begun_count: u32 = 0,
depth: u32 = 0,
/// Becomes true when a value has no encoding, just before the error is raised.
refused: ?*bool,
/// What becomes of a value that has no encoding of its own: an error; a graph, perhaps, or surely;
/// or the table that holds it does without it.
otherwise: enum { refused, maybe_graph, graph, left_out } = .refused,

/// Starts behind what is in use. The caller's frame must stay on the Lua stack until the end,
/// for one table of ours may lie on it.
pub fn begin(L: *lua.State, refused: ?*bool) Encoder {
    return .{ .L = L, .start = scratch.length, .end = scratch.length, .refused = refused };
}

/// What was encoded. Valid until scratch is used again.
pub fn encoded(encoder: *const Encoder) []const u8 {
    return scratch.bytes()[encoder.start..encoder.end];
}

/// The value at `index` (absolute). [-0, +0 or +1: `begun`, stays, v]
pub fn value(encoder: *Encoder, index: c_int) void {
    const L = encoder.L;
    switch (c.lua_type(L, index)) {
        c.LUA_TNIL => encoder.tag(.nil),
        c.LUA_TBOOLEAN => {
            encoder.tag(.boolean);
            encoder.byte(@intFromBool(c.lua_toboolean(L, index) != 0));
        },
        c.LUA_TNUMBER => encoder.number(index),
        c.LUA_TSTRING => encoder.string(lua.bytesAt(L, index)),
        c.LUA_TTABLE => {
            if (encoder.begun == 0) {
                lua.checkStack(L, 4);
                c.lua_createtable(L, 0, 0);
                encoder.begun = c.lua_gettop(L);
            }
            encoder.table(index);
        },
        c.LUA_TUSERDATA => if (external_table.idAt(L, index)) |id| {
            encoder.tag(.external_table);
            encoder.word(id);
        } else encoder.refuse(index),
        else => encoder.refuse(index),
    }
}

/// The value of an external table's entry, which may have functions and metatables: then all of it
/// is one graph. [-0, +0 or +several, v]
pub fn entry(encoder: *Encoder, index: c_int) void {
    const start = encoder.end;
    encoder.otherwise = .maybe_graph;
    encoder.value(index);
    if (encoder.otherwise != .graph) return;
    encoder.end = start;
    encoder.tag(.graph);
    encoder.end = stored_value.write(encoder.L, index, encoder.end);
    scratch.length = encoder.end;
}

/// An error value without what has no encoding; or, with nothing encoded, what `tostring` says of
/// one that says it itself or has no encoding at all. [-0, +several, v]
pub fn errorValue(encoder: *Encoder, index: c_int) ?[]const u8 {
    const L = encoder.L;
    const says_it = c.luaL_getmetafield(L, index, "__tostring") != c.LUA_TNIL;
    if (says_it or !encoder.canHold(index)) {
        _ = c.luaL_tolstring(L, index, null);
        return lua.bytesAt(L, -1);
    }
    encoder.otherwise = .left_out;
    encoder.value(index);
    return null;
}

/// A key of an external table, in its canonical form. False: nil or NaN, which are no keys.
pub fn key(encoder: *Encoder, index: c_int) bool {
    const L = encoder.L;
    switch (c.lua_type(L, index)) {
        c.LUA_TBOOLEAN, c.LUA_TSTRING => encoder.value(index),
        c.LUA_TNUMBER => {
            var is_integer: c_int = 0;
            const integer = c.lua_tointegerx(L, index, &is_integer);
            if (is_integer != 0) {
                encoder.tag(.integer);
                encoder.long(@bitCast(integer));
            } else {
                const float = c.lua_tonumberx(L, index, null);
                if (std.math.isNan(float)) return false;
                encoder.number(index);
            }
        },
        c.LUA_TNIL => return false,
        else => {
            encoder.markRefused();
            lua.raiseText(L, "a %s cannot be a key of an external table", .{
                c.luaL_typename(L, index),
            });
        },
    }
    return true;
}

/// A list: count, then the values at first … last.
pub fn list(encoder: *Encoder, first: c_int, last: c_int) void {
    encoder.word(@intCast(last - first + 1));
    var index = first;
    while (index <= last) : (index += 1) encoder.value(index);
}

pub fn string(encoder: *Encoder, text: []const u8) void {
    encoder.tag(.string);
    encoder.word(@intCast(text.len));
    // Lua keeps the string: growing scratch does not move it.
    @memcpy(encoder.room(text.len), text);
}

fn number(encoder: *Encoder, index: c_int) void {
    if (c.lua_isinteger(encoder.L, index) != 0) {
        encoder.tag(.integer);
        encoder.long(@bitCast(c.lua_tointegerx(encoder.L, index, null)));
    } else {
        encoder.tag(.float);
        encoder.long(@bitCast(c.lua_tonumberx(encoder.L, index, null)));
    }
}

/// The table at `index`, by value; one that began before, by its index.
fn table(encoder: *Encoder, index: c_int) void {
    const L = encoder.L;
    const as_lua: *const c.Table = @ptrCast(@alignCast(c.lua_topointer(L, index)));
    // A number: what stays on the stack of a coroutine that fails here is saved with it.
    const address: c.lua_Integer = @intCast(@intFromPtr(as_lua));
    if (encoder.otherwise == .maybe_graph and as_lua.metatable != null) {
        encoder.otherwise = .graph;
        return;
    }
    if (c.lua_rawgeti(L, encoder.begun, address) == c.LUA_TNUMBER) {
        encoder.tag(.back_reference);
        encoder.word(@intCast(c.lua_tointegerx(L, -1, null)));
        lua.pop(L, 1);
        return;
    }
    lua.pop(L, 1);
    if (encoder.depth == value_tag.depth_max) {
        if (encoder.otherwise == .maybe_graph) {
            encoder.otherwise = .graph;
            return;
        }
        encoder.markRefused();
        lua.raiseText(L, "a table nests more than %d deep", .{@as(c_int, value_tag.depth_max)});
    }
    c.lua_pushinteger(L, encoder.begun_count);
    c.lua_rawseti(L, encoder.begun, address);
    encoder.begun_count += 1;

    encoder.depth += 1;
    lua.checkStack(L, 4);
    encoder.tag(.table);
    const count_offset = encoder.end;
    encoder.word(0);
    var count: u32 = 0;
    c.lua_pushnil(L);
    while (c.lua_next(L, index) != 0) {
        const top = c.lua_gettop(L);
        if (encoder.otherwise != .left_out or encoder.canHold(top - 1) and encoder.canHold(top)) {
            encoder.value(top - 1);
            if (encoder.otherwise != .graph) encoder.value(top);
            if (encoder.otherwise == .graph) return;
            count += 1;
        }
        c.lua_settop(L, top - 1);
    }
    std.mem.writeInt(u32, scratch.bytes()[count_offset..][0..4], count, .little);
    encoder.depth -= 1;
}

/// Whether the value at `index` has an encoding, or is a table that has one without what has none.
/// [-0, +0, m]
pub fn canHold(encoder: *const Encoder, index: c_int) bool {
    return switch (c.lua_type(encoder.L, index)) {
        c.LUA_TFUNCTION, c.LUA_TTHREAD, c.LUA_TLIGHTUSERDATA => false,
        c.LUA_TUSERDATA => external_table.idAt(encoder.L, index) != null,
        c.LUA_TTABLE => encoder.depth < value_tag.depth_max,
        else => true,
    };
}

fn markRefused(encoder: *Encoder) void {
    if (encoder.refused) |refused| refused.* = true;
}

fn refuse(encoder: *Encoder, index: c_int) void {
    if (encoder.otherwise != .refused) {
        encoder.otherwise = .graph;
        return;
    }
    encoder.markRefused();
    lua.raiseText(encoder.L, "a %s cannot leave Lua", .{c.luaL_typename(encoder.L, index)});
}

fn tag(encoder: *Encoder, which: Tag) void {
    encoder.byte(@backingInt(which));
}

fn byte(encoder: *Encoder, which: u8) void {
    encoder.room(1)[0] = which;
}

fn word(encoder: *Encoder, which: u32) void {
    std.mem.writeInt(u32, encoder.room(4)[0..4], which, .little);
}

fn long(encoder: *Encoder, which: u64) void {
    std.mem.writeInt(u64, encoder.room(8)[0..8], which, .little);
}

/// `count` more bytes, in use from now on.
fn room(encoder: *Encoder, count: usize) []u8 {
    scratch.reserve(encoder.L, encoder.end, count);
    const bytes = scratch.bytes()[encoder.end..][0..count];
    encoder.end += count;
    scratch.length = encoder.end;
    return bytes;
}
