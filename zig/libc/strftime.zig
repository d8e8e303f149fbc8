//! strftime in the C locale: the conversions of C99, with musl's texts.

const Fields = @import("time.zig").Fields;

const days = "Sunday\x00Monday\x00Tuesday\x00Wednesday\x00Thursday\x00Friday\x00Saturday\x00";
const months = "January\x00February\x00March\x00April\x00May\x00June\x00July\x00August\x00" ++
    "September\x00October\x00November\x00December\x00";

/// Text into a buffer that may be too short: then `length` passes its end.
const Target = struct {
    buffer: []u8,
    length: usize = 0,

    fn put(self: *Target, text: []const u8) void {
        for (text) |byte| {
            if (self.length < self.buffer.len) self.buffer[self.length] = byte;
            self.length +|= 1;
        }
    }

    /// At least `width` characters, a sign included.
    fn putNumber(self: *Target, value: i64, width: usize, fill: u8) void {
        var text: [20]u8 = undefined;
        var start = text.len;
        var rest = @abs(value);
        while (start == text.len or rest != 0) : (rest /= 10) {
            start -= 1;
            text[start] = '0' + @as(u8, @intCast(rest % 10));
        }
        const is_negative = value < 0;
        const used = text.len - start + @intFromBool(is_negative);
        if (is_negative and fill == '0') self.put("-");
        for (used..@max(used, width)) |_| self.put(&.{fill});
        if (is_negative and fill != '0') self.put("-");
        self.put(text[start..]);
    }

    /// The name at `index` in a list of names that zeros end, or its first `length_max` letters.
    fn putName(
        self: *Target,
        names: []const u8,
        index: c_int,
        count: c_int,
        length_max: usize,
    ) void {
        if (index < 0 or index >= count) return self.put("-");
        var start: usize = 0;
        var left = index;
        while (left != 0) : (start += 1) {
            if (names[start] == 0) left -= 1;
        }
        var length: usize = 0;
        while (length < length_max and names[start + length] != 0) length += 1;
        self.put(names[start..][0..length]);
    }

    fn putFormat(self: *Target, format: []const u8, fields: *const Fields) bool {
        var is_conversion = false;
        for (format) |byte| {
            if (!is_conversion) {
                is_conversion = byte == '%';
                if (!is_conversion) self.put(&.{byte});
            } else if (byte != 'E' and byte != 'O') { // The C locale has no other forms.
                is_conversion = false;
                if (!self.convert(byte, fields)) return false;
            }
        }
        return !is_conversion;
    }

    /// False for an unknown letter.
    fn convert(self: *Target, letter: u8, fields: *const Fields) bool {
        const year = @as(i64, fields.year) + 1900;
        switch (letter) {
            '%' => self.put("%"),
            'n' => self.put("\n"),
            't' => self.put("\t"),
            'a' => self.putName(days, fields.weekday, 7, 3),
            'A' => self.putName(days, fields.weekday, 7, 9),
            'b', 'h' => self.putName(months, fields.month, 12, 3),
            'B' => self.putName(months, fields.month, 12, 9),
            'p' => self.put(if (fields.hour >= 12) "PM" else "AM"),
            'z' => if (fields.is_summer >= 0) self.put("+0000"),
            'Z' => if (fields.is_summer >= 0) self.put("UTC"),
            'C' => self.putNumber(@divTrunc(year, 100), 2, '0'),
            'd' => self.putNumber(fields.day, 2, '0'),
            'e' => self.putNumber(fields.day, 2, ' '),
            'g' => self.putNumber(@rem(weekOf(fields).year, 100), 2, '0'),
            'G' => self.putNumber(weekOf(fields).year, 4, '0'),
            'H' => self.putNumber(fields.hour, 2, '0'),
            'I' => self.putNumber(twelveHour(fields.hour), 2, '0'),
            'j' => self.putNumber(@as(i64, fields.yearday) + 1, 3, '0'),
            'm' => self.putNumber(@as(i64, fields.month) + 1, 2, '0'),
            'M' => self.putNumber(fields.minute, 2, '0'),
            'S' => self.putNumber(fields.second, 2, '0'),
            'u' => self.putNumber(if (fields.weekday == 0) 7 else fields.weekday, 1, '0'),
            'U' => self.putNumber(weeksSince(fields, fields.weekday), 2, '0'),
            'V' => self.putNumber(weekOf(fields).week, 2, '0'),
            'w' => self.putNumber(fields.weekday, 1, '0'),
            'W' => self.putNumber(weeksSince(fields, mondayBased(fields)), 2, '0'),
            'y' => self.putNumber(@intCast(@abs(@rem(year, 100))), 2, '0'),
            'Y' => {
                if (year >= 10_000) self.put("+");
                self.putNumber(year, 4, '0');
            },
            'c' => return self.putFormat("%a %b %e %H:%M:%S %Y", fields),
            'D', 'x' => return self.putFormat("%m/%d/%y", fields),
            'F' => return self.putFormat("%Y-%m-%d", fields),
            'r' => return self.putFormat("%I:%M:%S %p", fields),
            'R' => return self.putFormat("%H:%M", fields),
            'T', 'X' => return self.putFormat("%H:%M:%S", fields),
            else => return false,
        }
        return true;
    }
};

