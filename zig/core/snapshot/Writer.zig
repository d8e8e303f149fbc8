//! Writes what a survey found, object by object.
const Writer = @This();

const std = @import("std");
const format = @import("format.zig");
const lua = @import("../lua.zig");
const named_tables = @import("named_tables.zig");
const names = @import("names.zig");
const objects = @import("objects.zig");
const Output = @import("Output.zig");
const Survey = @import("Survey.zig");
const c = lua.c;

const Object = objects.Object;
const Value = objects.Value;
const sliced = Survey.sliced;

out: Output,
survey: *const Survey,
/// Of a C function by its number: its place among the names of the snapshot.
name_index: *[Survey.names_max]u16,

var name_indexes: [Survey.names_max]u16 = undefined;

pub fn begin(survey: *const Survey, out: Output) Writer {
    return .{ .survey = survey, .out = out, .name_index = &name_indexes };
}

/// All but the roots and the end.
pub fn body(writer: *Writer) void {
    writer.prologue();
    var iterator = writer.survey.set.all();
    while (iterator.next()) |object| writer.shell(object, writer.survey.classify(object));
    iterator = writer.survey.set.all();
    while (iterator.next()) |object| writer.contents(object, writer.survey.classify(object));
}

pub fn end(writer: *Writer) void {
    writer.out.int(u32, format.end_mark);
    writer.out.finish();
}

fn prologue(writer: *Writer) void {
    const survey = writer.survey;
    const out = &writer.out;
    var name_count: u16 = 0;
    for (survey.is_used, writer.name_index) |is_used, *index| {
        index.* = name_count;
        if (is_used) name_count += 1;
    }
    const debug_flag = if (survey.keeps_debug_information) format.flag_debug_information else 0;
    const refused_flag = if (survey.has_refused) format.flag_refused else 0;
    out.int(u64, format.beginning | @as(u64, @backingInt(survey.scope)) << 48 |
        @as(u64, debug_flag | refused_flag) << 56);
    out.int(u64, format.lua_build);
    out.int(u32, survey.set.count);
    out.int(u32, survey.function_count);
    out.int(u32, name_count);
    out.int(u32, objects.global(survey.L).seed);
    for (survey.is_used, 0..) |is_used, number| {
        if (!is_used) continue;
        var buffer: [names.length_max]u8 = undefined;
        const name = if (number < names.count_max)
            names.nameOf(@intCast(number), &buffer)
        else
            names.continuationName(number - names.count_max);
        out.int(u8, @intCast(name.len));
        out.bytes(name);
    }
}

noinline fn shell(writer: *Writer, object: *Object, class: Survey.Class) void {
    const out = &writer.out;
    // A copy has no finalizer.
    const is_finalized = writer.survey.scope == .state and objects.isFinalized(object) and
        (class.kind == .table or class.kind == .userdata);
    out.int(u8, @backingInt(class.kind) | if (is_finalized) format.flag_finalizer else 0);
    switch (class.kind) {
        .table, .lua_closure, .c_closure, .coroutine, .userdata, .main_thread, .rebuilt => {
            out.int(u16, objects.saltOf(object));
        },
        .string, .upvalue, .prototype, .refused, .named_table, .table_handle => {},
        _ => unreachable, // classify gives none.
    }
    switch (class.kind) {
        .string => writer.string(objects.as(c.TString, object)),
        .table => {
            const from = objects.as(c.Table, object);
            out.int(u32, objects.arraySlots(from).len);
            const has_hash_part = objects.hasHashPart(from);
            out.int(u8, if (has_hash_part) from.lsizenode else format.no_hash_part);
        },
        .lua_closure => out.int(u8, objects.as(c.LClosure, object).nupvalues),
        .c_closure => out.int(u8, objects.as(c.CClosure, object).nupvalues),
        .userdata => out.int(u8, @backingInt(class.userdata)),
        .refused => {
            out.int(u8, @backingInt(class.reason));
            if (class.reason == .persist_failed) writer.string(objects.as(c.TString, class.given));
        },
        .named_table => {
            const table_ = objects.as(c.Table, object);
            writer.string(named_tables.nameOf(writer.survey.loaded, table_).?);
        },
        .table_handle => out.bytes(objects.userdataBytes(objects.as(c.Udata, object))[0..4]),
        else => {},
    }
}

