//! Tables, read: in a state with each entry in the place where it lay.
const fields = @import("fields.zig");
const format = @import("format.zig");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const Reader = @import("Reader.zig");
const c = lua.c;

/// A table with room for what its shell says. [-0, +0, v]
pub fn make(reader: *Reader) *c.Table {
    const in = &reader.in;
    const slots = in.figure(.table_array_slots);
    const bits = in.int(u8);
    const has_hash_part = bits != format.no_hash_part;
    if (has_hash_part and bits > fields.field(.table_hash_bits).span) in.damaged(.table);
    const table: *c.Table = c.luaH_new(reader.L);
    const nodes: c_uint = if (has_hash_part) @as(c_uint, 1) << @intCast(bits) else 0;
    if (slots > 0 or nodes > 0) c.luaH_resize(reader.L, table, slots, nodes);
    return table;
}

/// [-0, +0, v]
pub fn read(reader: *Reader, table: *c.Table) void {
    const in = &reader.in;
    table.metatable = reader.metatable();
    // Which metamethods there are is found out anew.
    table.flags = 0;
    const limit = in.figure(.table_array_limit);
    const slots = objects.arraySlots(table);
    const nodes = objects.hashSlots(table);
    if (nodes.len > 0) {
        const free = in.figure(.table_last_free);
        if (free > nodes.len) in.damaged(.table);
        table.lastfree = table.node + free;
    }
    for (slots) |*slot| reader.readSlot(slot);
    for (nodes) |*node| readEntry(reader, node, @intCast(slots.len));
    if (reader.prologue.scope == .state) {
        if (c.lpw_link_chains(table) == 0) in.damaged(.table);
    } else {
        // Objects have other salts here, and strings another seed: all entries are put in anew.
        c.luaH_resize(reader.L, table, @intCast(slots.len), @intCast(nodes.len));
    }
    if (!setLimit(table, limit)) in.damaged(.table);
}

fn readEntry(reader: *Reader, node: *c.Node, array_slots: u32) void {
    const in = &reader.in;
    const slot: format.Slot = @fromBackingInt(in.figure(.node_tag));
    switch (slot) {
        .nil => return,
        .dead_key => {
            const number = in.figure(.node_dead_key);
            node.u.key_tt = c.LUA_TDEADKEY;
            node.u.key_val.gc = if (number == format.none)
                null
            else if (number < reader.map.count)
                reader.map.get(number)
            else
                in.damaged(.reference);
            return;
        },
        else => {},
    }
    var key: objects.Value = undefined;
    reader.readTagged(&key, slot);
    if (!belongsInHashPart(&key, array_slots)) in.damaged(.table);
    node.u.key_val = key.value_;
    node.u.key_tt = key.tt_;
    reader.readSlot(&node.i_val);
}

/// Whether Lua keeps a key in a hash part, where it finds it again: NaN is no key, a float with an
/// integral value is the integer, and the array has its own integers.
fn belongsInHashPart(key: *const objects.Value, array_slots: u32) bool {
    switch (key.tt_) {
        c.LUA_VNUMFLT => {
            const number = key.value_.n;
            const is_integral = @trunc(number) == number and @abs(number) <= 0x1p63;
            return number == number and !(is_integral and number != 0x1p63);
        },
        c.LUA_VNUMINT => return key.value_.i < 1 or key.value_.i > array_slots,
        else => return true,
    }
}

/// Lua's `alimit`, a hint for the length, with the mark that it is not the array's size, which Lua
/// must still find from it. Else it stays: the table may be one that is garbage in a live state.
fn setLimit(table: *c.Table, limit: u32) bool {
    const size = c.luaH_realasize(table);
    if (limit == size) return true;
    if (limit > size) return false;
    const flags = table.flags;
    table.alimit = limit;
    table.flags |= c.BITRAS;
    if (c.luaH_realasize(table) == size) return true;
    table.alimit = size;
    table.flags = flags;
    return false;
}
