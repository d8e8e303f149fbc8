//! The oracle: stock Lua on the host's libc, which answers requests on stdin with frames on stdout.
//!
//! A request is a little-endian u32, the length of a Lua chunk, and the chunk, which returns one
//! string; length 0 asks for a fresh state. The answer is a u32, the length of what follows, a byte
//! (0: ok, 1: an error), and the string or the error's message. All chunks run in one state.
const std = @import("std");
const lua = @import("lua");
const c = lua.c;

/// A script that asks for more gets "not enough memory" before the machine suffers.
const memory_bytes_max = 256 * 1024 * 1024;
const request_bytes_max = 64 * 1024 * 1024;
/// As the core names what it is given (zig/core/chunk.zig), for messages to be the same.
const chunk_name = "=eval";

/// Who asks ends it long before (harness/native/oracle.ts). Where nobody is left to do so, a chunk
/// without an end ends here.
const chunk_seconds_max = 300;
extern "c" fn alarm(seconds: c_uint) c_uint;

var memory_bytes: usize = 0;

const Status = enum(u8) { ok, failed };

pub fn main() !void {
    const frames = try Frames.take();
    var state = try newState();
    while (try frames.nextLength()) |length| {
        if (length == 0) {
            c.lua_close(state);
            state = try newState();
            try frames.answer(.ok, "");
            continue;
        }
        const request = try std.heap.c_allocator.alloc(u8, length);
        defer std.heap.c_allocator.free(request);
        try frames.readAll(request);
        _ = alarm(chunk_seconds_max);
        const status = run(state, request);
        _ = alarm(0);
        // A __name or __tostring is the script's: its error would be an answer without an error.
        const is_text = c.lua_type(state, -1) == c.LUA_TSTRING;
        const bytes = if (is_text) lua.bytesAt(state, -1) else "(not a string)";
        try frames.answer(if (is_text) status else .failed, bytes);
        c.lua_settop(state, 0);
    }
}

fn newState() !*lua.State {
    const state = c.lua_newstate(allocate, null) orelse return error.OutOfMemory;
    lua.pushFunction(state, openLibraries);
    if (lua.protectedCall(state, 0, 0, 0) != .ok) return error.LibrariesFailed;
    return state;
}

/// Opens what the core opens, math seeded alike (zig/core/libraries.zig). [-0, +0, v]
fn openLibraries(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    c.luaL_openlibs(L);
    _ = c.lua_getglobal(L, "math");
    _ = c.lua_getfield(L, -1, "randomseed");
    c.lua_pushinteger(L, 0);
    c.lua_callk(L, 1, 0, 0, null);
    return 0;
}

/// Leaves the chunk's result or its error. [-0, +1, -]
fn run(L: *lua.State, request: []const u8) Status {
    var chunk = request;
    lua.pushFunction(L, work);
    c.lua_pushlightuserdata(L, @ptrCast(&chunk));
    return if (lua.protectedCall(L, 1, 1, 0) == .ok) .ok else .failed;
}

/// Calls the chunk from a C function, as the core does, so that both nest equally deep.
fn work(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    const chunk: *const []const u8 = @ptrCast(@alignCast(c.lua_touserdata(L, 1).?));
    c.lua_settop(L, 0);
    const loaded = c.luaL_loadbufferx(L, chunk.ptr, chunk.len, chunk_name, "t");
    if (loaded != c.LUA_OK) lua.raise(L);
    c.lua_callk(L, 0, 1, 0, null);
    return 1;
}

fn allocate(
    _: ?*anyopaque,
    pointer: ?*anyopaque,
    old_bytes: usize,
    bytes: usize,
) callconv(.c) ?*anyopaque {
    // Of a new block Lua says what it is for, not that it was nothing.
    const before = if (pointer == null) 0 else old_bytes;
    if (bytes > before and bytes - before > memory_bytes_max - memory_bytes) return null;
    if (bytes == 0) {
        std.c.free(pointer);
        memory_bytes -= before;
        return null;
    }
    const block = std.c.realloc(pointer, bytes) orelse return null;
    memory_bytes = memory_bytes - before + bytes;
    return block;
}

/// The frames' own ends of stdin and stdout. What a script reads there is empty, and what it
/// prints goes to stderr: neither reaches the frames.
const Frames = struct {
    input: c_int,
    output: c_int,

    fn take() !Frames {
        const frames: Frames = .{ .input = std.c.dup(0), .output = std.c.dup(1) };
        const nothing = std.c.open("/dev/null", .{ .ACCMODE = .RDONLY });
        if (frames.input < 0 or frames.output < 0 or nothing < 0) return error.NoStream;
        if (std.c.dup2(nothing, 0) < 0 or std.c.dup2(2, 1) < 0) return error.NoStream;
        return frames;
    }

    /// Null where the requests end.
    fn nextLength(frames: Frames) !?usize {
        var bytes: [4]u8 = undefined;
        const first = try frames.readSome(&bytes);
        if (first == 0) return null;
        try frames.readAll(bytes[first..]);
        const length = std.mem.readInt(u32, &bytes, .little);
        return if (length > request_bytes_max) error.RequestTooLong else length;
    }

    fn readAll(frames: Frames, target: []u8) !void {
        var filled: usize = 0;
        while (filled < target.len) {
            const count = try frames.readSome(target[filled..]);
            if (count == 0) return error.RequestCutShort;
            filled += count;
        }
    }

    fn readSome(frames: Frames, target: []u8) !usize {
        const count = std.c.read(frames.input, target.ptr, target.len);
        return if (count < 0) error.ReadFailed else @intCast(count);
    }

    fn answer(frames: Frames, status: Status, bytes: []const u8) !void {
        var head: [5]u8 = undefined;
        std.mem.writeInt(u32, head[0..4], @intCast(1 + bytes.len), .little);
        head[4] = @backingInt(status);
        for ([_][]const u8{ &head, bytes }) |part| {
            var written: usize = 0;
            while (written < part.len) {
                const count = std.c.write(frames.output, part.ptr + written, part.len - written);
                if (count < 0) return error.WriteFailed;
                written += @intCast(count);
            }
        }
    }
};

fn seed() callconv(.c) c_uint {
    return 0;
}

comptime {
    @export(&seed, .{ .name = "lpw_seed" });
}
