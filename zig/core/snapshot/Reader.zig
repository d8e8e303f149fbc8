//! Reads a snapshot's body: into a state that holds nothing yet, or a value into one that runs. The
//! collector is stopped meanwhile. When reading fails, the new state is given up with all that it
//! holds; what was made in one that runs is garbage, which the collector can free at any point.
const Reader = @This();

const std = @import("std");
const c_closures = @import("c_closures.zig");
const config = @import("config");
const external_table = @import("../external_table.zig");
const format = @import("format.zig");
const Input = @import("Input.zig");
const lua = @import("../lua.zig");
const named_tables = @import("named_tables.zig");
const names = @import("names.zig");
const ObjectMap = @import("ObjectMap.zig");
const objects = @import("objects.zig");
const Prologue = @import("Prologue.zig");
const rebuild = @import("rebuild.zig");
const prototypes = @import("prototypes.zig");
const Survey = @import("Survey.zig");
const tables = @import("tables.zig");
const threads = @import("threads.zig");
const userdata = @import("userdata.zig");
const c = lua.c;

const Object = objects.Object;
const Value = objects.Value;

in: Input,
L: *lua.State,
map: ObjectMap,
prologue: Prologue,
/// A coroutine has a hook.
has_hook: bool = false,
/// The one metatable of all userdata of a kind, by the kind's number; null: there is none so far.
types: [format.userdata_kinds]?*c.Table = @splat(null),
/// Functions by their place among the names; null where a continuation has its name.
functions: []c.lua_CFunction,
/// The places of continuations, by their numbers.
continuations: [c.lpw_continuations.len]u16 = @splat(format.no_name),

var named_functions: [Survey.names_max]c.lua_CFunction = undefined;

/// Reads all objects. [-0, +0, v]
pub fn begin(L: *lua.State, in: Input, prologue: Prologue) Reader {
    var reader: Reader = .{
        .L = L,
        .in = in,
        .prologue = prologue,
        .map = undefined,
        .functions = named_functions[0..prologue.name_count],
    };
    for (0..prologue.name_count) |index| reader.readName(index);
    reader.map = .init(L, prologue.object_count);
    return reader;
}

pub fn readObjects(reader: *Reader) void {
    var function_count: u32 = 0;
    for (0..reader.map.count) |number| {
        if (reader.readShell(@intCast(number)) == .prototype) function_count += 1;
    }
    if (function_count != reader.prologue.function_count) {
        reader.in.damaged(.function);
    }
    for (0..reader.map.count) |number| {
        if (reader.map.is(.named, @intCast(number))) continue;
        reader.readContents(reader.map.get(@intCast(number)).?);
    }
    for (0..reader.map.count) |number| reader.link(reader.map.get(@intCast(number)).?);
}

fn readName(reader: *Reader, index: usize) void {
    const in = &reader.in;
    var buffer: [names.length_max]u8 = undefined;
    const length = in.figure(.name_length);
    const name = buffer[0..length];
    in.bytes(name);
    reader.functions[index] = names.functionOf(name);
    if (reader.functions[index] != null) return;
    if (names.continuationNamed(name)) |number| {
        reader.continuations[number] = @intCast(index);
        return;
    }
    _ = c.lua_pushlstring(reader.L, name.ptr, name.len);
    reader.missing("function", c.lua_tolstring(reader.L, -1, null));
}

pub fn missing(reader: *Reader, what: [*:0]const u8, name: [*:0]const u8) noreturn {
    lua.raiseText(reader.L, "there is no %s '%s' here", .{ what, name });
}

/// Makes an object without what it refers to.
noinline fn readShell(reader: *Reader, number: u32) format.Kind {
    const L = reader.L;
    const in = &reader.in;
    const byte = in.figure(.shell_tag);
    const kind: format.Kind = @fromBackingInt(byte & ~format.flag_finalizer);
    reader.checkScope(kind);
    if (!reader.prologue.allows_functions) switch (kind) {
        .upvalue, .lua_closure, .coroutine, .rebuilt => in.damaged(.untrusted),
        else => {},
    };
    const salt: ?u16 = switch (kind) {
        .table,
        .lua_closure,
        .c_closure,
        .coroutine,
        .userdata,
        .main_thread,
        .rebuilt,
        => in.figure(.shell_salt),
        else => null,
    };
    const object: *Object = switch (kind) {
        .string => objects.from(reader.readString()),
        .table => objects.from(tables.make(reader)),
        .upvalue => objects.from(makeUpvalue(L)),
        .lua_closure => objects.from(c.luaF_newLclosure(L, in.figure(.lua_closure_upvalues))),
        .c_closure => objects.from(reader.makeClosure()),
        .coroutine => objects.from(threads.make(L)),
        .userdata => objects.from(userdata.make(reader)),
        .main_thread => objects.from(objects.global(L).mainthread),
        .prototype => objects.from(c.luaF_newproto(L)),
        .rebuilt => rebuild.make(L),
        .named_table => objects.from(named_tables.read(reader)),
        .table_handle => userdata.handle(reader),
        else => in.damaged(.object),
    };
    const is_state = reader.prologue.scope == .state;
    reader.map.set(number, object);
    if (byte & format.flag_finalizer != 0) {
        if (!is_state or (kind != .table and kind != .userdata)) in.damaged(.object);
        finalize(L, object);
        reader.map.mark(.finalized, number);
    }
    // Copies of one object would all be hashed alike.
    if (is_state) if (salt) |number_| objects.setSalt(object, @intCast(number_));
    if (kind == .named_table or kind == .table_handle) reader.map.mark(.named, number);
    return kind;
}

