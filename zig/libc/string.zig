//! Bytes and C strings; memcpy, memmove, memset, memcmp and strlen come with the compiler.

fn memchr(block: [*]const u8, byte: c_int, size: usize) callconv(.c) ?[*]const u8 {
    const wanted: u8 = @truncate(@as(c_uint, @bitCast(byte)));
    for (0..size) |i| {
        if (block[i] == wanted) return block + i;
    }
    return null;
}

fn strchr(text: [*:0]const u8, byte: c_int) callconv(.c) ?[*:0]const u8 {
    const wanted: u8 = @truncate(@as(c_uint, @bitCast(byte)));
    var at = text;
    while (at[0] != wanted) : (at += 1) {
        if (at[0] == 0) return null;
    }
    return at;
}

fn strcmp(a: [*:0]const u8, b: [*:0]const u8) callconv(.c) c_int {
    var i: usize = 0;
    while (a[i] == b[i] and a[i] != 0) i += 1;
    return @as(c_int, a[i]) - b[i];
}

fn strncmp(a: [*:0]const u8, b: [*:0]const u8, size: usize) callconv(.c) c_int {
    for (0..size) |i| {
        if (a[i] != b[i] or a[i] == 0) return @as(c_int, a[i]) - b[i];
    }
    return 0;
}

fn strcpy(target: [*]u8, source: [*:0]const u8) callconv(.c) [*]u8 {
    var i: usize = 0;
    while (true) : (i += 1) {
        target[i] = source[i];
        if (source[i] == 0) return target;
    }
}

/// The length of the start of `text` whose bytes are all in `accept`.
fn strspn(text: [*:0]const u8, accept: [*:0]const u8) callconv(.c) usize {
    var i: usize = 0;
    while (text[i] != 0 and strchr(accept, text[i]) != null) i += 1;
    return i;
}

fn strpbrk(text: [*:0]const u8, accept: [*:0]const u8) callconv(.c) ?[*:0]const u8 {
    var at = text;
    while (at[0] != 0) : (at += 1) {
        if (strchr(accept, at[0]) != null) return at;
    }
    return null;
}

/// Lua searches file names and short templates only: the plain way is fast enough.
fn strstr(text: [*:0]const u8, part: [*:0]const u8) callconv(.c) ?[*:0]const u8 {
    var at = text;
    while (true) : (at += 1) {
        var i: usize = 0;
        while (part[i] != 0 and at[i] == part[i]) i += 1;
        if (part[i] == 0) return at;
        if (at[0] == 0) return null;
    }
}

pub const symbols = .{
    .memchr = &memchr,
    .strchr = &strchr,
    .strcmp = &strcmp,
    .strcoll = &strcmp, // The C locale collates by bytes.
    .strcpy = &strcpy,
    .strncmp = &strncmp,
    .strpbrk = &strpbrk,
    .strspn = &strspn,
    .strstr = &strstr,
};

const testing = @import("std").testing;

test "memchr and strchr find the first, and strchr the terminator" {
    const text = "hallo";
    try testing.expectEqual(text.ptr + 2, memchr(text, 'l', 5).?);
    try testing.expectEqual(null, memchr(text, 'o', 4));
    try testing.expectEqual(text.ptr + 1, memchr(text, 'a' + 256, 5).?);
    try testing.expectEqual(text.ptr + 2, strchr(text, 'l').?);
    try testing.expectEqual(text.ptr + 5, strchr(text, 0).?);
    try testing.expectEqual(null, strchr(text, 'x'));
}

test "comparison is by unsigned bytes" {
    try testing.expect(strcmp("a", "b") < 0);
    try testing.expect(strcmp("\xff", "a") > 0);
    try testing.expect(strcmp("ab", "a") > 0);
    try testing.expectEqual(0, strcmp("", ""));
    try testing.expectEqual(0, strncmp("abc", "abd", 2));
    try testing.expect(strncmp("abc", "abd", 3) < 0);
    try testing.expectEqual(0, strncmp("a", "a", 9));
}

test "sets of bytes" {
    try testing.expectEqual(3, strspn("-+-x", "+-"));
    try testing.expectEqual(0, strspn("", "+-"));
    const text = "12.5";
    try testing.expectEqual(text.ptr + 2, strpbrk(text, "nN.").?);
    try testing.expectEqual(null, strpbrk(text, "xX"));
    try testing.expectEqual(null, strpbrk(text, ""));
}

test "strstr and strcpy" {
    const text = "aaab";
    try testing.expectEqual(text.ptr + 2, strstr(text, "ab").?);
    try testing.expectEqual(text.ptr, strstr(text, "").?);
    try testing.expectEqual(null, strstr(text, "ba"));
    var copy: [5]u8 = undefined;
    try testing.expectEqualStrings("aaab\x00", strcpy(&copy, text)[0..5]);
}
