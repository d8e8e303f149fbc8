//! What a snapshot will hold: every object that the roots reach, of what kind each is, and the
//! names of the C functions among them. Nothing is allocated.
const Survey = @This();

const std = @import("std");
const external_table = @import("../external_table.zig");
const format = @import("format.zig");
const lua = @import("../lua.zig");
const named_tables = @import("named_tables.zig");
const names = @import("names.zig");
const objects = @import("objects.zig");
const ObjectSet = @import("ObjectSet.zig");
const c = lua.c;

const Object = objects.Object;
const Value = objects.Value;

pub const names_max = names.count_max + c.lpw_continuations.len;

/// What an object is saved as.
pub const Class = struct {
    kind: format.Kind,
    userdata: format.Userdata = undefined,
    reason: format.Reason = undefined,
    /// What makes the object anew; or a string, the encoded error why nothing does.
    given: *Object = undefined,
};

set: ObjectSet,
L: *lua.State,
scope: format.Scope,
keeps_debug_information: bool,
function_count: u32 = 0,
has_refused: bool = false,
/// By the numbers of names.zig, continuations behind them.
is_used: *[names_max]bool,
/// The metamethod's name, and what the functions gave that objects have there.
persist: *c.TString,
makers: ?*c.Table,
handle_type: ?*const c.Table,
iterator_type: ?*const c.Table,
loaded: ?*const c.Table,
file_type: ?*const c.Table,
box_type: ?*const c.Table,

/// Of the userdata that a long string buffer is in the making.
pub const box_type_name = "_UBOX*";

var used_names: [names_max]bool = undefined;

pub const Options = struct {
    scope: format.Scope,
    keeps_debug_information: bool,
    persist: *c.TString,
    makers: ?*c.Table,
};

pub fn begin(L: *lua.State, options: Options) Survey {
    used_names = @splat(false);
    return .{
        .L = L,
        .scope = options.scope,
        .set = .init(),
        .keeps_debug_information = options.keeps_debug_information,
        .is_used = &used_names,
        .persist = options.persist,
        .makers = options.makers,
        .handle_type = typeOf(L, external_table.type_name),
        .iterator_type = typeOf(L, external_table.iterator_type_name),
        .loaded = typeOf(L, c.LUA_LOADED_TABLE),
        .file_type = typeOf(L, c.LUA_FILEHANDLE),
        .box_type = typeOf(L, box_type_name),
    };
}

/// The metatable of that name in the registry. [-0, +0, m]
pub fn typeOf(L: *lua.State, name: [*:0]const u8) ?*const c.Table {
    defer lua.pop(L, 1);
    if (c.lua_getfield(L, lua.registry_index, name) != c.LUA_TTABLE) return null;
    return @ptrCast(@alignCast(c.lua_topointer(L, -1)));
}

/// Adds what is reached from all that was added.
pub fn finish(survey: *Survey) void {
    while (survey.set.next()) |object| survey.scan(object);
    survey.set.number();
}

pub fn reach(survey: *Survey, pointer: anytype) void {
    if (objects.fromOptional(pointer)) |object| survey.set.add(object);
}

pub noinline fn reachValue(survey: *Survey, value: *const Value) void {
    if (objects.isCollectable(value)) return survey.set.add(objects.objectOf(value));
    switch (objects.variant(value)) {
        c.LUA_VLCF => survey.useFunction(value.value_.f),
        c.LUA_VLIGHTUSERDATA => survey.refuseSlot(.light_userdata),
        else => {},
    }
}

fn useFunction(survey: *Survey, function: c.lua_CFunction) void {
    if (names.numberOf(function)) |number| {
        survey.is_used[number] = true;
    } else {
        survey.refuseSlot(.unnamed_function);
    }
}

fn refuseSlot(survey: *Survey, reason: format.Reason) void {
    _ = survey.refused(reason);
    survey.has_refused = true;
}

/// In a state what can't be saved is marked; with a value nothing is done. [-0, +0, v]
fn refused(survey: *const Survey, reason: format.Reason) Class {
    if (survey.scope == .value) {
        lua.raiseText(survey.L, "a %s cannot be stored", .{reason.text()});
    }
    return .{ .kind = .refused, .reason = reason };
}

noinline fn scan(survey: *Survey, object: *Object) void {
    const class = survey.classify(object);
    switch (class.kind) {
        .string => {},
        .table => survey.scanTable(objects.as(c.Table, object)),
        .upvalue => survey.scanUpvalue(objects.as(c.UpVal, object)),
        .lua_closure => {
            const closure = objects.as(c.LClosure, object);
            survey.reach(closure.p);
            for (objects.luaUpvalues(closure)) |upvalue| survey.reach(upvalue);
        },
        .c_closure => {
            const closure = objects.as(c.CClosure, object);
            survey.useFunction(closure.f);
            for (objects.cUpvalues(closure)) |*value| survey.reachValue(value);
        },
        .coroutine => survey.scanThread(objects.as(c.lua_State, object)),
        .main_thread => {},
        .userdata => survey.scanUserdata(objects.as(c.Udata, object), class.userdata),
        .prototype => survey.scanPrototype(objects.as(c.Proto, object)),
        .rebuilt => survey.reach(class.given),
        .named_table, .table_handle => {},
        .refused => survey.has_refused = true,
        _ => unreachable, // classify gives none.
    }
}

