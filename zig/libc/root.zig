//! The libc that Lua's C sources need, as a table of contents: which symbol comes from which file.
//!
//! Both targets get all of it: what wasi-libc has under these names would import from the host,
//! allocate, or round otherwise, and a script sees the same on both.

const builtin = @import("builtin");
const std = @import("std");

/// A safe build's failed check traps: printing would pull in what writes to the host.
pub const panic = if (builtin.is_test)
    std.debug.FullPanic(std.debug.defaultPanic)
else
    std.debug.no_panic;

comptime {
    // A native test has the host's libc beside it: our names would clash with its own.
    if (!builtin.is_test) {
        provide(@import("stdio.zig").symbols);
        provide(@import("printf.zig").symbols);
        provide(@import("parse_number.zig").symbols);
        provide(@import("string.zig").symbols);
        provide(@import("ctype.zig").symbols);
        provide(@import("locale.zig").symbols);
        provide(@import("errno.zig").symbols);
        provide(@import("time.zig").symbols);
        provide(@import("process.zig").symbols);
        provide(@import("math.zig").symbols);
        provide(@import("exponential.zig").symbols);
        provide(@import("trigonometry.zig").symbols);
    }
}

/// Exports each field of `symbols`, a pointer, under the field's name: to the linker, not to the
/// host, and over any definition that an archive has.
fn provide(comptime symbols: anytype) void {
    for (@typeInfo(@TypeOf(symbols)).@"struct".field_names) |name| {
        @export(@field(symbols, name), .{ .name = name, .visibility = .hidden });
    }
}

test {
    _ = @import("arctangent.zig");
    _ = @import("big_decimal.zig");
    _ = @import("ctype.zig");
    _ = @import("differential_test.zig");
    _ = @import("errno.zig");
    _ = @import("double_double.zig");
    _ = @import("exponential.zig");
    _ = @import("format_number.zig");
    _ = @import("locale.zig");
    _ = @import("math.zig");
    _ = @import("parse_number.zig");
    _ = @import("printf.zig");
    _ = @import("printf_test.zig");

    _ = @import("process.zig");
    _ = @import("stdio.zig");
    _ = @import("strftime.zig");
    _ = @import("string.zig");
    _ = @import("time.zig");
    _ = @import("trigonometry.zig");
}
