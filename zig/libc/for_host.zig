//! The parts of our libc that need nothing of a wasm host, for a program of this machine: it links
//! them beside its own libc, under names of their own (zig/native/twin_libc.zig).

/// Each declaration of these is a function of C, under its name there.
pub const symbols = .{
    @import("ctype.zig").symbols,
    @import("exponential.zig").symbols,
    @import("locale.zig").symbols,
    @import("math.zig").symbols,
    @import("parse_number.zig").symbols,
    @import("string.zig").symbols,
    @import("trigonometry.zig").symbols,
};

pub const snprintf = @import("printf.zig").snprintf;
pub const time = @import("time.zig");
