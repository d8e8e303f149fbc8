//! Functions of the host, called from Lua, and modules of the host, for `require`.
const Code = @import("code.zig").Code;
const Decoder = @import("Decoder.zig");
const Encoder = @import("Encoder.zig");
const host = @import("host.zig");
const load_policy = @import("load_policy.zig");
const lua = @import("lua.zig");
const scratch = @import("scratch.zig");
const c = lua.c;

/// Pushes the function that calls the host's function of that id. [-0, +1, m]
pub fn push(L: *lua.State, function_id: u32) void {
    c.lua_pushinteger(L, function_id);
    c.lua_pushcclosure(L, callHost, 1);
}

/// For snapshots: a function of the host, and the searcher of its modules.
pub const functions = [_]c.luaL_Reg{
    .{ .name = "function", .func = callHost },
    .{ .name = "searcher", .func = searchModule },
    .{ .name = null, .func = null },
};

fn callHost(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    // A script with the debug library may have changed it: the host answers for any id.
    const function_id: u32 = @truncate(@as(u64, @bitCast(
        c.lua_tointegerx(L, lua.upvalueIndex(1), null),
    )));
    const start = scratch.length;
    var encoder = Encoder.begin(L, null);
    encoder.list(1, c.lua_gettop(L));
    const first = encoder.end;
    scratch.reserve(L, first, 64);
    const bytes = scratch.bytes();
    const room = bytes.len - first;
    const arguments = bytes[start..first];
    const answer = host.js_call(
        function_id,
        arguments.ptr,
        arguments.len,
        bytes.ptr + first,
        room,
    );
    c.lua_settop(L, 0);
    if (answer < 0) raiseHostError(L, Code.fromHost(answer), first);
    const length: usize = @intCast(answer);
    if (length > room) readStream(L, first, length);
    scratch.length = first + length;
    var decoder = Decoder.begin(L, first, first + length);
    const count = decoder.list();
    scratch.length = start;
    return count;
}

/// Raises the error value that the host holds ready; a message gets its place in the script.
pub fn raiseHostError(L: *lua.State, code: Code, first: usize) noreturn {
    var length: usize = 0;
    while (true) {
        scratch.reserve(L, first, length + 256);
        const room = scratch.bytes()[first + length ..];
        const taken = host.js_stream_read(room.ptr, room.len);
        if (taken <= 0) break;
        length += @min(@as(usize, @intCast(taken)), room.len);
    }
    if (length == 0) lua.raiseText(L, "the host: %s", .{code.text()});
    scratch.length = first + length;
    c.luaL_where(L, 1);
    var decoder = Decoder.begin(L, first, first + length);
    decoder.single();
    if (c.lua_type(L, -1) == c.LUA_TSTRING) c.lua_concat(L, 2);
    lua.raise(L);
}

/// Fills scratch from `first` with the `length` bytes that the host holds ready.
pub fn readStream(L: *lua.State, first: usize, length: usize) void {
    scratch.reserve(L, first, length);
    var position: usize = 0;
    while (position < length) {
        const room = scratch.bytes()[first + position ..][0 .. length - position];
        const taken = host.js_stream_read(room.ptr, room.len);
        if (taken <= 0 or taken > room.len) {
            lua.raiseText(L, "the host's stream ended at %I of %I", .{
                @as(c.lua_Integer, @intCast(position)),
                @as(c.lua_Integer, @intCast(length)),
            });
        }
        position += @intCast(taken);
    }
}

/// Source text that the host hands over piece by piece: a module, or the code of `compute`.
pub const SourceReader = struct {
    name: []const u8,
    total: usize,
    offset: usize = 0,
    /// Where the pieces lie in scratch.
    start: usize,
    failed: bool = false,

    const piece_bytes = 2048;

    /// Null: the host has no such source. Why it could not look is raised. [-0, +0, v]
    pub fn open(L: *lua.State, name: []const u8) ?SourceReader {
        const start = scratch.length;
        scratch.reserve(L, start, piece_bytes);
        const total = host.js_module(name.ptr, name.len, scratch.bytes().ptr + start, 0, 0);
        if (total == Code.host_failed.toInt()) raiseHostError(L, .host_failed, start);
        if (total < 0) return null;
        scratch.length = start + piece_bytes;
        return .{ .name = name, .total = @intCast(total), .start = start };
    }

    /// The next piece; empty at the end, or when the host fails.
    pub fn next(reader: *SourceReader) []const u8 {
        const wanted = @min(piece_bytes, reader.total - reader.offset);
        if (wanted == 0) return "";
        const piece = scratch.bytes()[reader.start..][0..wanted];
        const answer = host.js_module(
            reader.name.ptr,
            reader.name.len,
            piece.ptr,
            piece.len,
            reader.offset,
        );
        if (answer != reader.total) {
            reader.failed = true;
            return "";
        }
        reader.offset += wanted;
        return piece;
    }

    pub fn close(reader: *const SourceReader) void {
        scratch.length = reader.start;
    }
};

/// A searcher of package.searchers: the loader of the host's module of that name, and the name.
pub fn searchModule(state: ?*lua.State) callconv(.c) c_int {
    const L = state.?;
    _ = c.luaL_checklstring(L, 1, null);
    const name = lua.bytesAt(L, 1);
    // The empty name is that of compute's code.
    const found = if (name.len == 0) null else SourceReader.open(L, name);
    var reader = found orelse {
        _ = c.lua_pushfstring(L, "no module '%s' of the host", name.ptr);
        return 1;
    };
    const chunk_name = c.lua_pushfstring(L, "@%s", name.ptr);
    // The lexer reads a piece where it lies in scratch: no finalizer may run and move it.
    const collector = c.lpw_gc_pause(L);
    const status = load_policy.load(L, readModule, &reader, chunk_name, null);
    c.lpw_gc_resume(L, collector);
    reader.close();
    if (reader.failed) lua.raiseText(L, "the module '%s' failed", .{name.ptr});
    if (status == c.LUA_ERRMEM) c.lpw_raise_memory(L);
    if (status != c.LUA_OK) {
        const message = c.lua_tolstring(L, -1, null);
        lua.raiseText(L, "error loading module '%s':\n\t%s", .{ name.ptr, message });
    }
    c.lua_pushvalue(L, 1);
    return 2;
}

fn readModule(_: ?*lua.State, data: ?*anyopaque, size: [*c]usize) callconv(.c) [*c]const u8 {
    const reader: *SourceReader = @ptrCast(@alignCast(data.?));
    const piece = reader.next();
    size.* = piece.len;
    return if (piece.len == 0) null else piece.ptr;
}
