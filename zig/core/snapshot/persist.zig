//! The metafield `__persist`: objects that say themselves what is saved in their place.
const Encoder = @import("../Encoder.zig");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const scratch = @import("../scratch.zig");
const c = lua.c;

pub const Asked = struct {
    name: *c.TString,
    /// From an object to the function that makes it anew, or to the encoded error of one whose
    /// `__persist` failed; null: no object has one.
    makers: ?*c.Table,
    /// Objects of which some only wait for their finalizers: they are in the state, too. What
    /// follows the last was made here.
    waiting: ?*objects.Object,
    last_waiting: ?*objects.Object = null,
    /// How many values hold them on the stack.
    values: c_int,
};

/// Calls `__persist` of each object that has a function there. What that gives is not called here:
/// it would change the state that is saved. The collector must be stopped, for finalizers would,
/// too. [-0, +values, v]
pub fn ask(L: *lua.State) Asked {
    lua.checkStack(L, 8);
    lua.pushBytes(L, "__persist");
    const name = objects.stringAt(c.lua_tolstring(L, -1, null));
    const count = eachAsked(L, name, null);
    const g = objects.global(L);
    if (count == 0) return .{ .name = name, .makers = null, .waiting = g.finobj, .values = 1 };
    // Now all that is garbage but for its finalizer waits for that; what else has a finalizer may
    // be held by such an object alone, which is not saved.
    c.lpw_emergency_collect(L);
    const waiting: ?*objects.Object = g.tobefnz;
    var last_waiting = waiting;
    while (last_waiting) |each| last_waiting = each.next orelse break;
    c.lua_createtable(L, 0, @intCast(count));
    const makers = objects.as(c.Table, tableAt(L, -1));
    c.lua_createtable(L, @intCast(count), 0);
    // With room for all of them nothing is collected while they are gathered.
    const gathered = tableAt(L, -1);
    const found = eachAsked(L, name, objects.arraySlots(objects.as(c.Table, gathered)));
    if (gathered.marked & 1 << c.BLACKBIT != 0) c.luaC_barrierback_(L, gathered);
    for (1..found + 1) |index| {
        _ = c.lua_rawgeti(L, -1, @intCast(index));
        c.lua_pushvalue(L, -1);
        lua.pushFunction(L, askOne);
        c.lua_rotate(L, -2, 1);
        switch (lua.protectedCall(L, 1, 1, 0)) {
            .ok => {},
            .memory => c.lpw_raise_memory(L),
            else => encodeError(L),
        }
        // nil, where another one's took it away, is no entry.
        c.lua_rawset(L, -4);
    }
    lua.pop(L, 1);
    return .{
        .name = name,
        .makers = makers,
        .waiting = waiting,
        .last_waiting = last_waiting,
        .values = 2,
    };
}

/// From an object to what makes it anew; nil: it has no `__persist`. [-0, +1, v]
fn askOne(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    c.lua_settop(L, 1);
    if (c.luaL_getmetafield(L, 1, "__persist") != c.LUA_TFUNCTION) {
        c.lua_pushnil(L);
        return 1;
    }
    c.lua_rotate(L, 1, 1);
    c.lua_callk(L, 1, 1, 0, null);
    if (c.lua_type(L, 1) != c.LUA_TFUNCTION or c.lua_tocfunction(L, 1) != null) {
        lua.raiseText(L, "it gives no Lua function", .{});
    }
    return 1;
}

/// The error on top of the stack becomes its encoding, which is empty where it can't be told.
/// [-1, +1, v]
fn encodeError(L: *lua.State) void {
    const start = scratch.length;
    lua.pushFunction(L, encodedError);
    c.lua_rotate(L, -2, 1);
    switch (lua.protectedCall(L, 1, 1, 0)) {
        .ok => {},
        .memory => c.lpw_raise_memory(L),
        else => {
            lua.pop(L, 1);
            lua.pushBytes(L, "");
        },
    }
    scratch.length = start;
}

fn encodedError(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    var encoder = Encoder.begin(L, null);
    if (encoder.errorValue(1)) |text| encoder.string(text);
    lua.pushBytes(L, encoder.encoded());
    return 1;
}

const white_bits: u8 = 1 << c.WHITE0BIT | 1 << c.WHITE1BIT;

fn tableAt(L: *lua.State, index: c_int) *objects.Object {
    return @ptrCast(@alignCast(@constCast(c.lua_topointer(L, index))));
}

/// Counts the objects with a function there; with `slots`, puts as many there as they hold.
fn eachAsked(L: *lua.State, name: *c.TString, slots: ?[]objects.Value) usize {
    const g = objects.global(L);
    var count: usize = 0;
    for ([_]?*objects.Object{ g.allgc, g.finobj, g.tobefnz }) |first| {
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