noinline fn string(writer: *Writer, from: *const c.TString) void {
    const bytes = objects.stringBytes(from);
    writer.out.int(u32, bytes.len);
    writer.out.bytes(bytes);
}

fn contents(writer: *Writer, object: *Object, class: Survey.Class) void {
    switch (class.kind) {
        .table => writer.table(objects.as(c.Table, object)),
        .upvalue => writer.upvalue(objects.as(c.UpVal, object)),
        .lua_closure => {
            const closure = objects.as(c.LClosure, object);
            writer.reference(closure.p);
            for (objects.luaUpvalues(closure)) |upvalue_| writer.reference(upvalue_);
        },
        .c_closure => {
            const closure = objects.as(c.CClosure, object);
            writer.out.int(u16, writer.name_index[names.numberOf(closure.f).?]);
            for (objects.cUpvalues(closure)) |*each| writer.slot(each);
        },
        .coroutine, .main_thread => writer.thread(objects.as(c.lua_State, object), class.kind),
        .userdata => writer.userdata(objects.as(c.Udata, object), class.userdata),
        .prototype => writer.prototype(objects.as(c.Proto, object)),
        .rebuilt => writer.reference(class.given),
        else => {},
    }
}

/// An object's number, or none.
pub fn reference(writer: *Writer, pointer: anytype) void {
    writer.out.int(u32, if (objects.fromOptional(pointer)) |object|
        writer.survey.set.numberOf(object)
    else
        format.none);
}

noinline fn tag(writer: *Writer, of: format.Slot) void {
    writer.out.int(u8, @backingInt(of));
}

pub noinline fn slot(writer: *Writer, from: *const Value) void {
    const out = &writer.out;
    if (objects.isCollectable(from)) {
        writer.tag(.reference);
        return writer.reference(objects.objectOf(from));
    }
    switch (objects.variant(from)) {
        c.LUA_VFALSE, c.LUA_VTRUE => |variant| {
            writer.tag(.boolean);
            out.int(u8, @intFromBool(variant == c.LUA_VTRUE));
        },
        c.LUA_VNUMINT => {
            writer.tag(.integer);
            out.int(i64, from.value_.i);
        },
        c.LUA_VNUMFLT => {
            writer.tag(.float);
            out.int(u64, @bitCast(from.value_.n));
        },
        c.LUA_VLCF => if (names.numberOf(from.value_.f)) |number| {
            writer.tag(.c_function);
            out.int(u16, writer.name_index[number]);
        } else writer.refused(.unnamed_function),
        c.LUA_VLIGHTUSERDATA => writer.refused(.light_userdata),
        else => writer.tag(.nil),
    }
}

fn refused(writer: *Writer, reason: format.Reason) void {
    writer.tag(.refused);
    writer.out.int(u8, @backingInt(reason));
}

fn table(writer: *Writer, from: *c.Table) void {
    const out = &writer.out;
    writer.reference(from.metatable);
    out.int(u32, from.alimit);
    const nodes = objects.hashSlots(from);
    if (nodes.len > 0) {
        const free = @intFromPtr(from.lastfree) - @intFromPtr(from.node);
        out.int(u32, free / @sizeOf(c.Node));
    }
    for (objects.arraySlots(from)) |*each| writer.slot(each);
    var comparisons: c_long = @intCast(nodes.len * c.LPW_COMPARISONS_PER_SLOT);
    for (nodes) |*node| writer.entry(from, node, &comparisons);
}

fn entry(writer: *Writer, from: *const c.Table, node: *c.Node, comparisons: *c_long) void {
    const key: Value = .{ .value_ = node.u.key_val, .tt_ = node.u.key_tt };
    if (key.tt_ == c.LUA_TNIL) return writer.tag(.nil);
    const is_object = key.tt_ == c.LUA_TDEADKEY or objects.isCollectable(&key);
    if (objects.isNil(&node.i_val) and (is_object or !writer.survey.isKnown(&key))) {
        // A loop may still stand there, if the object lives. Else its place may be another's.
        writer.tag(.dead_key);
        const object = if (is_object) objects.fromOptional(key.value_.gc) else null;
        const is_key = writer.survey.set.has(@intFromPtr(object)) and
            object.?.tt & 0x0F <= c.LUA_TTHREAD and c.lpw_is_found(from, node, comparisons) != 0;
        return writer.reference(if (is_key) object else null);
    }
    writer.slot(&key);
    writer.slot(&node.i_val);
}