/// What only a state holds, and what only a value names.
fn checkScope(reader: *Reader, kind: format.Kind) void {
    const scope: format.Scope = switch (kind) {
        .coroutine, .userdata, .main_thread, .rebuilt => .state,
        .named_table, .table_handle => .value,
        else => return,
    };
    if (reader.prologue.scope != scope) reader.in.damaged(.object);
}

pub fn readString(reader: *Reader) *c.TString {
    const L = reader.L;
    const length = reader.in.figure(.string_length);
    if (length <= c.LUAI_MAXSHORTLEN) {
        var bytes: [c.LUAI_MAXSHORTLEN]u8 = undefined;
        reader.in.bytes(bytes[0..length]);
        return c.luaS_newlstr(L, &bytes, length);
    }
    if (length > config.memory_bytes) lua.c.lpw_raise_memory(L);
    const string: *c.TString = c.luaS_createlngstrobj(L, length);
    const first: [*]u8 = @ptrCast(&string.contents);
    reader.in.bytes(first[0..length]);
    return string;
}

fn makeUpvalue(L: *lua.State) *c.UpVal {
    const upvalue = objects.as(c.UpVal, c.luaC_newobj(L, c.LUA_VUPVAL, @sizeOf(c.UpVal)));
    upvalue.v.p = &upvalue.u.value;
    upvalue.u.value.tt_ = c.LUA_VNIL;
    return upvalue;
}

fn makeClosure(reader: *Reader) *c.CClosure {
    const count = reader.in.figure(.c_closure_upvalues);
    const closure: *c.CClosure = c.luaF_newCclosure(reader.L, count);
    closure.f = null;
    for (objects.cUpvalues(closure)) |*value| value.tt_ = c.LUA_VNIL;
    return closure;
}

/// Moves the latest object among those with finalizers. That Lua sees it so is left to the roots.
fn finalize(L: *lua.State, object: *Object) void {
    const g = objects.global(L);
    std.debug.assert(g.allgc == object);
    g.allgc = object.next;
    object.next = g.finobj;
    g.finobj = object;
}

noinline fn readContents(reader: *Reader, object: *Object) void {
    if (rebuild.isPlaceholder(object)) return reader.readMaker(object);
    switch (object.tt) {
        c.LUA_VTABLE => tables.read(reader, objects.as(c.Table, object)),
        c.LUA_VUPVAL => reader.readUpvalue(objects.as(c.UpVal, object)),
        c.LUA_VLCL => {
            const closure = objects.as(c.LClosure, object);
            closure.p = objects.as(c.Proto, reader.typedObject(c.LUA_VPROTO));
            for (objects.luaUpvalues(closure)) |*upvalue| {
                upvalue.* = objects.as(c.UpVal, reader.typedObject(c.LUA_VUPVAL));
            }
        },
        c.LUA_VCCL => {
            const closure = objects.as(c.CClosure, object);
            closure.f = reader.function();
            for (objects.cUpvalues(closure)) |*each| reader.readSlot(each);
        },
        c.LUA_VTHREAD => threads.read(reader, objects.as(c.lua_State, object)),
        c.LUA_VUSERDATA => userdata.read(reader, objects.as(c.Udata, object)),
        c.LUA_VPROTO => prototypes.read(reader, objects.as(c.Proto, object)),
        else => {},
    }
}

/// Keeps what makes the object anew in the table at the bottom of the stack.
fn readMaker(reader: *Reader, object: *Object) void {
    const L = reader.L;
    var maker: Value = undefined;
    objects.setObject(&maker, reader.typedObject(c.LUA_VLCL));
    var key: Value = undefined;
    objects.setObject(&key, object);
    if (c.lua_gettop(L) == 0) c.lua_createtable(L, 0, 0);
    const makers: *c.Table = @ptrCast(@alignCast(@constCast(c.lua_topointer(L, 1))));
    c.luaH_set(L, makers, &key, &maker);
}

