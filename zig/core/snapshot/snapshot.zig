//! A whole state to the host's stream, and back.
const std = @import("std");
const external_table = @import("../external_table.zig");
const format = @import("format.zig");
const Input = @import("Input.zig");
const lua = @import("../lua.zig");
const memory = @import("../memory.zig");
const objects = @import("objects.zig");
const ObjectMap = @import("ObjectMap.zig");
const output = @import("../output.zig");
const persist = @import("persist.zig");
const Prologue = @import("Prologue.zig");
const rebuild = @import("rebuild.zig");
const Reader = @import("Reader.zig");
const Survey = @import("Survey.zig");
const warning = @import("../warning.zig");
const Writer = @import("Writer.zig");
const c = lua.c;

pub const Saving = struct {
    keeps_debug_information: bool,
    has_refused: *bool,
    has_makers: *bool,
};
pub const Restoring = struct { bytes: []u8, functions: bool };

/// Collects, asks objects with `__persist`, and writes; from the survey on nothing is allocated.
/// [-0, +0, v]
pub fn save(L: *lua.State, saving: Saving) error{StreamRefused}!void {
    // What finalizers leave behind goes with the second collection.
    for (0..2) |_| _ = c.lua_gc(L, c.LUA_GCCOLLECT);
    memory.beginSaving(L);
    const asked = persist.ask(L);
    defer lua.pop(L, asked.values);
    // The survey uses the I/O buffer.
    output.empty(L);
    var survey: Survey = .begin(L, .{
        .scope = .state,
        .keeps_debug_information = saving.keeps_debug_information,
        .persist = asked.name,
        .makers = asked.makers,
    });
    const g = objects.global(L);
    survey.reach(objects.objectOf(@ptrCast(&g.l_registry)));
    for (g.mt) |metatable| survey.reach(metatable);
    // A finalizer that arms itself again leaves a table that nothing else reaches.
    var object = asked.waiting;
    while (object) |each| : (object = each.next) {
        if (each.tt == c.LUA_VTABLE) survey.reach(each);
        if (each == asked.last_waiting) break;
    }
    survey.finish();
    saving.has_refused.* = survey.has_refused;
    saving.has_makers.* = asked.makers != null;
    var writer: Writer = .begin(&survey, .toStream());
    writer.body();
    writeRoots(&writer, g);
    writer.end();
    if (writer.out.refused) return error.StreamRefused;
}

fn writeRoots(writer: *Writer, g: *c.global_State) void {
    const out = &writer.out;
    writer.reference(objects.objectOf(@ptrCast(&g.l_registry)));
    for (g.mt) |metatable| writer.reference(metatable);
    writeFinalizers(writer, g);
    out.bytes(&.{
        @intFromBool(g.gckind != c.KGC_INC),
        @intFromBool(g.gcstp & c.GCSTPUSR != 0),
        g.gcpause,
        g.gcstepmul,
        g.gcstepsize,
        g.genminormul,
        g.genmajormul,
        @intFromBool(warning.isOn()),
    });
    out.int(u32, memory.latestSalt());
}

/// The objects with finalizers in Lua's order, which is that of their calls.
fn writeFinalizers(writer: *Writer, g: *c.global_State) void {
    var count: u32 = 0;
    for (0..2) |pass| {
        for (finalizableLists(g)) |first_object| {
            var object = first_object;
            while (object) |each| : (object = each.next) {
                if (!isSaved(writer, each)) continue;
                if (pass == 0) count += 1 else writer.reference(each);
            }
        }
        if (pass == 0) writer.out.int(u32, count);
    }
}

/// What is to be finalized next, and what will be when it is garbage.
fn finalizableLists(g: *c.global_State) [2]?*objects.Object {
    return .{ g.tobefnz, g.finobj };
}

fn isSaved(writer: *Writer, object: *objects.Object) bool {
    if (!writer.survey.set.has(@intFromPtr(object))) return false;
    return switch (writer.survey.classify(object).kind) {
        .table, .userdata => true,
        else => false,
    };
}

const First = struct { bytes: []u8, hash_seed: u32 };

/// What must be known before there is a state; null: the host gave nothing.
pub fn first() ?First {
    const bytes = Input.first() orelse return null;
    const offset = 28;
    // Too short a snapshot is found out by who reads it.
    const is_whole = bytes.len >= offset + 4;
    const seed = if (is_whole) std.mem.readInt(u32, bytes[offset..][0..4], .little) else 0;
    return .{ .bytes = bytes, .hash_seed = seed };
}

/// Reads a snapshot into a bare state. [-0, +0, v]
pub fn restore(L: *lua.State, restoring: Restoring) void {
    const g = objects.global(L);
    g.gcstp |= c.GCSTPGC;
    g.gcstopem = 1;
    var in: Input = .fromStream(L, restoring.bytes);
    const prologue: Prologue = .read(&in, .{ .scope = .state, .functions = restoring.functions });
    var reader: Reader = .begin(L, in, prologue);
    reader.readObjects();
    readRoots(&reader, g);
    ObjectMap.deinit();
    g.gcstopem = 0;
    // As after a collection: the next one when the heap has grown as much again.
    g.GCestimate = gettotalbytes(g);
    c.luaE_setdebt(g, -@as(c.l_mem, @intCast(g.GCestimate)));
    const mode = g.gckind;
    g.gckind = c.KGC_INC;
    if (c.lua_gettop(L) > 0) {
        const salt = memory.latestSalt();
        rebuild.run(L);
        // What is made later is hashed as if nothing had been made anew.
        memory.setLatestSalt(@intCast(salt));
        // What was made anew may stand in the place of what libraries take for granted.
        checkRegistry(&reader, objects.as(c.Table, objects.objectOf(@ptrCast(&g.l_registry))));
    }
    rebuild.changeMode(L, mode);
    g.gcstp &= ~@as(u8, c.GCSTPGC);
}