fn upvalue(writer: *Writer, from: *c.UpVal) void {
    if (writer.survey.ownerOf(from)) |thread_| {
        writer.out.int(u8, 1);
        writer.reference(thread_);
        writer.out.int(u32, objects.slotIndex(thread_, from.v.p));
    } else {
        writer.out.int(u8, 0);
        writer.slot(@ptrCast(from.v.p));
    }
}

fn thread(writer: *Writer, from: *c.lua_State, kind: format.Kind) void {
    const out = &writer.out;
    const is_main = kind == .main_thread;
    const has_hook = from.hook == c.lpw_hook;
    out.int(u8, if (is_main) 0 else from.status);
    out.int(u8, @intFromBool(is_main or from.allowhook != 0));
    out.int(u8, if (has_hook) @intCast(from.hookmask) else 0);
    out.int(u32, if (has_hook) @bitCast(from.basehookcount) else 0);
    out.int(u32, if (has_hook) @bitCast(from.hookcount) else 0);
    // What runs on the main thread is the saving itself.
    if (is_main) {
        for (0..5) |_| out.int(u32, 0);
        return;
    }
    out.int(u32, slotOfOffset(from.errfunc));
    const slots = objects.stackSlots(from);
    // An error message for which the stack could not grow lies behind its end.
    const top = objects.slotIndex(from, from.ci.*.top.p);
    out.int(u32, @max(objects.stackSize(from), slots.len, top));
    out.int(u32, slots.len);
    for (slots) |*each| {
        if (writer.survey.isDead(&each.val)) writer.tag(.nil) else writer.slot(&each.val);
    }
    writer.variablesToClose(from);
    writer.calls(from);
}

/// Lua keeps some places as distances in bytes.
fn slotOfOffset(offset: isize) u32 {
    return @intCast(@divTrunc(offset, @sizeOf(c.StackValue)));
}

/// Their list goes from the last to the first by distances: each place takes that to the next one
/// until it is written. A dead string buffer has nothing to close.
fn variablesToClose(writer: *Writer, from: *c.lua_State) void {
    var count: u32 = 0;
    var dead_count: u32 = 0;
    var distance: u16 = 0;
    var place = from.tbclist.p;
    while (place != from.stack.p) : (count += 1) {
        dead_count += @intFromBool(writer.survey.isDead(&place.*.val));
        std.mem.swap(u16, &distance, &place.*.tbclist.delta);
        place -= distance;
    }
    writer.out.int(u32, count - dead_count);
    while (count > 0) : (count -= 1) {
        place += distance;
        std.mem.swap(u16, &distance, &place.*.tbclist.delta);
        if (writer.survey.isDead(&place.*.val)) continue;
        writer.out.int(u32, objects.slotIndex(from, place));
    }
}

fn calls(writer: *Writer, from: *c.lua_State) void {
    const out = &writer.out;
    var count: u32 = 0;
    var call: *c.CallInfo = &from.base_ci;
    while (call != from.ci) : (call = call.next) count += 1;
    out.int(u32, count);
    call = &from.base_ci;
    while (call != from.ci) {
        call = call.next;
        writer.callInfo(from, call);
    }
}

