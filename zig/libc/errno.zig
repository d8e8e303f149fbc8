//! errno and the error codes that our libc sets, with their texts.

/// WASI's numbers on both targets, for a script sees them as io.open's third result.
pub const Code = enum(c_int) {
    bad_descriptor = 8, // EBADF
    domain = 18, // EDOM
    illegal_sequence = 25, // EILSEQ
    invalid_argument = 28, // EINVAL
    io = 29, // EIO
    no_entry = 44, // ENOENT
    no_memory = 48, // ENOMEM
    not_implemented = 52, // ENOSYS
    overflow = 61, // EOVERFLOW
    range = 68, // ERANGE
    illegal_seek = 70, // ESPIPE
};

var errno: c_int = 0;

pub fn set(code: Code) void {
    errno = @backingInt(code);
}

/// The last code set, for tests.
pub fn get() c_int {
    return errno;
}

/// musl's words, which wasi-libc has too.
fn textOf(code: c_int) [*:0]const u8 {
    return switch (code) {
        0 => "Success",
        @backingInt(Code.bad_descriptor) => "Bad file descriptor",
        @backingInt(Code.domain) => "Domain error",
        @backingInt(Code.illegal_sequence) => "Illegal byte sequence",
        @backingInt(Code.invalid_argument) => "Invalid argument",
        @backingInt(Code.io) => "I/O error",
        @backingInt(Code.no_entry) => "No such file or directory",
        @backingInt(Code.no_memory) => "Out of memory",
        @backingInt(Code.not_implemented) => "Function not implemented",
        @backingInt(Code.overflow) => "Value too large for data type",
        @backingInt(Code.range) => "Result not representable",
        @backingInt(Code.illegal_seek) => "Invalid seek",
        else => "Unknown error",
    };
}

fn strerror(code: c_int) callconv(.c) [*:0]const u8 {
    return textOf(code);
}

pub const symbols = .{ .errno = &errno, .strerror = &strerror };

test "each code has its own text" {
    const std = @import("std");
    for (std.enums.values(Code)) |code| {
        const text = std.mem.span(textOf(@backingInt(code)));
        try std.testing.expect(!std.mem.eql(u8, text, "Unknown error"));
    }
    set(.range);
    try std.testing.expectEqual(68, get());
}
