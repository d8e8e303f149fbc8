//! External tables: tables whose entries live in the host, as userdata of Lua and by number.
const Code = @import("code.zig").Code;
const Decoder = @import("Decoder.zig");
const Encoder = @import("Encoder.zig");
const host = @import("host.zig");
const host_function = @import("host_function.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");
const c = lua.c;

pub const type_name = "ext.table";
pub const iterator_type_name = "ext.iterator";
/// The registry's table from id to handle, with weak values: one handle for each id.
pub const handles_name = "ext.handles";

/// What a handle holds: its table's number; 0 once it was collected, as a script's finalizer may
/// find it.
pub const Handle = extern struct { id: u32 };
/// What a loop over a table holds; −1 once it is closed.
pub const Iterator = extern struct { id: i32 };

/// Makes the types of handles and iterators, and the table of handles. [-0, +0, m]
pub fn defineTypes(L: *lua.State) void {
    defineType(L, type_name, &handle_methods);
    defineType(L, iterator_type_name, &iterator_methods);
    c.lua_createtable(L, 0, 0);
    c.lua_createtable(L, 0, 1);
    lua.pushBytes(L, "v");
    c.lua_setfield(L, -2, "__mode");
    _ = c.lua_setmetatable(L, -2);
    c.lua_setfield(L, lua.registry_index, handles_name);
}

/// The id of the external table at `index`, or null for anything else, a collected handle too.
/// [-0, +0, m]
pub fn idAt(L: *lua.State, index: c_int) ?u32 {
    const handle: *const Handle = @ptrCast(@alignCast(
        c.luaL_testudata(L, index, type_name) orelse return null,
    ));
    return if (handle.id == 0) null else handle.id;
}

/// Pushes the handle of a table that the host named. [-0, +1, v]
pub fn push(L: *lua.State, id: u32) void {
    lua.checkStack(L, 4);
    _ = c.lua_getfield(L, lua.registry_index, handles_name);
    if (c.lua_rawgeti(L, -1, id) == c.LUA_TUSERDATA) {
        c.lua_rotate(L, -2, 1);
        return lua.pop(L, 1);
    }
    lua.pop(L, 1);
    const handle = newHandle(L);
    // A finalizer may have made one meanwhile.
    if (takeKnown(L, id)) return;
    check(L, id, host.js_ext_table_retain(id));
    adopt(L, handle, id);
}

/// Whether the table has a handle: that is left alone then, in the place of the table of handles
/// and of the new handle (-1). Else nothing changes. [-1|0, +0, -]
fn takeKnown(L: *lua.State, id: u32) bool {
    const is_known = c.lua_rawgeti(L, -2, id) == c.LUA_TUSERDATA;
    if (is_known) c.lua_copy(L, -1, -3);
    lua.pop(L, if (is_known) 2 else 1);
    return is_known;
}

/// Pushes the handle of the table of that name; "": a new one without a name. [-0, +1, v]
pub fn openNamed(L: *lua.State, name: []const u8) void {
    lua.checkStack(L, 4);
    _ = c.lua_getfield(L, lua.registry_index, handles_name);
    // Room for the handle first: nothing that can fail comes between open and adopt.
    const handle = newHandle(L);
    if (name.len == 0) letHostCollect();
    const name_pointer = if (name.len == 0) null else name.ptr;
    var answer = host.js_ext_table_open(name_pointer, name.len);
    if (answer == quota_exceeded) {
        reclaim(L);
        answer = host.js_ext_table_open(name_pointer, name.len);
    }
    if (answer == quota_exceeded) host_function.raiseHostError(L, .quota_exceeded, scratch.length);
    if (answer < 0) {
        lua.raiseText(L, "no external table: %s", .{Code.fromHost(answer).text()});
    }
    const id: u32 = @intCast(answer);
    if (takeKnown(L, id)) {
        _ = host.js_ext_table_release(id); // The handle that there is counts already.
        return;
    }
    adopt(L, handle, id);
    // A handle is small, but its table and its place among the handles are not: without this debt
    // dropped handles would fill the heap before the collector comes to them.
    if (c.lua_gc(L, c.LUA_GCISRUNNING) == 1) _ = c.lua_gc(L, c.LUA_GCSTEP, @as(c_int, 1));
}

const quota_exceeded = Code.quota_exceeded.toInt();

/// What Lua dropped lets go of its tables and loops: the host may have room then. [-0, +0, -]
fn reclaim(L: *lua.State) void {
    _ = c.lua_gc(L, c.LUA_GCCOLLECT);
    letHostCollect();
}

