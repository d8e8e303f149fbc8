//! Strings compared and searched by C's functions, which are there anyway. What std.mem.eql does
//! for the speed of long ones is 640 bytes of code.

const libc = struct {
    extern fn strcmp(a: [*:0]const u8, b: [*:0]const u8) callconv(.c) c_int;
    extern fn memcmp(a: [*]const u8, b: [*]const u8, size: usize) callconv(.c) c_int;
    extern fn strchr(text: [*:0]const u8, byte: c_int) callconv(.c) ?[*:0]const u8;
};

pub fn equal(a: [*:0]const u8, b: [*:0]const u8) bool {
    return libc.strcmp(a, b) == 0;
}

/// The same of slices.
pub fn equalSlices(a: []const u8, b: []const u8) bool {
    return a.len == b.len and libc.memcmp(a.ptr, b.ptr, a.len) == 0;
}

pub fn contains(text: [*:0]const u8, byte: u8) bool {
    return libc.strchr(text, byte) != null;
}
