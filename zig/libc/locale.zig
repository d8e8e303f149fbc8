//! The C locale, which is the only one.

const Lconv = extern struct {
    decimal_point: [*:0]const u8 = ".",
    thousands_sep: [*:0]const u8 = "",
    grouping: [*:0]const u8 = "",
};

const conventions: Lconv = .{};

fn localeconv() callconv(.c) *const Lconv {
    return &conventions;
}

/// Answers "C" to a question (null) and to a wish for "C", "POSIX" or the default "", else null.
fn setlocale(category: c_int, name: ?[*:0]const u8) callconv(.c) ?[*:0]const u8 {
    if (category < 0 or category > 6) return null; // LC_CTYPE is 0, LC_ALL is 6.
    const wish = name orelse return "C";
    inline for (.{ "C", "", "POSIX" }) |known| {
        if (startsWith(wish, known ++ "\x00")) return "C";
    }
    return null;
}

fn startsWith(text: [*:0]const u8, comptime bytes: []const u8) bool {
    inline for (bytes, 0..) |byte, i| {
        if (text[i] != byte) return false;
    }
    return true;
}

pub const symbols = .{ .localeconv = &localeconv, .setlocale = &setlocale };

test "only the C locale is known" {
    const std = @import("std");
    try std.testing.expectEqualStrings("C", std.mem.span(setlocale(6, null).?));
    try std.testing.expectEqualStrings("C", std.mem.span(setlocale(0, "C").?));
    try std.testing.expectEqualStrings("C", std.mem.span(setlocale(0, "").?));
    try std.testing.expectEqual(null, setlocale(0, "pt_BR"));
    try std.testing.expectEqual(null, setlocale(0, "Cx"));
    try std.testing.expectEqual(null, setlocale(7, "C"));
    try std.testing.expectEqual('.', localeconv().decimal_point[0]);
}