/// The host may drop tables that nothing refers to, unless an encoding is being read or written,
/// perhaps further out: a reference in it counts as none.
fn letHostCollect() void {
    if (scratch.length == 0) _ = host.js_ext_table_release(0);
}

/// Pushes a handle without a table. [-0, +1, m]
fn newHandle(L: *lua.State) *Handle {
    const handle: *Handle = @ptrCast(@alignCast(c.lua_newuserdatauv(L, @sizeOf(Handle), 0)));
    handle.id = 0;
    return handle;
}

/// Gives the handle on top its table and its type, and remembers it in the table of handles
/// below it, which it replaces. From here on its finalizer releases it. [-1, +0, m]
fn adopt(L: *lua.State, handle: *Handle, id: u32) void {
    handle.id = id;
    c.luaL_setmetatable(L, type_name);
    c.lua_pushvalue(L, -1);
    c.lua_rawseti(L, -3, id);
    c.lua_rotate(L, -2, 1);
    lua.pop(L, 1);
}

pub fn check(L: *lua.State, id: u32, answer: i32) void {
    if (answer >= 0) return;
    if (answer == quota_exceeded) host_function.raiseHostError(L, .quota_exceeded, scratch.length);
    lua.raiseText(L, "external table %I: %s", .{
        @as(c.lua_Integer, id),
        Code.fromHost(answer).text(),
    });
}

/// The key at `index`, encoded into scratch. Null: a value that no entry has as key.
fn encodeKey(L: *lua.State, index: c_int) ?Encoder {
    var encoder = Encoder.begin(L, null);
    return if (encoder.key(index)) encoder else null;
}

/// Pushes the value under the key at `key`, nil when there is none. [-0, +1, v]
pub fn get(L: *lua.State, id: u32, key: c_int) void {
    const start = scratch.length;
    const encoder = encodeKey(L, key) orelse return c.lua_pushnil(L);
    const first = encoder.end;
    const length = while (true) {
        const bytes = scratch.bytes();
        const room = bytes.len - first;
        const key_bytes = bytes[start..first];
        const value = bytes.ptr + first;
        const answer = host.js_ext_table_get(id, key_bytes.ptr, key_bytes.len, value, room);
        check(L, id, answer);
        const needed: usize = @intCast(answer);
        if (needed <= room) break needed;
        scratch.reserve(L, first, needed);
    };
    if (length == 0) {
        c.lua_pushnil(L);
    } else {
        scratch.length = first + length;
        var decoder = Decoder.begin(L, first, first + length);
        decoder.entry();
    }
    scratch.length = start;
}

/// Puts the value at `value` under the key at `key`; nil deletes. [-0, +0, v]
pub fn set(L: *lua.State, id: u32, key: c_int, value: c_int) void {
    const start = scratch.length;
    var encoder = encodeKey(L, key) orelse {
        const what = if (c.lua_type(L, key) == c.LUA_TNIL) "nil" else "NaN";
        lua.raiseText(L, "index is %s", .{@as([*:0]const u8, what)});
    };
    const value_start = encoder.end;
    if (c.lua_type(L, value) == c.LUA_TNIL) {
        const key_bytes = encoder.encoded();
        check(L, id, host.js_ext_table_delete(id, key_bytes.ptr, key_bytes.len));
    } else {
        const top = c.lua_gettop(L);
        encoder.entry(value);
        var answer = put(id, .{ start, value_start, encoder.end });
        if (answer == quota_exceeded) {
            // Finalizers use scratch above its length. What is written there names tables that
            // `value` holds, but nothing must be on its way further out.
            scratch.length = encoder.end;
            _ = c.lua_gc(L, c.LUA_GCCOLLECT);
            scratch.length = start;
            letHostCollect();
            answer = put(id, .{ start, value_start, encoder.end });
        }
        check(L, id, answer);
        c.lua_settop(L, top);
    }
    scratch.length = start;
}

/// Hands over key and value, which lie in scratch one behind the other.
fn put(id: u32, ends: [3]usize) i32 {
    const bytes = scratch.bytes();
    return host.js_ext_table_set(
        id,
        bytes.ptr + ends[0],
        ends[1] - ends[0],
        bytes.ptr + ends[1],
        ends[2] - ends[1],
    );
}

/// [-0, +1, v]
pub fn pushSize(L: *lua.State, id: u32) void {
    const answer = host.js_ext_table_size(id);
    check(L, id, answer);
    c.lua_pushinteger(L, answer);
}

