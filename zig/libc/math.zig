//! The functions on doubles that Lua calls, as a table of contents, and the exact ones of them.

const std = @import("std");

fn ceil(x: f64) callconv(.c) f64 {
    return @ceil(x);
}
fn floor(x: f64) callconv(.c) f64 {
    return @floor(x);
}
fn fabs(x: f64) callconv(.c) f64 {
    return @abs(x);
}
fn sqrt(x: f64) callconv(.c) f64 {
    return @sqrt(x);
}
fn asin(x: f64) callconv(.c) f64 {
    return std.math.asin(x);
}
fn acos(x: f64) callconv(.c) f64 {
    return std.math.acos(x);
}

/// x = fraction × 2^exponent with the fraction in [0.5, 1); zero, infinities and NaN are their own.
fn frexp(x: f64, exponent: *c_int) callconv(.c) f64 {
    exponent.* = 0;
    if (x == 0 or x - x != 0) return x;
    var value = x;
    if (@abs(x) < 0x1p-1022) {
        value *= 0x1p54;
        exponent.* = -54;
    }
    const bits: u64 = @bitCast(value);
    exponent.* += @as(c_int, @intCast(bits >> 52 & 0x7ff)) - 1022;
    return @bitCast(bits & ~@as(u64, 0x7ff << 52) | 1022 << 52);
}

/// x × 2^exponent, rounded once.
pub fn ldexp(x: f64, exponent: c_int) callconv(.c) f64 {
    var value = x;
    // Three steps reach from either end of the range past the other. Down, each but the last
    // leaves 53 bits above the subnormals, so that only the last one rounds.
    var left: c_int = @max(-3 * 969, @min(exponent, 3 * 1023));
    while (left > 1023) : (left -= 1023) value *= 0x1p1023;
    while (left < -1022) : (left += 969) value *= 0x1p-969;
    return value * @as(f64, @bitCast(@as(u64, @intCast(left + 1023)) << 52));
}

pub const symbols = .{
    .acos = &acos,
    .asin = &asin,
    .atan2 = &@import("arctangent.zig").atan2,
    .ceil = &ceil,
    .fabs = &fabs,
    .floor = &floor,
    .frexp = &frexp,
    .ldexp = &ldexp,
    .sqrt = &sqrt,
};
