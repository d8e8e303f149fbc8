//! The host's clocks, and the Gregorian calendar in UTC, the only zone.

const builtin = @import("builtin");
const errno = @import("errno.zig");

const host = if (builtin.is_test) @import("test_host.zig") else struct {
    /// Seconds since the epoch, or NaN where the host has no clock.
    extern "env" fn js_time() f64;
    /// Seconds of CPU time, or NaN.
    extern "env" fn js_clock() f64;
};

/// CLOCKS_PER_SEC in our time.h and in wasi-libc's.
const clocks_per_second = 1_000_000_000;

/// struct tm of our time.h and of wasi-libc.
pub const Fields = extern struct {
    second: c_int,
    minute: c_int,
    hour: c_int,
    day: c_int, // 1 to 31
    month: c_int, // 0 to 11
    year: c_int, // Since 1900.
    weekday: c_int, // Since Sunday.
    yearday: c_int, // 0 to 365
    is_summer: c_int,
    offset: c_int,
    zone: ?[*:0]const u8,
    nanosecond: c_int,
};

fn clock() callconv(.c) c_longlong {
    return integerOf(host.js_clock() * clocks_per_second);
}

fn time(result: ?*c_longlong) callconv(.c) c_longlong {
    const seconds = integerOf(@floor(host.js_time()));
    if (result) |target| target.* = seconds;
    return seconds;
}

/// -1, C's "not known", for NaN and what no integer holds.
fn integerOf(value: f64) c_longlong {
    return if (@abs(value) < 0x1p63) @intFromFloat(value) else -1;
}

fn difftime(later: c_longlong, earlier: c_longlong) callconv(.c) f64 {
    // As musl: the difference wraps, a double doesn't hold it anyway.
    return @floatFromInt(later -% earlier);
}

var shared_fields: Fields = undefined;

/// C's gmtime and, in UTC, localtime. Null with EOVERFLOW when an int can't hold the year.
fn gmtime(instant: *const c_longlong) callconv(.c) ?*Fields {
    if (!fieldsOf(instant.*, &shared_fields)) return null;
    return &shared_fields;
}

/// Brings the fields, which may be out of range, into it; -1 with EOVERFLOW as gmtime.
fn mktime(fields: *Fields) callconv(.c) c_longlong {
    // An int's worth of each unit together stays far below 2^63 seconds.
    const months = @as(i64, fields.year) * 12 + fields.month;
    const year = @divFloor(months, 12) + 1900;
    const days = daysBefore(year, @intCast(@mod(months, 12))) + fields.day - 1;
    const seconds = days * 86_400 + @as(i64, fields.hour) * 3_600 +
        @as(i64, fields.minute) * 60 + fields.second;
    return if (fieldsOf(seconds, fields)) seconds else -1;
}

/// Days from 1970-01-01 to the first of `month` (0 to 11) in `year`, by a calendar whose years
/// start in March, so that the leap day is the last.
fn daysBefore(year: i64, month: u32) i64 {
    const shifted_year = if (month < 2) year - 1 else year;
    const shifted_month = (month + 10) % 12;
    const days = (shifted_month * 153 + 2) / 5; // 31, 30, 31, 30, 31 days, again and again
    return shifted_year * 365 + @divFloor(shifted_year, 4) - @divFloor(shifted_year, 100) +
        @divFloor(shifted_year, 400) + days - 719_468;
}

fn fieldsOf(seconds: i64, fields: *Fields) bool {
    const days = @divFloor(seconds, 86_400);
    const in_day: c_int = @intCast(@mod(seconds, 86_400));
    // The mean year is 365.2425 days: the guess is the year or the one behind.
    var year = @divFloor((days +| 719_528) *| 400, 146_097);
    if (@abs(year) > 1 << 32) return overflow(); // What follows would overflow, too.
    if (daysBefore(year, 0) > days) year -= 1;
    if (daysBefore(year + 1, 0) <= days) year += 1;
    if (year - 1900 > 0x7fff_ffff or year - 1900 < -0x8000_0000) return overflow();
    var month: u32 = 11;
    while (daysBefore(year, month) > days) month -= 1;
    fields.* = .{
        .second = @mod(in_day, 60),
        .minute = @mod(@divFloor(in_day, 60), 60),
        .hour = @divFloor(in_day, 3_600),
        .day = @intCast(days - daysBefore(year, month) + 1),
        .month = @intCast(month),
        .year = @intCast(year - 1900),
        .weekday = @intCast(@mod(days + 4, 7)), // 1970-01-01 was a Thursday.
        .yearday = @intCast(days - daysBefore(year, 0)),
        .is_summer = 0,
        .offset = 0,
        .zone = "UTC",
        .nanosecond = 0,
    };
    return true;
}