fn scanTable(survey: *Survey, table: *c.Table) void {
    survey.reach(table.metatable);
    for (objects.arraySlots(table)) |*value| survey.reachValue(value);
    for (objects.hashSlots(table)) |*node| {
        if (objects.isNil(&node.i_val)) continue;
        const key: Value = .{ .value_ = node.u.key_val, .tt_ = node.u.key_tt };
        survey.reachValue(&key);
        survey.reachValue(&node.i_val);
    }
}

fn scanUpvalue(survey: *Survey, upvalue: *c.UpVal) void {
    if (survey.ownerOf(upvalue)) |thread| return survey.reach(thread);
    survey.reachValue(@ptrCast(upvalue.v.p));
}

/// The coroutine in whose stack an open upvalue lies; none for a value, which has its own copy.
pub fn ownerOf(survey: *const Survey, upvalue: *const c.UpVal) ?*c.lua_State {
    if (survey.scope == .value or !objects.isOpen(upvalue)) return null;
    const place = @intFromPtr(upvalue.v.p);
    var thread: ?*c.lua_State = objects.global(survey.L).twups;
    while (thread) |each| : (thread = each.twups) {
        const first = @intFromPtr(each.stack.p);
        if (place >= first and place < @intFromPtr(each.stack_last.p)) return each;
    }
    return null;
}

fn scanThread(survey: *Survey, thread: *c.lua_State) void {
    for (objects.stackSlots(thread)) |*slot| {
        if (!survey.isDead(&slot.val)) survey.reachValue(&slot.val);
    }
    var call: ?*c.CallInfo = thread.base_ci.next;
    if (thread.ci == &thread.base_ci) call = null;
    while (call) |each| : (call = each.next) {
        if (continuationOf(thread, each)) |continuation| {
            const number = names.continuationNumber(continuation).?;
            survey.is_used[names.count_max + number] = true;
        }
        if (each == thread.ci) break;
    }
}

/// What lies on the stack of a coroutine, which can't wait while it is needed, and no script is
/// given. C functions leave the userdata of a long string buffer, or the address of a short one,
/// which lies on C's stack; and userdata without a type, such as what gmatch points into strings
/// with. Where memory ran out, Lua leaves coroutines and functions that are not finished.
pub fn isDead(survey: *const Survey, slot: *const Value) bool {
    switch (objects.variant(slot)) {
        c.LUA_VLIGHTUSERDATA => return @intFromPtr(slot.value_.p) < survey.set.base,
        c.LUA_VUSERDATA => {
            const userdata = objects.as(c.Udata, objects.objectOf(slot));
            const metatable: ?*const c.Table = userdata.metatable;
            if (metatable == null) return userdata.len != format.random_bytes;
            return metatable == survey.box_type;
        },
        c.LUA_VTHREAD => return objects.as(c.lua_State, objects.objectOf(slot)).stack.p == null,
        c.LUA_VLCL => {
            const closure = objects.as(c.LClosure, objects.objectOf(slot));
            const upvalues = objects.luaUpvalues(closure);
            // Lua fills them in order: where the last is missing, it is not finished.
            if (upvalues.len > 0 and upvalues[upvalues.len - 1] == null) return true;
            return closure.p == null;
        },
        else => return false,
    }
}

/// Whether a loop could stand at a removed key: its variable has it then, and is saved with it.
pub fn isKnown(survey: *const Survey, key: *const Value) bool {
    return switch (objects.variant(key)) {
        c.LUA_VLIGHTUSERDATA => false,
        c.LUA_VLCF => {
            const number = names.numberOf(key.value_.f) orelse return false;
            return survey.is_used[number];
        },
        else => true,
    };
}

/// What a C function goes on with; in a coroutine that does not wait nobody has set it.
pub fn continuationOf(thread: *const c.lua_State, call: *const c.CallInfo) c.lua_KFunction {
    if (objects.isLuaCall(call) or thread.status != c.LUA_YIELD) return null;
    return call.u.c.k;
}

fn scanUserdata(survey: *Survey, userdata: *c.Udata, kind: format.Userdata) void {
    survey.reach(userdata.metatable);
    if (kind != .gmatch) return;
    const gmatch = c.lpw_gmatch_read(objects.userdataBytes(userdata));
    survey.reach(objects.stringAt(gmatch.subject));
    survey.reach(objects.stringAt(gmatch.pattern));
}

fn scanPrototype(survey: *Survey, prototype: *c.Proto) void {
    survey.function_count += 1;
    for (sliced(prototype.k, prototype.sizek)) |*value| survey.reachValue(@ptrCast(value));
    for (sliced(prototype.p, prototype.sizep)) |inner| survey.reach(inner);
    if (!survey.keeps_debug_information) return;
    survey.reach(prototype.source);
    for (sliced(prototype.upvalues, prototype.sizeupvalues)) |upvalue| survey.reach(upvalue.name);
    for (sliced(prototype.locvars, prototype.sizelocvars)) |each| survey.reach(each.varname);
}