/// After a failure whose heap is given up as a whole.
pub const forget = ObjectMap.forget;

fn gettotalbytes(g: *const c.global_State) usize {
    return @intCast(g.totalbytes + g.GCdebt);
}

fn readRoots(reader: *Reader, g: *c.global_State) void {
    const in = &reader.in;
    const registry = objects.as(c.Table, reader.typedObject(c.LUA_VTABLE));
    checkRegistry(reader, registry);
    var metatables: [g.mt.len]?*c.Table = undefined;
    for (&metatables) |*each| each.* = reader.metatable();
    readFinalizers(reader, g);
    const is_generational = in.flag(.roots_is_generational);
    const is_stopped = in.flag(.roots_is_stopped);
    var pace: [5]u8 = undefined;
    in.bytes(&pace);
    const warns = in.flag(.roots_warnings_on);
    const salt = in.figure(.roots_latest_salt);
    in.finish();
    memory.setLatestSalt(@intCast(salt));
    // The pace of a stranger's collector could be none.
    if (reader.prologue.allows_functions) {
        g.gcpause = pace[0];
        g.gcstepmul = pace[1];
        // What more means is too much for the collector's figures (lua_unit.c).
        g.gcstepsize = @min(pace[2], c.LPW_STEP_LOG2_MAX);
        g.genminormul = pace[3];
        g.genmajormul = pace[4];
        g.gckind = if (is_generational) c.KGC_GEN else c.KGC_INC;
        if (is_stopped) g.gcstp |= c.GCSTPUSR;
        warning.set(warns);
    }
    objects.setObject(@ptrCast(&g.l_registry), objects.from(registry));
    for (&g.mt, metatables) |*to, from| to.* = from;
}

/// What Lua and the libraries take for granted.
fn checkRegistry(reader: *Reader, registry: *c.Table) void {
    const slots = objects.arraySlots(registry);
    const is_whole = registry.metatable == null and slots.len >= c.LUA_RIDX_LAST and
        objects.variant(&slots[c.LUA_RIDX_MAINTHREAD - 1]) == c.LUA_VTHREAD and
        slots[c.LUA_RIDX_MAINTHREAD - 1].value_.gc ==
            @as(*objects.Object, objects.from(objects.global(reader.L).mainthread)) and
        objects.variant(&slots[c.LUA_RIDX_GLOBALS - 1]) == c.LUA_VTABLE;
    if (!is_whole) reader.in.damaged(.registry);
    if (tableIn(reader, registry, external_table.handles_name) == null) {
        reader.in.damaged(.registry);
    }
    // The hook of debug.sethook takes its table for granted.
    const hooks = tableIn(reader, registry, "_HOOKKEY");
    if (hooks == null and reader.has_hook) reader.in.damaged(.registry);
    // A library knows its userdata by the metatable alone: each kind has one of its own.
    const types = [_]?*const c.Table{
        tableIn(reader, registry, external_table.type_name),
        tableIn(reader, registry, external_table.iterator_type_name),
        tableIn(reader, registry, c.LUA_FILEHANDLE),
        tableIn(reader, registry, Survey.box_type_name),
    };
    // Those of the io library and of string buffers may not be there yet.
    if (types[0] == null or types[1] == null) reader.in.damaged(.registry);
    const seen = reader.types;
    for ([_]?*const c.Table{ seen[0], seen[1], seen[4] }, types[0..3]) |used, registered| {
        if (used != null and used != registered) reader.in.damaged(.registry);
    }
    if (!areDistinct(&types)) reader.in.damaged(.registry);
}

noinline fn areDistinct(tables: []const ?*const c.Table) bool {
    for (tables, 0..) |table, count| {
        for (tables[0..count]) |other| if (table != null and table == other) return false;
    }
    return true;
}

/// The table under a name; null: there is nothing. [-0, +0, v]
fn tableIn(reader: *Reader, registry: *c.Table, name: [*:0]const u8) ?*const c.Table {
    const value = c.luaH_getstr(registry, c.luaS_new(reader.L, name));
    if (objects.isNil(@ptrCast(value))) return null;
    if (value.*.tt_ != c.LUA_VTABLE | c.BIT_ISCOLLECTABLE) reader.in.damaged(.registry);
    return objects.as(c.Table, @ptrCast(value.*.value_.gc));
}

/// Puts them into their order: each of them once, and no other.
fn readFinalizers(reader: *Reader, g: *c.global_State) void {
    const in = &reader.in;
    var left: u32 = 0;
    var object: ?*objects.Object = g.finobj;
    while (object) |each| : (object = each.next) left += 1;
    if (in.figure(.roots_finalizers) != left) in.damaged(.finalizers);
    var place: *[*c]objects.Object = &g.finobj;
    while (left > 0) : (left -= 1) {
        const number = in.figure(.roots_finalizer);
        if (number >= reader.map.count or !reader.map.is(.finalized, number)) {
            in.damaged(.finalizers);
        }
        const found = reader.map.get(number).?;
        if (objects.isFinalized(found)) in.damaged(.finalizers);
        found.marked |= 1 << c.FINALIZEDBIT;
        place.* = found;
        place = &found.next;
    }
    place.* = null;
}
