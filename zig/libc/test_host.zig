//! What stands in for the host when the libc's own tests run natively.

const std = @import("std");

pub var input: []const u8 = "";
pub var output: std.ArrayList(u8) = .empty;
pub var seconds: f64 = 0;
/// When set, js_input answers it instead of reading.
pub var input_result: ?i32 = null;

pub fn js_input(target: [*]u8, size_max: u32) i32 {
    if (input_result) |result| return result;
    const length = @min(input.len, size_max);
    @memcpy(target[0..length], input[0..length]);
    input = input[length..];
    return @intCast(length);
}

pub fn lpw_output(source: [*]const u8, size: usize) c_int {
    output.appendSlice(std.testing.allocator, source[0..size]) catch @panic("no memory for output");
    return 1;
}

pub fn js_time() f64 {
    return seconds;
}

pub fn js_clock() f64 {
    return seconds;
}
