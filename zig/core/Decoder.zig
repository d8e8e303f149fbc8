//! Bytes in scratch to Lua values. The bytes come from the host: every one is checked.
const Decoder = @This();

const std = @import("std");
const external_table = @import("external_table.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");
const stored_value = @import("snapshot/stored_value.zig");
const value_tag = @import("value_tag.zig");
const Tag = value_tag.Tag;
const c = lua.c;

/// Lua's stack holds no more in any case.
const list_values_max = 10_000;

L: *lua.State,
/// Offsets in scratch; what lies between must stay in use until the end.
position: usize,
end: usize,
/// Stack index of the array of tables that began; 0 until the first.
begun: c_int = 0,
begun_count: c_int = 0,
depth: u32 = 0,

pub fn begin(L: *lua.State, first: usize, end: usize) Decoder {
    return .{ .L = L, .position = first, .end = end };
}

/// Pushes the values of a list and returns their number. [-0, +count, v]
pub fn list(decoder: *Decoder) c_int {
    const count = decoder.word();
    // Each value has at least its tag.
    if (count > decoder.end - decoder.position) decoder.damaged();
    if (count > list_values_max) {
        lua.raiseText(decoder.L, "%d values; a list has up to %d", .{
            @as(c_int, @intCast(count)),
            @as(c_int, list_values_max),
        });
    }
    lua.checkStack(decoder.L, @intCast(count + 4));
    for (0..count) |_| decoder.value();
    decoder.finish();
    return @intCast(count);
}

/// Pushes the one value that the bytes hold. [-0, +1, v]
pub fn single(decoder: *Decoder) void {
    lua.checkStack(decoder.L, 4);
    decoder.value();
    decoder.finish();
}

/// As `single`, of an external table's entry: a graph too. [-0, +1, v]
pub fn entry(decoder: *Decoder) void {
    lua.checkStack(decoder.L, 4);
    decoder.entryValue();
    decoder.finish();
}

/// Pushes the key and the value that the bytes hold. [-0, +2, v]
pub fn pair(decoder: *Decoder) void {
    lua.checkStack(decoder.L, 4);
    decoder.value();
    if (decoder.begun != 0 or !isKey(decoder.L)) decoder.damaged(); // A table is no key.
    decoder.entryValue();
    decoder.finish();
}

/// Pushes a table with the values of a list at 1 … count. [-0, +1, v]
pub fn array(decoder: *Decoder) void {
    const L = decoder.L;
    const count = decoder.word();
    if (count > decoder.end - decoder.position) decoder.damaged();
    lua.checkStack(L, 4);
    decoder.pushBegun();
    c.lua_createtable(L, @intCast(count), 0);
    for (0..count) |index| {
        decoder.value();
        c.lua_rawseti(L, -2, @intCast(index + 1));
    }
    decoder.finish();
}

/// Raises an error unless all bytes were used; takes the array of tables from the stack.
fn finish(decoder: *const Decoder) void {
    if (decoder.position != decoder.end) decoder.damaged();
    if (decoder.begun == 0) return;
    c.lua_rotate(decoder.L, decoder.begun, -1);
    lua.pop(decoder.L, 1);
}

/// Pushes the array of tables. [-0, +1, m]
fn pushBegun(decoder: *Decoder) void {
    c.lua_createtable(decoder.L, 0, 0);
    decoder.begun = c.lua_gettop(decoder.L);
}

fn entryValue(decoder: *Decoder) void {
    if (decoder.peek() != @backingInt(Tag.graph)) return decoder.value();
    stored_value.read(decoder.L, decoder.position + 1, decoder.end);
    decoder.position = decoder.end;
}

/// Pushes the next value; below the first table, the array of tables. [-0, +1 or +2, v]
fn value(decoder: *Decoder) void {
    const L = decoder.L;
    switch (@as(Tag, @fromBackingInt(@intCast(decoder.byte())))) {
        .nil => c.lua_pushnil(L),
        .boolean => switch (decoder.byte()) {
            0, 1 => |truth| c.lua_pushboolean(L, truth),
            else => decoder.damaged(),
        },
        .integer => c.lua_pushinteger(L, @bitCast(decoder.long())),
        .float => c.lua_pushnumber(L, @bitCast(decoder.long())),
        .string => {
            const length = decoder.word();
            lua.pushBytes(L, decoder.take(length));
        },
        .table => {
            if (decoder.begun == 0) decoder.pushBegun();
            decoder.table();
        },
        .back_reference => {
            const index = decoder.word();
            if (index >= decoder.begun_count) decoder.damaged();
            _ = c.lua_rawgeti(L, decoder.begun, @as(c.lua_Integer, index) + 1);
        },
        .external_table => external_table.push(L, decoder.word()),
        .graph, _ => decoder.damaged(),
    }
}

fn table(decoder: *Decoder) void {
    const L = decoder.L;
    if (decoder.depth == value_tag.depth_max) decoder.damaged();
    const count = decoder.word();
    // Each entry has at least two tags.
    if (count > (decoder.end - decoder.position) / 2) decoder.damaged();
    lua.checkStack(L, 4);
    decoder.depth += 1;
    c.lua_createtable(L, 0, 0);
    decoder.begun_count += 1;
    c.lua_pushvalue(L, -1);
    c.lua_rawseti(L, decoder.begun, decoder.begun_count);
    for (0..count) |_| {
        decoder.value();
        if (!isKey(L)) decoder.damaged();
        decoder.value();
        c.lua_rawset(L, -3);
    }
    decoder.depth -= 1;
}

/// Whether the value on top may be a table's key: neither nil nor NaN.
fn isKey(L: *lua.State) bool {
    return switch (c.lua_type(L, -1)) {
        c.LUA_TNIL => false,
        c.LUA_TNUMBER => !std.math.isNan(c.lua_tonumberx(L, -1, null)),
        else => true,
    };
}

fn damaged(decoder: *const Decoder) noreturn {
    lua.raiseText(decoder.L, "the host gave bytes that are no value", .{});
}

fn peek(decoder: *const Decoder) u8 {
    if (decoder.position == decoder.end) decoder.damaged();
    return scratch.bytes()[decoder.position];
}

fn byte(decoder: *Decoder) u8 {
    return decoder.take(1)[0];
}

fn word(decoder: *Decoder) u32 {
    return std.mem.readInt(u32, decoder.take(4)[0..4], .little);
}

fn long(decoder: *Decoder) u64 {
    return std.mem.readInt(u64, decoder.take(8)[0..8], .little);
}

/// Valid until scratch moves: use it before anything is allocated.
fn take(decoder: *Decoder, count: usize) []const u8 {
    if (count > decoder.end - decoder.position) decoder.damaged();
    defer decoder.position += count;
    return scratch.bytes()[decoder.position..][0..count];
}