fn readUpvalue(reader: *Reader, upvalue: *c.UpVal) void {
    if (!reader.in.flag(.upvalue_state)) return reader.readSlot(@ptrCast(&upvalue.u.value));
    const thread = reader.typedObject(c.LUA_VTHREAD);
    const index = reader.in.figure(.upvalue_stack_slot);
    if (index >= c.LUAI_MAXSTACK) reader.in.damaged(.coroutine);
    // Until all stacks are there it remembers where it belongs.
    upvalue.v.p = null;
    upvalue.u.open.next = @ptrCast(@alignCast(thread));
    upvalue.u.open.previous = @ptrFromInt(index * threads.index_unit);
}

/// What needs the contents of other objects.
noinline fn link(reader: *Reader, object: *Object) void {
    switch (object.tt) {
        c.LUA_VUPVAL => {
            const upvalue = objects.as(c.UpVal, object);
            if (upvalue.v.p == null) threads.openUpvalue(reader, upvalue);
        },
        c.LUA_VLCL => {
            const closure = objects.as(c.LClosure, object);
            if (closure.p.*.sizeupvalues != closure.nupvalues) reader.in.damaged(.function);
        },
        c.LUA_VCCL => {
            const closure = objects.as(c.CClosure, object);
            if (!c_closures.isWhole(closure.f, objects.cUpvalues(closure))) {
                reader.in.damaged(.function);
            }
        },
        c.LUA_VTHREAD => threads.linkCalls(reader, objects.as(c.lua_State, object)),
        else => {},
    }
}

/// Reads an object's number, or that there is none. [-0, +0, v]
noinline fn anyOrNone(reader: *Reader) ?*Object {
    const number = reader.in.figure(.slot_reference);
    if (number == format.none) return null;
    if (number >= reader.map.count) reader.in.damaged(.reference);
    return reader.map.get(number) orelse reader.in.damaged(.reference);
}

/// Reads an object's number. [-0, +0, v]
pub noinline fn anyObject(reader: *Reader) *Object {
    return reader.anyOrNone() orelse reader.in.damaged(.reference);
}

/// Reads the number of an object of that type. [-0, +0, v]
pub noinline fn typedObject(reader: *Reader, tt: u8) *Object {
    return reader.objectOrNone(tt) orelse reader.in.damaged(.reference);
}

/// As `typedObject`, where there may be none. [-0, +0, v]
pub noinline fn objectOrNone(reader: *Reader, tt: u8) ?*Object {
    const found = reader.anyOrNone() orelse return null;
    if (found.tt != tt) reader.in.damaged(.reference);
    return found;
}

pub fn metatable(reader: *Reader) ?*c.Table {
    return objects.as(c.Table, reader.objectOrNone(c.LUA_VTABLE) orelse return null);
}

/// [-0, +0, v]
pub fn stringObject(reader: *Reader) *c.TString {
    return reader.stringOrNone() orelse reader.in.damaged(.reference);
}

pub noinline fn stringOrNone(reader: *Reader) ?*c.TString {
    const found = reader.anyOrNone() orelse return null;
    if (found.tt & 0x0F != c.LUA_TSTRING) reader.in.damaged(.reference);
    return objects.as(c.TString, found);
}

/// [-0, +0, v]
pub noinline fn function(reader: *Reader) c.lua_CFunction {
    const index = reader.in.figure(.slot_function);
    if (index >= reader.functions.len) reader.in.damaged(.name);
    return reader.functions[index] orelse reader.in.damaged(.name);
}

/// [-0, +0, v]
pub fn continuation(reader: *Reader) c.lua_KFunction {
    const index = reader.in.figure(.call_continuation);
    if (index == format.no_name) return null;
    for (reader.continuations, c.lpw_continuations) |each, found| if (each == index) return found;
    reader.in.damaged(.name);
}

/// Reads a slot. [-0, +0, v]
pub fn readSlot(reader: *Reader, to: *Value) void {
    reader.readTagged(to, @fromBackingInt(reader.in.figure(.slot_tag)));
}

/// Reads the rest of a slot. [-0, +0, v]
pub noinline fn readTagged(reader: *Reader, to: *Value, tag: format.Slot) void {
    const in = &reader.in;
    switch (tag) {
        .nil => to.tt_ = c.LUA_VNIL,
        .boolean => to.tt_ = if (in.flag(.slot_boolean)) c.LUA_VTRUE else c.LUA_VFALSE,
        .integer => objects.set(to, .{ .i = in.int(i64) }, c.LUA_VNUMINT),
        .float => objects.set(to, .{ .n = @bitCast(in.int(u64)) }, c.LUA_VNUMFLT),
        .reference => {
            const found = reader.anyObject();
            // What no script ever holds as a value.
            if (found.tt == c.LUA_VUPVAL or found.tt == c.LUA_VPROTO) {
                in.damaged(.reference);
            }
            objects.setObject(to, found);
        },
        .c_function => {
            const found = reader.function();
            if (!c_closures.isWhole(found, &.{})) in.damaged(.function);
            objects.set(to, .{ .f = found }, c.LUA_VLCF);
        },
        else => in.damaged(.value),
    }
}
