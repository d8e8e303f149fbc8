//! The one Lua state and its life: made, asked, collected, closed. Every entry into Lua goes
//! through a protected call.
const std = @import("std");
const c_calls = @import("c_calls.zig");
const chunk = @import("chunk.zig");
const Code = @import("code.zig").Code;
const Decoder = @import("Decoder.zig");
const frame = @import("frame.zig");
const global_path = @import("global_path.zig");
const host_function = @import("host_function.zig");
const io_buffer = @import("io_buffer.zig");
const libraries = @import("libraries.zig");
const lua = @import("lua.zig");
const memory = @import("memory.zig");
const options = @import("options.zig");
const output = @import("output.zig");
const scratch = @import("scratch.zig");
const snapshot = @import("snapshot/snapshot.zig");
const Tag = @import("value_tag.zig").Tag;
const warning = @import("warning.zig");
const c = lua.c;

var state: ?*lua.State = null;
/// The host is inside an entry and must not enter again.
var busy = false;

pub fn current() ?*lua.State {
    return state;
}

/// Takes the options of the next state; which allocations fail is said to one that runs, too.
pub fn configure(encoded: []const u8) Code {
    const code = options.configure(encoded);
    if (code == .success and state != null) {
        memory.failFrom(options.active.fail_allocation, options.active.fail_count);
    }
    return code;
}

/// A fresh state with its libraries; an old one is closed first.
pub fn init() Code {
    if (busy) return .busy;
    deinit();
    options.takeSeed();
    const L = bareState() orelse return .out_of_memory;
    var request: Request = .{ .work = .open_libraries };
    const code = enter(L, &request);
    if (code != .success) {
        c.lua_close(L);
        return code;
    }
    state = L;
    output.flush();
    return .success;
}

/// A state without libraries, in a fresh heap; null: the frame tells why there is none.
fn bareState() ?*lua.State {
    memory.init(options.active.heap_limit);
    memory.failFrom(options.active.fail_allocation, options.active.fail_count);
    io_buffer.placeCanaries();
    output.begin();
    const L = c.lua_newstate(memory.luaAllocate, null) orelse {
        frame.writeMessage("not enough memory");
        return null;
    };
    warning.reset();
    _ = c.lua_atpanic(L, panic);
    c.lua_setwarnf(L, warning.warn, null);
    return L;
}

/// Writes the state to the host's stream. Flag bit 0: without debug information. Where there is
/// something that can't be saved, what is written marks it, and is for reading alone. 1: functions
/// make some of it anew when it is restored.
pub fn serialize(flags: u32) i32 {
    var has_refused = false;
    var has_makers = false;
    const code = runQuietly(.{ .work = .{ .serialize = .{
        .keeps_debug_information = flags & 1 == 0,
        .has_refused = &has_refused,
        .has_makers = &has_makers,
    } } });
    if (code != 0) return code;
    return if (has_refused) Code.not_persistable.toInt() else @intFromBool(has_makers);
}

/// Puts the state that the host's stream holds in the place of the one there is. Flag bit 0: Lua
/// functions are allowed. When it fails there is no state.
pub fn restore(flags: u32) i32 {
    if (busy) return Code.busy.toInt();
    deinit();
    scratch.release();
    const first = snapshot.first() orelse {
        output.begin();
        frame.writeMessage("the host gave no snapshot");
        return Code.host_failed.toInt();
    };
    options.setSeed(first.hash_seed);
    const L = bareState() orelse return Code.out_of_memory.toInt();
    var request: Request = .{
        .work = .{ .restore = .{ .bytes = first.bytes, .functions = flags & 1 != 0 } },
        .phase = .bad_snapshot,
    };
    const code = enter(L, &request);
    if (code == .success) {
        state = L;
        output.flush();
    } else {
        // Half a state can't be closed: its memory is given up.
        memory.init(options.active.heap_limit);
        snapshot.forget();
    }
    return code.toInt();
}

/// Closes the state; its finalizers run.
pub fn deinit() void {
    if (busy) return;
    const L = state orelse return;
    state = null;
    busy = true;
    c_calls.begin();
    output.begin();
    memory.openReserve(L);
    c.lua_close(L);
    busy = false;
    output.flush();
    scratch.release();
}

/// Runs code that lies in the I/O buffer, or, when `pointer` is 0, that the host hands over.
pub fn compute(pointer: usize, length: usize) i32 {
    if (pointer == 0) return run(.{ .work = .{ .compute = .{ .pulled = length } } });
    const code = io_buffer.slice(pointer, length) orelse return Code.invalid_size.toInt();
    return run(.{ .work = .{ .compute = .{ .buffered = code } } });
}

