//! Objects that a function makes anew when a snapshot is restored: until then a table stands in
//! the place of each, marked by a bit that Lua leaves to its tests.
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const c = lua.c;

const Object = objects.Object;
const Value = objects.Value;

const mark: u8 = 0x80;
/// How many placeholders may lead to each other: two that give each other have no end.
const placeholders_max = 100;

pub fn isPlaceholder(object: *const Object) bool {
    return object.marked & mark != 0;
}

/// [-0, +0, m]
pub fn make(L: *lua.State) *Object {
    const object = objects.from(c.luaH_new(L));
    object.marked |= mark;
    return object;
}

/// Calls the makers, which the table on top of the stack has by placeholder, and puts what they
/// gave where the placeholders stood. The collector must be stopped: then it runs when the memory
/// is used up alone, and without finalizers, which would meet placeholders. [-1, +0, v]
pub fn run(L: *lua.State) void {
    c.lua_createtable(L, 0, 0);
    c.lua_pushnil(L);
    while (c.lua_next(L, -3) != 0) {
        c.lua_callk(L, 0, 1, 0, null);
        switch (c.lua_type(L, -1)) {
            c.LUA_TTABLE, c.LUA_TUSERDATA => {},
            else => lua.raiseText(L, "a %s was made anew, no object", .{c.luaL_typename(L, -1)}),
        }
        c.lua_pushvalue(L, -2);
        c.lua_rotate(L, -2, 1);
        c.lua_rawset(L, -4);
    }
    const g = objects.global(L);
    // This makes all objects white: what is put into them needs no barrier.
    changeMode(L, c.KGC_GEN);
    changeMode(L, c.KGC_INC);
    // Nothing below collects.
    g.gcstopem = 1;
    const made: Replacing = .{ .L = L, .made = topTable(L, -1), .makers = topTable(L, -2) };
    made.all(g);
    g.gcstopem = 0;
    lua.pop(L, 2);
}

/// As Lua does, but without finalizers. [-0, +0, -]
pub fn changeMode(L: *lua.State, mode: u8) void {
    const g = objects.global(L);
    g.gcemergency = 1;
    c.luaC_changemode(L, mode);
    g.gcemergency = 0;
}

fn topTable(L: *lua.State, index: c_int) *c.Table {
    return @ptrCast(@alignCast(@constCast(c.lua_topointer(L, index))));
}

const Replacing = struct {
    L: *lua.State,
    made: *c.Table,
    makers: *c.Table,

    fn all(replacing: Replacing, g: *c.global_State) void {
        for (&g.mt) |*each| replacing.metatable(each);
        for ([_]?*Object{ g.allgc, g.finobj, g.tobefnz }) |first| {
            var object = first;
            while (object) |each| : (object = each.next) replacing.in(each);
        }
    }

    fn in(replacing: Replacing, object: *Object) void {
        switch (object.tt) {
            c.LUA_VTABLE => replacing.inTable(objects.as(c.Table, object)),
            c.LUA_VUPVAL => {
                const upvalue = objects.as(c.UpVal, object);
                if (!objects.isOpen(upvalue)) _ = replacing.value(@ptrCast(upvalue.v.p));
            },
            c.LUA_VCCL => for (objects.cUpvalues(objects.as(c.CClosure, object))) |*each| {
                _ = replacing.value(each);
            },
            c.LUA_VTHREAD => {
                const thread = objects.as(c.lua_State, object);
                // Without memory for a stack all that it has is garbage.
                if (thread.stack.p == null) return;
                for (objects.stackSlots(thread)) |*slot| _ = replacing.value(&slot.val);
            },
            c.LUA_VUSERDATA => replacing.metatable(&objects.as(c.Udata, object).metatable),
            else => {},
        }
    }

    fn inTable(replacing: Replacing, table: *c.Table) void {
        if (table == replacing.made or table == replacing.makers) return;
        replacing.metatable(&table.metatable);
        for (objects.arraySlots(table)) |*slot| _ = replacing.value(slot);
        var has_new_keys = false;
        for (objects.hashSlots(table)) |*node| {
            _ = replacing.value(&node.i_val);
            var key: Value = .{ .value_ = node.u.key_val, .tt_ = node.u.key_tt };
            if (!replacing.value(&key)) continue;
            node.u.key_val = key.value_;
            node.u.key_tt = key.tt_;
            has_new_keys = true;
        }
        if (!has_new_keys) return;
        // Other keys lie elsewhere.
        const nodes: c_uint = @intCast(objects.hashSlots(table).len);
        c.luaH_resize(replacing.L, table, c.luaH_realasize(table), nodes);
    }

    fn metatable(replacing: Replacing, place: *[*c]c.Table) void {
        if (place.* == null) return;
        var value_: Value = undefined;
        objects.setObject(&value_, objects.from(place.*));
        if (!replacing.value(&value_)) return;
        const made = objects.objectOf(&value_);
        place.* = if (made.tt == c.LUA_VTABLE) objects.as(c.Table, made) else null;
    }

    /// Whether the value was a placeholder. What a maker gave may be another one's placeholder.
    fn value(replacing: Replacing, place: *Value) bool {
        var was_placeholder = false;
        for (0..placeholders_max) |_| {
            if (place.tt_ != c.LUA_VTABLE | c.BIT_ISCOLLECTABLE) break;
            if (!isPlaceholder(objects.objectOf(place))) break;
            const made: *const Value = @ptrCast(c.luaH_get(replacing.made, @ptrCast(place)));
            if (objects.isNil(made)) break;
            objects.set(place, made.value_, made.tt_);
            was_placeholder = true;
        }
        return was_placeholder;
    }
};
