//! Strings of C, compared. What std.mem.eql does for the speed of long ones is 640 bytes of code.

const libc = struct {
    extern fn strcmp(a: [*:0]const u8, b: [*:0]const u8) callconv(.c) c_int;
};

pub fn equal(a: [*:0]const u8, b: [*:0]const u8) bool {
    return libc.strcmp(a, b) == 0;
}