// The handle's metamethods.

pub const handle_methods = [_]c.luaL_Reg{
    .{ .name = "__index", .func = handleIndex },
    .{ .name = "__newindex", .func = handleNewIndex },
    .{ .name = "__len", .func = handleLength },
    .{ .name = "__pairs", .func = handlePairs },
    .{ .name = "__tostring", .func = handleToString },
    .{ .name = "__gc", .func = handleCollect },
    .{ .name = null, .func = null },
};

pub fn handleAt(L: *lua.State, index: c_int) u32 {
    const handle: *const Handle = @ptrCast(@alignCast(c.luaL_checkudata(L, index, type_name).?));
    if (handle.id == 0) lua.raiseText(L, "this handle of an external table was collected", .{});
    return handle.id;
}

fn handleIndex(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    get(L, handleAt(L, 1), 2);
    return 1;
}

fn handleNewIndex(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    c.luaL_checkany(L, 3);
    set(L, handleAt(L, 1), 2, 3);
    return 0;
}

fn handleLength(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    pushSize(L, handleAt(L, 1));
    return 1;
}

fn handleToString(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    _ = c.lua_pushfstring(L, type_name ++ ": %I", @as(c.lua_Integer, handleAt(L, 1)));
    return 1;
}

fn handleCollect(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const handle: *Handle = @ptrCast(@alignCast(c.luaL_checkudata(L, 1, type_name).?));
    if (handle.id != 0) _ = host.js_ext_table_release(handle.id);
    handle.id = 0;
    return 0;
}

/// The loop's function, to which `pairs` adds two nils. In Lua 5.4 it takes no closing value from
/// here: the iterator of a loop that is left is closed when it is collected.
fn handlePairs(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const id = handleAt(L, 1);
    const iterator: *Iterator = @ptrCast(@alignCast(
        c.lua_newuserdatauv(L, @sizeOf(Iterator), 0),
    ));
    iterator.id = -1;
    c.luaL_setmetatable(L, iterator_type_name);
    var answer = host.js_iter_open(id);
    if (answer == quota_exceeded) {
        reclaim(L);
        answer = host.js_iter_open(id);
    }
    check(L, id, answer);
    iterator.id = answer;
    c.lua_pushcclosure(L, iteratorNext, 1);
    return 1;
}

/// For snapshots: what a loop over a table calls.
pub const iterator_functions = [_]c.luaL_Reg{
    .{ .name = "next", .func = iteratorNext },
    .{ .name = null, .func = null },
};

pub const iterator_methods = [_]c.luaL_Reg{
    .{ .name = "__gc", .func = iteratorClose },
    .{ .name = "__close", .func = iteratorClose },
    .{ .name = null, .func = null },
};

fn iteratorNext(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    const iterator: *Iterator = @ptrCast(@alignCast(
        c.luaL_checkudata(L, lua.upvalueIndex(1), iterator_type_name).?,
    ));
    if (iterator.id < 0) {
        c.lua_pushnil(L);
        return 1;
    }
    const start = scratch.length;
    const length = while (true) {
        const bytes = scratch.bytes();
        const room = bytes.len - start;
        const answer = host.js_iter_next(iterator.id, bytes.ptr + start, room);
        if (answer < 0) {
            lua.raiseText(L, "a loop over an external table: %s", .{Code.fromHost(answer).text()});
        }
        const needed: usize = @intCast(answer);
        if (needed <= room) break needed;
        scratch.reserve(L, start, needed);
    };
    if (length == 0) {
        closeIterator(iterator);
        c.lua_pushnil(L);
        return 1;
    }
    scratch.length = start + length;
    var decoder = Decoder.begin(L, start, start + length);
    decoder.pair();
    scratch.length = start;
    return 2;
}

fn iteratorClose(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    closeIterator(@ptrCast(@alignCast(c.luaL_checkudata(L, 1, iterator_type_name).?)));
    return 0;
}

fn closeIterator(iterator: *Iterator) void {
    if (iterator.id < 0) return;
    _ = host.js_iter_close(iterator.id);
    iterator.id = -1;
}

/// A metatable in the registry that scripts see as its name. [-0, +0, m]
fn defineType(L: *lua.State, name: [*:0]const u8, methods: [*]const c.luaL_Reg) void {
    _ = c.luaL_newmetatable(L, name);
    c.luaL_setfuncs(L, methods, 0);
    _ = c.lua_pushstring(L, name);
    c.lua_setfield(L, -2, "__metatable");
    lua.pop(L, 1);
}
