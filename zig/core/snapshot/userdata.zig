//! Userdata, which is of our own kinds alone, read.
const external_table = @import("../external_table.zig");
const format = @import("format.zig");
const host = @import("../host.zig");
const lua = @import("../lua.zig");
const objects = @import("objects.zig");
const Reader = @import("Reader.zig");
const c = lua.c;

/// The kind is remembered in the first byte until the contents are read. [-0, +0, v]
pub fn make(reader: *Reader) *c.Udata {
    const kind: format.Userdata = @fromBackingInt(reader.in.figure(.userdata_kind));
    if (!reader.prologue.allows_functions) switch (kind) {
        .iterator, .gmatch => reader.in.damaged(.untrusted),
        else => {},
    };
    const size: usize = switch (kind) {
        .external_table => @sizeOf(external_table.Handle),
        .iterator => @sizeOf(external_table.Iterator),
        .random => format.random_bytes,
        .gmatch => c.lpw_gmatch_size,
        .file => c.lpw_file_size,
        _ => reader.in.damaged(.userdata),
    };
    const userdata: *c.Udata = c.luaS_newudata(reader.L, size, 0);
    const bytes = objects.userdataBytes(userdata);
    @memset(bytes[0..size], 0);
    bytes[0] = @backingInt(kind);
    return userdata;
}

/// [-0, +0, v]
pub fn read(reader: *Reader, userdata: *c.Udata) void {
    const in = &reader.in;
    const bytes = objects.userdataBytes(userdata);
    const kind: format.Userdata = @fromBackingInt(bytes[0]);
    bytes[0] = 0;
    const metatable = reader.metatable();
    const type_ = &reader.types[@backingInt(kind)];
    switch (kind) {
        .random, .gmatch => if (metatable != null) in.damaged(.userdata),
        else => {
            if (type_.* == null) type_.* = metatable;
            if (metatable == null or metatable != type_.*) in.damaged(.userdata);
        },
    }
    userdata.metatable = metatable;
    switch (kind) {
        .external_table => {
            const to: *external_table.Handle = @ptrCast(@alignCast(bytes));
            const id = in.figure(.external_table_id);
            to.id = 0;
            if (id == 0) return; // One that was collected.
            const answer = host.js_ext_table_retain(id);
            if (answer < 0) external_table.check(reader.L, id, answer);
            to.id = id;
        },
        .iterator => {
            const iterator: *external_table.Iterator = @ptrCast(@alignCast(bytes));
            iterator.id = in.figure(.iterator_number);
        },
        .random => in.bytes(bytes[0..format.random_bytes]),
        .gmatch => readGmatch(reader, bytes),
        .file => {
            const number = in.figure(.file_number);
            c.lpw_file_write(bytes, number, in.figure(.file_is_closed));
        },
        _ => unreachable, // make made none.
    }
}

/// The one handle of an external table. [-0, +0, v]
pub fn handle(reader: *Reader) *objects.Object {
    const L = reader.L;
    external_table.push(L, reader.in.figure(.table_handle_id));
    defer lua.pop(L, 1);
    return objects.objectOf(&(L.top.p - 1).*.val);
}

fn readGmatch(reader: *Reader, bytes: [*]u8) void {
    const in = &reader.in;
    const subject = objects.stringBytes(reader.stringObject());
    const pattern = objects.stringBytes(reader.stringObject());
    const position = in.figure(.gmatch_position);
    const last_match = in.figure(.gmatch_last_match);
    const is_first = last_match == format.none;
    // One behind the end is where the last empty match left off.
    if (position > subject.len + 1 or (!is_first and last_match > subject.len)) {
        in.damaged(.userdata);
    }
    c.lpw_gmatch_write(bytes, .{
        .subject = subject.ptr,
        .pattern = pattern.ptr,
        .position = subject.ptr + position,
        .last_match = if (is_first) null else subject.ptr + last_match,
    }, subject.len, pattern.len);
}