/// One of Lua's arrays; empty ones have no place.
pub fn sliced(first: anytype, count: c_int) []std.meta.Child(@TypeOf(first)) {
    return if (count == 0) &.{} else first[0..@intCast(count)];
}

pub noinline fn classify(survey: *const Survey, object: *Object) Class {
    return switch (object.tt) {
        c.LUA_VSHRSTR, c.LUA_VLNGSTR => .{ .kind = .string },
        c.LUA_VTABLE => survey.classifyTable(objects.as(c.Table, object)),
        c.LUA_VUPVAL => .{ .kind = .upvalue },
        c.LUA_VLCL => .{ .kind = .lua_closure },
        c.LUA_VCCL => if (names.numberOf(objects.as(c.CClosure, object).f) != null)
            .{ .kind = .c_closure }
        else
            survey.refused(.unnamed_function),
        c.LUA_VPROTO => .{ .kind = .prototype },
        c.LUA_VTHREAD => survey.classifyThread(objects.as(c.lua_State, object)),
        c.LUA_VUSERDATA => survey.classifyByMetatable(
            object,
            objects.as(c.Udata, object).metatable,
            survey.classifyUserdata(objects.as(c.Udata, object)),
        ),
        else => unreachable, // Lua has no other objects.
    };
}

fn classifyTable(survey: *const Survey, table: *c.Table) Class {
    if (survey.scope == .value) {
        if (named_tables.nameOf(survey.loaded, table) != null) return .{ .kind = .named_table };
    }
    return survey.classifyByMetatable(objects.from(table), table.metatable, .{ .kind = .table });
}

/// `__persist` decides: false refuses, true is as without it, a function gave what makes it anew.
fn classifyByMetatable(
    survey: *const Survey,
    object: *Object,
    metatable: ?*c.Table,
    usual: Class,
) Class {
    const found = c.luaH_getshortstr(metatable orelse return usual, survey.persist);
    switch (found.*.tt_ & 0x3F) {
        c.LUA_VFALSE => return survey.refused(.persist_false),
        c.LUA_VLCL, c.LUA_VLCF, c.LUA_VCCL => {
            if (survey.scope == .value) return survey.refused(.persist_false);
            const makers = survey.makers orelse return usual;
            var key: Value = undefined;
            objects.setObject(&key, object);
            const given: *const Value = @ptrCast(c.luaH_get(makers, &key));
            if (!objects.isCollectable(given)) {
                return .{ .kind = .refused, .reason = .made_while_saving };
            }
            const to = objects.objectOf(given);
            return if (to.tt == c.LUA_VLCL)
                .{ .kind = .rebuilt, .given = to }
            else
                .{ .kind = .refused, .reason = .persist_failed, .given = to };
        },
        else => return usual,
    }
}

fn classifyThread(survey: *const Survey, thread: *c.lua_State) Class {
    if (survey.scope == .value) return survey.refused(.coroutine);
    if (thread == objects.global(survey.L).mainthread) return .{ .kind = .main_thread };
    if (thread.hookmask != 0 and thread.hook != c.lpw_hook) {
        return .{ .kind = .refused, .reason = .coroutine };
    }
    if (thread.ci == &thread.base_ci) return .{ .kind = .coroutine };
    // It has neither yielded nor failed, and does not run.
    if (thread.status == c.LUA_OK) return .{ .kind = .refused, .reason = .coroutine };
    var call: *c.CallInfo = thread.base_ci.next;
    while (true) : (call = call.next) {
        if (continuationOf(thread, call)) |continuation| {
            if (names.continuationNumber(continuation) == null) {
                return .{ .kind = .refused, .reason = .coroutine };
            }
        }
        if (call == thread.ci) return .{ .kind = .coroutine };
    }
}

fn classifyUserdata(survey: *const Survey, userdata: *c.Udata) Class {
    const metatable: ?*const c.Table = userdata.metatable;
    const size = userdata.len;
    const foreign: format.Reason = .foreign_userdata;
    if (userdata.nuvalue != 0) return survey.refused(foreign);
    const kind: format.Userdata = if (metatable == null)
        if (size == format.random_bytes)
            .random
        else if (size == c.lpw_gmatch_size) .gmatch else return survey.refused(foreign)
    else if (metatable == survey.handle_type and size == @sizeOf(external_table.Handle))
        .external_table
    else if (metatable == survey.iterator_type and size == @sizeOf(external_table.Iterator))
        .iterator
    else if (metatable == survey.file_type and size == c.lpw_file_size)
        .file
    else
        return survey.refused(foreign);
    if (survey.scope == .state) return .{ .kind = .userdata, .userdata = kind };
    if (kind == .external_table) return .{ .kind = .table_handle };
    return survey.refused(@fromBackingInt(@backingInt(kind) + format.userdata_reasons));
}
