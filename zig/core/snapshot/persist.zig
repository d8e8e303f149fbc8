//! The metafield `__persist`: objects that say themselves what is saved in their place.
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const c = lua.c;

pub const Asked = struct {
    name: *c.TString,
    /// From an object to the function that makes it anew; null: no object has one.
    makers: ?*c.Table,
    /// How many values hold them on the stack.
    values: c_int,
};

/// Calls `__persist` of each object that has a function there. [-0, +values, v]
pub fn ask(L: *lua.State) Asked {
    lua.checkStack(L, 8);
    lua.pushBytes(L, "__persist");
    const name = objects.stringAt(c.lua_tolstring(L, -1, null));
    const count = eachAsked(L, name, null);
    if (count == 0) return .{ .name = name, .makers = null, .values = 1 };
    c.lua_createtable(L, 0, @intCast(count));
    const makers = objects.as(c.Table, tableAt(L, -1));
    c.lua_createtable(L, @intCast(count), 0);
    // With room for all of them nothing is collected while they are gathered.
    const gathered = tableAt(L, -1);
    const found = eachAsked(L, name, objects.arraySlots(objects.as(c.Table, gathered)));
    if (gathered.marked & 1 << c.BLACKBIT != 0) c.luaC_barrierback_(L, gathered);
    const top = c.lua_gettop(L);
    for (1..found + 1) |index| {
        _ = c.lua_rawgeti(L, -1, @intCast(index));
        c.lua_pushvalue(L, -1);
        // Another one's may have taken it away.
        if (c.luaL_getmetafield(L, -1, "__persist") != c.LUA_TFUNCTION) {
            c.lua_settop(L, top);
            continue;
        }
        c.lua_rotate(L, -2, 1);
        c.lua_callk(L, 1, 1, 0, null);
        if (c.lua_type(L, -1) != c.LUA_TFUNCTION or c.lua_tocfunction(L, -1) != null) {
            lua.raiseText(L, "__persist gave no Lua function", .{});
        }
        c.lua_rawset(L, -4);
    }
    lua.pop(L, 1);
    // What is garbage now is not saved.
    _ = c.lua_gc(L, c.LUA_GCCOLLECT);
    return .{ .name = name, .makers = makers, .values = 2 };
}

const white_bits: u8 = 1 << c.WHITE0BIT | 1 << c.WHITE1BIT;

fn tableAt(L: *lua.State, index: c_int) *objects.Object {
    return @ptrCast(@alignCast(@constCast(c.lua_topointer(L, index))));
}

/// Counts the objects with a function there; with `slots`, puts as many there as they hold.
fn eachAsked(L: *lua.State, name: *c.TString, slots: ?[]objects.Value) usize {
    const g = objects.global(L);
    var count: usize = 0;
    for ([_]?*objects.Object{ g.allgc, g.finobj }) |first| {
        var object = first;
        while (object) |each| : (object = each.next) {
            // What a sweep has not come to yet must not come back to life.
            const is_dead = each.marked & (g.currentwhite ^ white_bits) & white_bits != 0;
            if (is_dead or !isAsked(each, name)) continue;
            if (slots) |to| {
                if (count == to.len) return count;
                objects.setObject(&to[count], each);
            }
            count += 1;
        }
    }
    return count;
}

fn isAsked(object: *objects.Object, name: *c.TString) bool {
    const metatable: ?*c.Table = switch (object.tt) {
        c.LUA_VTABLE => objects.as(c.Table, object).metatable,
        c.LUA_VUSERDATA => objects.as(c.Udata, object).metatable,
        else => null,
    };
    const found = c.luaH_getshortstr(metatable orelse return false, name);
    return found.*.tt_ & 0x0F == c.LUA_TFUNCTION;
}
