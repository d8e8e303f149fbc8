//! The exports, and nothing else. docs/FORMATS.md says what each does.
const std = @import("std");
const config = @import("config");
const Code = @import("code.zig").Code;
const interpreter = @import("interpreter.zig");
const io_buffer = @import("io_buffer.zig");
const lua = @import("lua.zig");
const manifest = @import("manifest.zig");
const memory = @import("memory.zig");

/// A failed safety check traps: the host sees it and never calls the instance again.
pub const panic = std.debug.no_panic;

comptime {
    if (std.mem.eql(u8, config.unwind, "js")) {
        @export(&lua_protected_call, .{ .name = "lua_protected_call" });
    }
}

export fn init() i32 {
    return interpreter.init().toInt();
}

export fn deinit() void {
    interpreter.deinit();
}

export fn configure(pointer: usize, length: usize) i32 {
    const encoded = io_buffer.slice(pointer, length) orelse return Code.invalid_size.toInt();
    return interpreter.configure(encoded).toInt();
}

export fn compute(code_pointer: usize, code_length: usize) i32 {
    return interpreter.compute(code_pointer, code_length);
}

export fn call(name_pointer: usize, arguments_length: usize) i32 {
    return interpreter.call(name_pointer, arguments_length);
}

export fn register(name_pointer: usize, name_length: usize, function_id: u32) i32 {
    return interpreter.register(name_pointer, name_length, function_id);
}

export fn get_buffer_ptr() [*]u8 {
    return io_buffer.bytes();
}

export fn get_buffer_size() usize {
    return io_buffer.size_bytes;
}

/// The host may ask for the figures anywhere in the memory; elsewhere nothing is written.
export fn get_memory_stats(pointer: usize) void {
    const size = @sizeOf(memory.Statistics);
    if (pointer == 0 or pointer > config.memory_bytes - size) return;
    const statistics = memory.statistics(interpreter.current());
    const target: [*]u8 = @ptrFromInt(pointer);
    @memcpy(target[0..size], std.mem.asBytes(&statistics));
}

export fn run_gc() i32 {
    return interpreter.collect();
}

export fn serialize_state(flags: u32) i32 {
    return interpreter.serialize(flags);
}

export fn restore_state(flags: u32) i32 {
    return interpreter.restore(flags);
}

export fn get_manifest_ptr() [*]const u8 {
    return manifest.json.ptr;
}

export fn get_manifest_len() usize {
    return manifest.json.len;
}

/// What `js_try` of the host calls, inside its try.
fn lua_protected_call(
    function: *const fn (*lua.State, ?*anyopaque) callconv(.c) void,
    L: *lua.State,
    data: ?*anyopaque,
) callconv(.c) void {
    function(L, data);
}