fn callInfo(writer: *Writer, from: *c.lua_State, call: *c.CallInfo) void {
    const out = &writer.out;
    const is_protected = call.callstatus & c.CIST_YPCALL != 0;
    out.int(u32, objects.slotIndex(from, call.func.p));
    out.int(u32, objects.slotIndex(from, call.top.p));
    out.int(i32, call.nresults);
    out.int(u32, call.callstatus);
    if (objects.isLuaCall(call)) {
        out.int(u8, 0);
        const closure: *c.LClosure = @ptrCast(@alignCast(call.func.p.*.val.value_.gc));
        const code: [*]const c.Instruction = closure.p.*.code;
        const pc = @intFromPtr(call.u.l.savedpc) - @intFromPtr(code);
        out.int(u32, pc / @sizeOf(c.Instruction));
        // Lua sets it in vararg functions alone.
        const is_vararg = closure.p.*.is_vararg != 0;
        out.int(u32, if (is_vararg) @bitCast(call.u.l.nextraargs) else 0);
    } else {
        out.int(u8, 1);
        if (Survey.continuationOf(from, call)) |continuation| {
            const number = names.continuationNumber(continuation).?;
            out.int(u16, writer.name_index[names.count_max + number]);
            out.int(i32, call.u.c.ctx);
        } else {
            out.int(u16, format.no_name);
            out.int(i32, 0);
        }
        out.int(u32, if (is_protected) slotOfOffset(call.u.c.old_errfunc) else 0);
    }
    // Other calls have there what lay in their place before.
    out.int(u32, if (is_protected)
        slotOfOffset(call.u2.funcidx)
    else if (call.callstatus & c.CIST_CLSRET != 0 or
        (from.status == c.LUA_YIELD and c.lpw_is_returning(call) != 0))
        @bitCast(call.u2.funcidx)
    else
        0);
}

fn userdata(writer: *Writer, from: *c.Udata, kind: format.Userdata) void {
    const out = &writer.out;
    writer.reference(from.metatable);
    const bytes = objects.userdataBytes(from);
    switch (kind) {
        .external_table, .iterator => out.bytes(bytes[0..4]),
        .random => out.bytes(bytes[0..format.random_bytes]),
        .gmatch => {
            const gmatch = c.lpw_gmatch_read(bytes);
            writer.reference(objects.stringAt(gmatch.subject));
            writer.reference(objects.stringAt(gmatch.pattern));
            const start = @intFromPtr(gmatch.subject);
            out.int(u32, @intFromPtr(gmatch.position) - start);
            out.int(u32, if (gmatch.last_match == null)
                format.none
            else
                @intFromPtr(gmatch.last_match) - start);
        },
        .file => {
            var is_closed: u8 = 0;
            const number = c.lpw_file_read(bytes, &is_closed);
            out.int(u8, @intCast(number));
            out.int(u8, is_closed);
        },
        _ => unreachable, // classify gives none.
    }
}

fn prototype(writer: *Writer, from: *c.Proto) void {
    const out = &writer.out;
    const keeps = writer.survey.keeps_debug_information;
    writer.reference(if (keeps) from.source else null);
    out.int(i32, from.linedefined);
    out.int(i32, from.lastlinedefined);
    out.int(u8, from.numparams);
    out.int(u8, from.is_vararg);
    out.int(u8, from.maxstacksize);
    writer.array(sliced(from.code, from.sizecode));
    const constants = sliced(from.k, from.sizek);
    out.int(u32, constants.len);
    for (constants) |*each| writer.slot(@ptrCast(each));
    const upvalues = sliced(from.upvalues, from.sizeupvalues);
    out.int(u32, upvalues.len);
    for (upvalues) |each| {
        out.int(u8, each.instack);
        out.int(u8, each.idx);
        out.int(u8, each.kind);
        writer.reference(if (keeps) each.name else null);
    }
    const inner = sliced(from.p, from.sizep);
    out.int(u32, inner.len);
    for (inner) |each| writer.reference(each);
    writer.array(sliced(from.lineinfo, if (keeps) from.sizelineinfo else 0));
    writer.array(sliced(from.abslineinfo, if (keeps) from.sizeabslineinfo else 0));
    const variables = sliced(from.locvars, if (keeps) from.sizelocvars else 0);
    out.int(u32, variables.len);
    for (variables) |each| {
        writer.reference(each.varname);
        out.int(i32, each.startpc);
        out.int(i32, each.endpc);
    }
}

/// A count, and the bytes of what wasm's memory has as the format does.
fn array(writer: *Writer, items: anytype) void {
    writer.out.int(u32, items.len);
    writer.out.bytes(@ptrCast(items));
}