/// Calls a function with the arguments that lie at the start of the I/O buffer.
pub fn call(name_pointer: usize, arguments_length: usize) i32 {
    const rest = bufferFrom(name_pointer) orelse return Code.invalid_size.toInt();
    return run(.{ .work = .{ .call = .{
        .name = rest,
        .arguments_length = arguments_length,
        .pulled = arguments_length > io_buffer.size_bytes - rest.len,
    } } });
}

/// Makes a host function a global. The name lies in the I/O buffer.
pub fn register(name_pointer: usize, name_length: usize, function_id: u32) i32 {
    const name = io_buffer.slice(name_pointer, name_length) orelse
        return Code.invalid_size.toInt();
    if (name.len == 0) return Code.invalid_size.toInt();
    return runQuietly(.{ .work = .{ .register = .{ .name = name, .function_id = function_id } } });
}

/// A full collection: the bytes that it freed.
pub fn collect() i32 {
    const before = memory.heap.used;
    const code = runQuietly(.{ .work = .collect });
    if (code < 0) return code;
    return @intCast(before -| memory.heap.used);
}

const Work = union(enum) {
    open_libraries,
    compute: chunk.Origin,
    call: Called,
    register: struct { name: []const u8, function_id: u32 },
    collect,
    serialize: snapshot.Saving,
    restore: snapshot.Restoring,
};

const Called = struct {
    /// An encoded string, and what lies behind it in the buffer.
    name: []const u8,
    arguments_length: usize,
    /// The arguments don't lie before the name: the host hands them over.
    pulled: bool,
};

const Request = struct {
    work: Work,
    /// How an error counts where it is raised.
    phase: Code = .runtime_failed,
    /// A value had no encoding.
    refused: bool = false,
    frame: io_buffer.Header = .{ .output_len = 0, .value_count = 0, .values_len = 0, .flags = 0 },
};

/// Work with a result frame: its length, or the code beside which the frame tells the error.
fn run(asked: Request) i32 {
    const L = state orelse return Code.null_state.toInt();
    if (busy) return Code.busy.toInt();
    var request = asked;
    output.begin();
    const code = enter(L, &request);
    if (code != .success) return code.toInt();
    if (output.wasRefused()) {
        frame.writeMessage("the host took less than it was given");
        return Code.buffer_overflow.toInt();
    }
    io_buffer.writeHeader(request.frame);
    const streamed = request.frame.flags & io_buffer.flag_streamed != 0;
    const values_len = if (streamed) 0 else request.frame.values_len;
    return @intCast(io_buffer.header_bytes + request.frame.output_len + values_len);
}

/// Work without a frame; what finalizers print goes to the host.
fn runQuietly(asked: Request) i32 {
    const L = state orelse return Code.null_state.toInt();
    if (busy) return Code.busy.toInt();
    var request = asked;
    output.begin();
    const code = enter(L, &request);
    if (code == .success) output.flush();
    return code.toInt();
}

/// Does the work in a protected call; on failure the frame holds the error value.
fn enter(L: *lua.State, request: *Request) Code {
    busy = true;
    // Hooks are for a script's own calls: one that prints or raises would harm ours.
    L.allowhook = 0;
    c_calls.begin();
    const handler: c_int = if (options.active.traceback) 1 else 0;
    if (handler != 0) lua.pushFunction(L, reportTraceback);
    lua.pushFunction(L, work);
    entering = request;
    drops_results = false;
    const status = lua.protectedCall(L, 0, 0, handler);
    memory.endSaving(L);
    const code: Code = switch (status) {
        .ok => .success,
        .memory => .out_of_memory,
        else => if (!request.refused)
            request.phase
        else if (drops_results)
            .success
        else
            .bad_value,
    };
    // The error's metamethods are scripts.
    if (code != .success) frame.writeError(L);
    if (status != .ok) request.frame.output_len = output.frameLength();
    memory.openReserve(L);
    c.lua_settop(L, 0);
    scratch.release();
    io_buffer.checkCanaries();
    busy = false;
    return code;
}

/// What `work` is to do when it is called next. No argument of it, for a script finds the function
/// by debug.getinfo and can call it.
var entering: ?*Request = null;

/// A call ran that could stand as a statement: `io.write("x")` gives a file that nobody asked for.
/// What ran is no error: where one of its results has no encoding there are none.
var drops_results = false;