fn twelveHour(hour: c_int) i64 {
    if (hour == 0) return 12;
    return if (hour > 12) @as(i64, hour) - 12 else hour;
}

fn mondayBased(fields: *const Fields) i64 {
    return @mod(@as(i64, fields.weekday) + 6, 7);
}

/// How many weeks have begun in the year, when `weekday` counts from the day that begins a week.
fn weeksSince(fields: *const Fields, weekday: i64) i64 {
    return @divFloor(@as(i64, fields.yearday) + 7 - weekday, 7);
}

/// ISO 8601: a week starts on Monday and belongs to the year that its Thursday is in.
fn weekOf(fields: *const Fields) struct { week: i64, year: i64 } {
    const year = @as(i64, fields.year) + 1900;
    const thursday = @as(i64, fields.yearday) - mondayBased(fields) + 3;
    if (thursday < 0) {
        return .{ .week = @divFloor(thursday + lengthOf(year - 1), 7) + 1, .year = year - 1 };
    }
    if (thursday >= lengthOf(year)) return .{ .week = 1, .year = year + 1 };
    return .{ .week = @divFloor(thursday, 7) + 1, .year = year };
}

/// Days in the year.
fn lengthOf(year: i64) i64 {
    const is_leap = @mod(year, 4) == 0 and (@mod(year, 100) != 0 or @mod(year, 400) == 0);
    return if (is_leap) 366 else 365;
}

/// The text's length without the zero that ends it; 0 if it doesn't fit or asks for the unknown.
pub fn strftime(
    buffer: [*]u8,
    size: usize,
    format: [*:0]const u8,
    fields: *const Fields,
) callconv(.c) usize {
    var target: Target = .{ .buffer = buffer[0..size] };
    var length: usize = 0;
    while (format[length] != 0) length += 1;
    if (!target.putFormat(format[0..length], fields) or target.length >= size) return 0;
    buffer[target.length] = 0;
    return target.length;
}

const std = @import("std");

const host = struct {
    extern fn strftime(
        buffer: [*]u8,
        size: usize,
        format: [*:0]const u8,
        fields: *const HostFields,
    ) usize;
};

/// glibc's struct tm, which has a long where wasi-libc's has an int.
const HostFields = extern struct { numbers: [9]c_int, offset: c_long, zone: ?[*:0]const u8 };

test "each conversion is as the host's libc has it, from year 1000 to 9999" {
    if (!@import("builtin").link_libc) return error.SkipZigTest;
    const gmtime = @import("time.zig").symbols.gmtime;
    var prng: std.Random.DefaultPrng = .init(1);
    const random = prng.random();
    // glibc's %c and %r differ in no locale but the C one; its %h and musl's are the same.
    const letters = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
    for (0..3_000) |_| {
        const fields = gmtime(&random.intRangeAtMost(i64, -30_000_000_000, 253_402_300_799)).?;
        var foreign: HostFields = .{ .numbers = undefined, .offset = 0, .zone = fields.zone };
        @memcpy(&foreign.numbers, @as([*]const c_int, @ptrCast(fields))[0..9]);
        for (letters) |letter| {
            const format = [_:0]u8{ '%', letter };
            var expected: [100]u8 = undefined;
            var actual: [100]u8 = undefined;
            const expected_len = host.strftime(&expected, 100, &format, &foreign);
            const actual_len = strftime(&actual, 100, &format, fields);
            try std.testing.expectEqualStrings(expected[0..expected_len], actual[0..actual_len]);
        }
    }
}

test "years musl's way, other forms, and what doesn't fit" {
    const gmtime = @import("time.zig").symbols.gmtime;
    var buffer: [100]u8 = undefined;
    const far = gmtime(&253_402_300_800).?; // 10000-01-01
    const far_len = strftime(&buffer, 100, "%Y|%EY|%Od|%C|%y", far);
    try std.testing.expectEqualStrings("+10000|+10000|01|100|00", buffer[0..far_len]);
    const early = gmtime(&-62_167_219_201).?; // -0001-12-31
    const early_len = strftime(&buffer, 100, "%Y|%C|%y|%F", early);
    try std.testing.expectEqualStrings("-001|00|01|-001-12-31", buffer[0..early_len]);
    try std.testing.expectEqual(0, strftime(&buffer, 100, "%Q", far));
    try std.testing.expectEqual(0, strftime(&buffer, 4, "%H%M", far));
    try std.testing.expectEqual(4, strftime(&buffer, 5, "%H%M", far));
    try std.testing.expectEqual(0, strftime(&buffer, 0, "", far));
}
