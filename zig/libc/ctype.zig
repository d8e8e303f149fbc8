//! Character classes of the C locale: ASCII has them, bytes above have none.

fn isalnum(c: c_int) callconv(.c) c_int {
    return @intFromBool(isAlpha(c) or isDigit(c));
}
fn isalpha(c: c_int) callconv(.c) c_int {
    return @intFromBool(isAlpha(c));
}
fn iscntrl(c: c_int) callconv(.c) c_int {
    return @intFromBool(isIn(c, 0, 31) or c == 127);
}
fn isdigit(c: c_int) callconv(.c) c_int {
    return @intFromBool(isDigit(c));
}
fn isgraph(c: c_int) callconv(.c) c_int {
    return @intFromBool(isIn(c, '!', '~'));
}
fn islower(c: c_int) callconv(.c) c_int {
    return @intFromBool(isIn(c, 'a', 'z'));
}
fn ispunct(c: c_int) callconv(.c) c_int {
    return @intFromBool(isIn(c, '!', '~') and !isAlpha(c) and !isDigit(c));
}
fn isspace(c: c_int) callconv(.c) c_int {
    return @intFromBool(isSpace(c));
}
fn isupper(c: c_int) callconv(.c) c_int {
    return @intFromBool(isIn(c, 'A', 'Z'));
}
fn isxdigit(c: c_int) callconv(.c) c_int {
    return @intFromBool(isDigit(c) or isIn(c | 32, 'a', 'f'));
}
fn tolower(c: c_int) callconv(.c) c_int {
    return if (isIn(c, 'A', 'Z')) c | 32 else c;
}
fn toupper(c: c_int) callconv(.c) c_int {
    return if (isIn(c, 'a', 'z')) c & ~@as(c_int, 32) else c;
}

pub fn isDigit(c: c_int) bool {
    return isIn(c, '0', '9');
}
pub fn isSpace(c: c_int) bool {
    return c == ' ' or isIn(c, '\t', '\r');
}
/// C's "n-char": a letter, a digit or an underscore.
pub fn isWordByte(c: c_int) bool {
    return isAlpha(c) or isDigit(c) or c == '_';
}
fn isAlpha(c: c_int) bool {
    return isIn(c | 32, 'a', 'z');
}
fn isIn(c: c_int, first: c_int, last: c_int) bool {
    return c >= first and c <= last;
}

pub const symbols = .{
    .isalnum = &isalnum,
    .isalpha = &isalpha,
    .iscntrl = &iscntrl,
    .isdigit = &isdigit,
    .isgraph = &isgraph,
    .islower = &islower,
    .ispunct = &ispunct,
    .isspace = &isspace,
    .isupper = &isupper,
    .isxdigit = &isxdigit,
    .tolower = &tolower,
    .toupper = &toupper,
};

test "classes agree with Zig's ASCII, and bytes above have none" {
    const std = @import("std");
    const ascii = std.ascii;
    var c: c_int = -1;
    while (c < 256) : (c += 1) {
        const byte: u8 = if (c < 0) 255 else @intCast(c);
        try std.testing.expectEqual(ascii.isAlphanumeric(byte), isalnum(c) != 0);
        try std.testing.expectEqual(ascii.isAlphabetic(byte), isalpha(c) != 0);
        try std.testing.expectEqual(ascii.isControl(byte), iscntrl(c) != 0);
        try std.testing.expectEqual(ascii.isDigit(byte), isdigit(c) != 0);
        try std.testing.expectEqual(ascii.isPrint(byte) and byte != ' ', isgraph(c) != 0);
        try std.testing.expectEqual(ascii.isLower(byte), islower(c) != 0);
        const is_mark = ascii.isPrint(byte) and byte != ' ' and !ascii.isAlphanumeric(byte);
        try std.testing.expectEqual(is_mark, ispunct(c) != 0);
        try std.testing.expectEqual(ascii.isWhitespace(byte), isspace(c) != 0);
        try std.testing.expectEqual(ascii.isUpper(byte), isupper(c) != 0);
        try std.testing.expectEqual(ascii.isHex(byte), isxdigit(c) != 0);
        if (c < 0) continue;
        try std.testing.expectEqual(ascii.toLower(byte), @as(u8, @intCast(tolower(c))));
        try std.testing.expectEqual(ascii.toUpper(byte), @as(u8, @intCast(toupper(c))));
    }
}