/// The body of every entry.
fn work(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    const request = entering orelse lua.raiseText(L, "a script cannot enter Lua", .{});
    entering = null;
    switch (request.work) {
        .open_libraries => libraries.open(L),
        .collect => {
            memory.keepReserve(L);
            _ = c.lua_gc(L, c.LUA_GCCOLLECT);
            c.lpw_settle(L);
        },
        .serialize => |saving| {
            memory.keepReserve(L);
            snapshot.save(L, saving) catch {
                request.phase = .buffer_overflow;
                lua.raiseText(L, "the host took less than it was given", .{});
            };
        },
        .restore => |restoring| snapshot.restore(L, restoring),
        .register => |named| global_path.register(L, named.name, named.function_id),
        .compute => |source| {
            request.phase = .compile_failed;
            const is_call = chunk.push(L, source);
            request.phase = .runtime_failed;
            runScript(L, 0);
            drops_results = is_call;
            encodeResults(L, request);
        },
        .call => |called| {
            runScript(L, pushCalled(L, request, called));
            encodeResults(L, request);
        },
    }
    return 0;
}

/// Calls the function below `arguments` values. [-(arguments + 1), +results, v]
fn runScript(L: *lua.State, arguments: c_int) void {
    memory.keepReserve(L);
    L.allowhook = 1;
    c.lua_callk(L, arguments, lua.multiple_results, 0, null);
    L.allowhook = 0;
}

/// Pushes the function and its arguments, and returns their number. [-0, +1 + arguments, v]
fn pushCalled(L: *lua.State, request: *Request, called: Called) c_int {
    // Nothing has run yet: name and arguments lie in the I/O buffer as the host left them. Out of
    // it at once, for output may overwrite it.
    const name = called.name;
    const path_length = encodedLength(name) orelse {
        request.refused = true;
        lua.raiseText(L, "the name is no encoded string", .{});
    };
    const start = scratch.length;
    const first = start + path_length;
    const end = first +| called.arguments_length;
    scratch.reserve(L, start, path_length);
    @memcpy(scratch.bytes()[start..first], name[5..][0..path_length]);
    if (called.pulled) {
        host_function.readStream(L, first, called.arguments_length);
    } else {
        scratch.reserve(L, first, called.arguments_length);
        @memcpy(scratch.bytes()[first..end], io_buffer.bytes()[0..called.arguments_length]);
    }
    scratch.length = end;
    lua.pushBytes(L, scratch.bytes()[start..first]);
    if (!global_path.push(L, lua.bytesAt(L, 1))) {
        request.phase = .not_found;
        lua.raiseText(L, "no function '%s' to call", .{c.lua_tolstring(L, 1, null)});
    }
    c.lua_copy(L, -1, 1);
    c.lua_settop(L, 1);
    request.phase = .bad_value;
    var decoder = Decoder.begin(L, first, end);
    const count = decoder.list();
    request.phase = .runtime_failed;
    scratch.length = start;
    return count;
}

/// The length of the string that `bytes` begin with, encoded; null: they begin with none.
fn encodedLength(bytes: []const u8) ?usize {
    if (bytes.len < 5 or bytes[0] != @backingInt(Tag.string)) return null;
    const length = std.mem.readInt(u32, bytes[1..5], .little);
    return if (length == 0 or length > bytes.len - 5) null else length;
}

/// The results on the stack, into the frame. [-0, +0 or +1, v]
fn encodeResults(L: *lua.State, request: *Request) void {
    memory.openReserve(L);
    request.frame = frame.encodeResults(L, &request.refused) catch {
        request.phase = .buffer_overflow;
        lua.raiseText(L, "the host took less than it was given", .{});
    };
}

/// The message handler when tracebacks are asked for: the whole message goes to the output.
fn reportTraceback(entered: ?*lua.State) callconv(.c) c_int {
    const L = entered.?;
    if (drops_results) return 1;
    const message: ?[*:0]const u8 = c.luaL_tolstring(L, 1, null);
    c.luaL_traceback(L, L, message orelse "", 1);
    _ = output.write(lua.bytesAt(L, -1));
    _ = output.write("\n");
    c.lua_settop(L, 1);
    return 1;
}

/// Nothing runs unprotected but lua_close, which protects its finalizers itself.
fn panic(_: ?*lua.State) callconv(.c) c_int {
    @trap();
}

/// The I/O buffer from `pointer` to its end.
fn bufferFrom(pointer: usize) ?[]const u8 {
    const first = @intFromPtr(io_buffer.bytes());
    if (pointer < first or pointer >= first + io_buffer.size_bytes) return null;
    return io_buffer.bytes()[pointer - first ..];
}
