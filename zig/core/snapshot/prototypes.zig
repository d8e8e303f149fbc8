//! The prototypes of Lua functions, read. Their instructions are taken as they are: who allows
//! functions vouches for them.
const config = @import("config");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const Reader = @import("Reader.zig");
const c = lua.c;

/// [-0, +0, v]
pub fn read(reader: *Reader, prototype: *c.Proto) void {
    const in = &reader.in;
    prototype.source = reader.stringOrNone();
    prototype.linedefined = @intCast(in.figure(.prototype_first_line));
    prototype.lastlinedefined = @intCast(in.figure(.prototype_last_line));
    prototype.numparams = in.figure(.prototype_parameters);
    prototype.is_vararg = in.figure(.prototype_is_vararg);
    prototype.maxstacksize = in.figure(.prototype_stack_slots);
    const code = allocate(reader, c.Instruction, &prototype.code, &prototype.sizecode);
    in.bytes(@ptrCast(code));
    readConstants(reader, prototype);
    readUpvalues(reader, prototype);
    readInner(reader, prototype);
    const lines = allocate(
        reader,
        c.ls_byte,
        &prototype.lineinfo,
        &prototype.sizelineinfo,
    );
    in.bytes(@ptrCast(lines));
    if (lines.len != 0 and lines.len != code.len) in.damaged(.function);
    const marks = allocate(
        reader,
        c.AbsLineInfo,
        &prototype.abslineinfo,
        &prototype.sizeabslineinfo,
    );
    in.bytes(@ptrCast(marks));
    readVariables(reader, prototype);
}

/// An array of as many items as the snapshot says, which the prototype has from here on: it is
/// freed with it whatever follows. Lua has null for an array without items. [-0, +0, v]
fn allocate(reader: *Reader, comptime Item: type, place: *[*c]Item, size: *c_int) []Item {
    const block = allocateBytes(reader, @ptrCast(place), size, @sizeOf(Item)) orelse return &.{};
    return @as([*]Item, @ptrCast(@alignCast(block)))[0..@intCast(size.*)];
}

fn allocateBytes(reader: *Reader, place: *?*anyopaque, size: *c_int, item_bytes: u32) ?*anyopaque {
    const count = reader.in.int(u32);
    if (count == 0) return null;
    if (count > config.memory_bytes) lua.c.lpw_raise_memory(reader.L);
    place.* = c.luaM_malloc_(reader.L, count * item_bytes, 0);
    size.* = @intCast(count);
    return place.*;
}

fn readConstants(reader: *Reader, prototype: *c.Proto) void {
    const constants = allocate(reader, objects.Value, &prototype.k, &prototype.sizek);
    for (constants) |*each| each.tt_ = c.LUA_VNIL;
    for (constants) |*each| reader.readSlot(each);
}

fn readUpvalues(reader: *Reader, prototype: *c.Proto) void {
    const upvalues = allocate(
        reader,
        c.Upvaldesc,
        &prototype.upvalues,
        &prototype.sizeupvalues,
    );
    for (upvalues) |*each| each.name = null;
    for (upvalues) |*each| {
        each.instack = reader.in.figure(.prototype_upvalue_in_stack);
        each.idx = reader.in.figure(.prototype_upvalue_index);
        each.kind = reader.in.figure(.prototype_upvalue_kind);
        each.name = reader.stringOrNone();
    }
}

fn readInner(reader: *Reader, prototype: *c.Proto) void {
    const inner = allocate(reader, [*c]c.Proto, &prototype.p, &prototype.sizep);
    for (inner) |*each| each.* = null;
    for (inner) |*each| each.* = objects.as(c.Proto, reader.typedObject(c.LUA_VPROTO));
}

fn readVariables(reader: *Reader, prototype: *c.Proto) void {
    const variables = allocate(
        reader,
        c.LocVar,
        &prototype.locvars,
        &prototype.sizelocvars,
    );
    for (variables) |*each| each.varname = null;
    for (variables) |*each| {
        each.varname = reader.stringOrNone();
        each.startpc = @intCast(reader.in.figure(.prototype_local_start));
        each.endpc = @intCast(reader.in.figure(.prototype_local_end));
    }
}