fn overflow() bool {
    errno.set(.overflow);
    return false;
}

pub const symbols = .{
    .clock = &clock,
    .difftime = &difftime,
    .gmtime = &gmtime,
    .localtime = &gmtime,
    .mktime = &mktime,
    .strftime = &@import("strftime.zig").strftime,
    .time = &time,
};

const testing = @import("std").testing;

test "fields and seconds undo each other over the whole range" {
    var prng: @import("std").Random.DefaultPrng = .init(1);
    const random = prng.random();
    for (0..20_000) |_| {
        const instant = random.int(i64) >> @intCast(8 + random.uintLessThan(u8, 50));
        const fields = gmtime(&instant) orelse {
            try testing.expect(@abs(instant) > 67_767_976_233_532_799);
            continue;
        };
        var copy = fields.*;
        try testing.expectEqual(instant, mktime(&copy));
        try testing.expectEqual(fields.*, copy);
    }
}

test "known instants" {
    const fields = gmtime(&1_709_251_199).?.*; // 2024-02-29 23:59:59
    try testing.expectEqual(.{ 124, 1, 29, 23, 59, 59, 4, 59 }, .{
        fields.year,   fields.month,  fields.day,     fields.hour,
        fields.minute, fields.second, fields.weekday, fields.yearday,
    });
    // The ends of what an int can hold as a year.
    try testing.expectEqual(2_147_483_647, gmtime(&67_768_036_191_676_799).?.year);
    try testing.expectEqual(null, gmtime(&67_768_036_191_676_800));
    try testing.expectEqual(-2_147_483_648, gmtime(&-67_768_040_609_740_800).?.year);
    try testing.expectEqual(null, gmtime(&-67_768_040_609_740_801));
    try testing.expectEqual(61, errno.get());
    for ([_]c_longlong{ 0x7fff_ffff_ffff_ffff, -0x8000_0000_0000_0000 }) |extreme| {
        try testing.expectEqual(null, gmtime(&extreme));
    }
}

test "mktime normalises, and refuses what no int can hold" {
    const max = 0x7fff_ffff;
    var fields: Fields = .{
        .second = -1,
        .minute = 0,
        .hour = 0,
        .day = 31,
        .month = 13,
        .year = 123,
        .weekday = 0,
        .yearday = 0,
        .is_summer = -1,
        .offset = 0,
        .zone = null,
        .nanosecond = 0,
    };
    // The 31st of the 14th month of 2023 is 2024-03-02.
    try testing.expectEqual(1_709_337_599, mktime(&fields));
    const date = .{ fields.year, fields.month, fields.day, fields.second };
    try testing.expectEqual(.{ 124, 2, 1, 59 }, date);
    fields.year = max;
    fields.month = 12;
    try testing.expectEqual(-1, mktime(&fields));
    fields = .{
        .second = max,
        .minute = max,
        .hour = max,
        .day = max,
        .month = max,
        .year = max,
        .weekday = 0,
        .yearday = 0,
        .is_summer = -1,
        .offset = 0,
        .zone = null,
        .nanosecond = 0,
    };
    try testing.expectEqual(-1, mktime(&fields));
}

test "clocks answer -1 where the host knows none" {
    host.seconds = 1.999;
    try testing.expectEqual(1, time(null));
    try testing.expectEqual(1_999_000_000, clock());
    for ([_]f64{ @import("std").math.nan(f64), 1e300 }) |unknown| {
        host.seconds = unknown;
        try testing.expectEqual(-1, time(null));
        try testing.expectEqual(-1, clock());
    }
}
