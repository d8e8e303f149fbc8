//! The tables that a stored value names instead of holding them: those of package.loaded, the
//! globals among them as "_G".
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const Reader = @import("Reader.zig");
const Survey = @import("Survey.zig");
const c = lua.c;

const table_type = c.LUA_VTABLE | c.BIT_ISCOLLECTABLE;

/// Null: the table has no name.
pub fn nameOf(loaded: ?*const c.Table, table: *const c.Table) ?*c.TString {
    for (objects.hashSlots(loaded orelse return null)) |*node| {
        if (node.i_val.tt_ != table_type or node.u.key_tt & 0x0F != c.LUA_TSTRING) continue;
        if (@intFromPtr(node.i_val.value_.gc) != @intFromPtr(table)) continue;
        return objects.as(c.TString, @ptrCast(node.u.key_val.gc));
    }
    return null;
}

/// Reads a name: the table that has it here. [-0, +0, v]
pub fn read(reader: *Reader) *c.Table {
    const L = reader.L;
    const name = reader.readString();
    if (Survey.typeOf(L, c.LUA_LOADED_TABLE)) |loaded| {
        const found: *const objects.Value = @ptrCast(c.luaH_getstr(@constCast(loaded), name));
        if (found.tt_ == table_type) return objects.as(c.Table, objects.objectOf(found));
    }
    reader.missing("module", @ptrCast(&name.contents));
}
