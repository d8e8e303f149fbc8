//! What printf.zig promises beyond the comparison with glibc in differential_test.zig.

const errno = @import("errno.zig");
const stdio = @import("stdio.zig");
const printf = @import("printf.zig");
const snprintf = printf.snprintf;
const fprintf = printf.symbols.fprintf;

const testing = @import("std").testing;

/// The text of `arguments`, a struct laid out as wasm's C ABI would.
fn expectText(expected: []const u8, text: [*:0]const u8, arguments: anytype) !void {
    var buffer: [400]u8 = undefined;
    const length = snprintf(&buffer, buffer.len, text, @intFromPtr(&arguments));
    try testing.expectEqual(expected.len, @as(usize, @intCast(length)));
    try testing.expectEqualStrings(expected, buffer[0..expected.len]);
}

test "text, characters, pointers and stars" {
    try expectText("100% ab|  abc|abc  |ab|", "%d%% ab|%5s|%-5s|%.2s|", extern struct {
        a: c_int = 100,
        b: [*:0]const u8 = "abc",
        c: [*:0]const u8 = "abc",
        d: [*:0]const u8 = "abc",
    }{});
    try expectText("  A|(null)", "%3c|%s", extern struct {
        a: c_int = 'A',
        b: ?[*:0]const u8 = null,
    }{});
    try expectText("   1.50|7   |", "%*.*f|%*d|", extern struct {
        a: c_int = 7,
        b: c_int = 2,
        c: f64 = 1.5,
        d: c_int = -4,
        e: c_int = 7,
    }{});
    try expectText("0x00000000000000ff", "%p", @as(usize, 255));
    try expectText("0000000000000000", "%p", @as(usize, 0));
}

test "floats where glibc isn't the norm" {
    try expectText("0x2p+0", "%.0a", @as(f64, 1.5));
    try expectText("0x1p-1074", "%a", @as(f64, 5e-324));
    try expectText("0x1.00p+0", "%.2a", @as(f64, 1));
    try expectText("0x0p+0", "%a", @as(f64, 0));
    try expectText("-0X1.8P+1", "%A", @as(f64, -3));
    try expectText("1.00000e+06", "%#g", @as(f64, 999999.9999999998));
    try expectText("  -inf|", "%6f|", @as(f64, -@import("std").math.inf(f64)));
}

test "what doesn't fit is cut, what is wrong is refused" {
    var buffer: [4]u8 = @splat('x');
    try testing.expectEqual(6, snprintf(&buffer, 4, "abcdef", 0));
    try testing.expectEqualStrings("abc\x00", &buffer);
    try testing.expectEqual(6, snprintf(&buffer, 0, "abcdef", 0));
    try testing.expectEqual(-1, snprintf(&buffer, 4, "%y", 0));
    try testing.expectEqual(28, errno.get());
    try testing.expectEqual(-1, snprintf(&buffer, 4, "%", 0));
    const one: c_int = 1;
    try testing.expectEqual(2_147_483_639, snprintf(&buffer, 4, "%2147483639d", @intFromPtr(&one)));
    try testing.expectEqual(-1, snprintf(&buffer, 4, "%2147483639d.........", @intFromPtr(&one)));
    try testing.expectEqual(61, errno.get());
    try testing.expectEqual(-1, snprintf(&buffer, 4, "%2147483650d", @intFromPtr(&one)));
}

test "a stream gets all, piece by piece" {
    const host = @import("test_host.zig");
    host.output.clearRetainingCapacity();
    defer host.output.clearAndFree(testing.allocator);
    const value: f64 = 2.5;
    try testing.expectEqual(8, fprintf(stdio.symbols.stdout.*, "<%6.2f>", @intFromPtr(&value)));
    try testing.expectEqualStrings("<  2.50>", host.output.items);
    try testing.expectEqual(-1, fprintf(stdio.symbols.stdin.*, "x", 0));
}
