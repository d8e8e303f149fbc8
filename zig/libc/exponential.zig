//! exp, log, log2, log10 and pow over one logarithm and one exponential in double-double: small,
//! rounded within 0.6 ulp, and the same bits on every target.

const DoubleDouble = @import("double_double.zig").DoubleDouble;
const ldexp = @import("math.zig").ldexp;

const inf: f64 = @bitCast(@as(u64, 0x7ff << 52));
const nan: f64 = @bitCast(@as(u64, 0xfff << 51));

/// The upper 32 bits of ln 2, so that multiples of it by an exponent are exact, and the rest.
const ln2_high = 0x1.62e42feep-1;
const ln2_low = 0x1.a39ef35793c76p-33;
const per_ln2: DoubleDouble = .{ .high = 0x1.71547652b82fep+0, .low = 0x1.777d0ffda0d24p-56 };
const per_ln10: DoubleDouble = .{ .high = 0x1.bcb7b1526e50ep-2, .low = 0x1.95355baaafad3p-57 };
const third: DoubleDouble = .{ .high = 1.0 / 3.0, .low = 1.0 / 3.0 * 0x1p-54 };

/// A positive finite double as mantissa × 2^exponent, the mantissa in [√½, √2).
const Scaled = struct {
    mantissa: f64,
    exponent: f64,

    fn of(x: f64) Scaled {
        const is_subnormal = x < 0x1p-1022;
        const bits: u64 = @bitCast(if (is_subnormal) x * 0x1p54 else x);
        // Moving the bits by those of √½ makes the carry into the exponent happen at √2.
        const moved = bits + (0x3ff << 52) - 0x3fe6a09e00000000;
        const exponent: f64 = @floatFromInt(@as(i32, @intCast(moved >> 52)) - 1023);
        const mantissa = (moved & ((1 << 52) - 1)) + 0x3fe6a09e00000000;
        return .{
            .mantissa = @bitCast(mantissa),
            .exponent = if (is_subnormal) exponent - 54 else exponent,
        };
    }

    /// ln of the mantissa to some 2^-65, by the series of artanh in (m - 1) / (m + 1).
    fn logarithm(self: Scaled) DoubleDouble {
        const denominator: DoubleDouble = .ofSum(self.mantissa, 1);
        const root = DoubleDouble.over(.{ .high = self.mantissa - 1, .low = 0 }, denominator);
        const square = root.times(root);
        // 1 + z/3 + z²(1/5 + z/7 + …), z below 0.0295: only the first two terms need all digits.
        const z = square.high;
        var series: f64 = 0;
        comptime var n = 29;
        inline while (n >= 5) : (n -= 2) series = series * z + 1.0 / @as(f64, n);
        const tail: DoubleDouble = square.times(third).plus(.{ .high = z * z * series, .low = 0 });
        const doubled: DoubleDouble = .{ .high = 2 * root.high, .low = 2 * root.low };
        return doubled.plus(doubled.times(tail));
    }

    fn naturalLogarithm(self: Scaled) DoubleDouble {
        const whole: DoubleDouble = .ofOrdered(self.exponent * ln2_high, self.exponent * ln2_low);
        return whole.plus(self.logarithm());
    }
};

/// What all logarithms answer alike; null for positive finite numbers.
fn logarithmOfSpecial(x: f64) ?f64 {
    if (x == 0) return -inf;
    if (x < 0) return nan;
    return if (x < inf) null else x; // +inf or NaN
}

fn log(x: f64) callconv(.c) f64 {
    if (logarithmOfSpecial(x)) |result| return result;
    return Scaled.of(x).naturalLogarithm().rounded();
}

fn log2(x: f64) callconv(.c) f64 {
    if (logarithmOfSpecial(x)) |result| return result;
    const scaled: Scaled = .of(x);
    const whole: DoubleDouble = .{ .high = scaled.exponent, .low = 0 };
    return whole.plus(scaled.logarithm().times(per_ln2)).rounded();
}

fn log10(x: f64) callconv(.c) f64 {
    if (logarithmOfSpecial(x)) |result| return result;
    return Scaled.of(x).naturalLogarithm().times(per_ln10).rounded();
}

fn exp(x: f64) callconv(.c) f64 {
    if (x != x) return x;
    return exponential(.{ .high = x, .low = 0 });
}

/// e^x; `x.high` may be infinite, but isn't NaN.
fn exponential(x: DoubleDouble) f64 {
    if (x.high > 710) return inf;
    if (x.high < -746) return 0;
    const count = @floor(x.high * per_ln2.high + 0.5);
    // The rest is within ±ln 2 / 2; the first difference is exact.
    const rest: DoubleDouble = .ofSum(x.high - count * ln2_high, -count * ln2_low);
    const low = rest.low + x.low;
    const r = rest.high;
    // e^r - 1 - r by Taylor's series, whose first term left out is below 2^-62.
    var series: f64 = 0;
    comptime var n = 14;
    inline while (n >= 2) : (n -= 1) series = series * r + 1.0 / factorial(n);
    const tail = r * r * series;
    const first: DoubleDouble = .ofOrdered(r, tail + (low + low * (r + tail)));
    const sum: DoubleDouble = .ofOrdered(1, first.high);
    return ldexp(sum.high + (sum.low + first.low), @intFromFloat(count));
}

fn factorial(comptime n: usize) f64 {
    var product: f64 = 1;
    for (2..n + 1) |factor| product *= @floatFromInt(factor);
    return product;
}

/// x^y with C99's special cases (F.9.4.4).
pub fn pow(x: f64, y: f64) callconv(.c) f64 {
    if (y == 0 or x == 1) return 1; // Even for NaN.
    if (x != x or y != y) return nan;
    const magnitude = @abs(x);
    if (magnitude == 1 and @abs(y) > 0x1p64) return 1; // Such a y is even, or infinite.
    const is_odd = @abs(y) < 0x1p53 and @floor(y) == y and @floor(y / 2) * 2 != y;
    const is_negative = @as(i64, @bitCast(x)) < 0;
    const sign: f64 = if (is_negative and is_odd) -1 else 1;
    // Where the result leaves all doubles; an exponent this large takes any base but 1 out.
    if (magnitude == 0 or magnitude == inf or @abs(y) > 0x1p64) {
        if (x < 0 and magnitude != inf and @floor(y) != y) return nan;
        return if ((magnitude > 1) == (y > 0)) sign * inf else sign * 0;
    }
    if (is_negative and @floor(y) != y) return nan;
    if (@abs(y) < 0x1p-65) return 1; // No logarithm is large enough to make a difference.
    if (y == 0.5) return @sqrt(x);
    if (y == 1) return x;
    const logarithm = Scaled.of(magnitude).naturalLogarithm();
    const power = logarithm.times(.{ .high = y, .low = 0 });
    return sign * exponential(power);
}

pub const symbols = .{ .exp = &exp, .log = &log, .log10 = &log10, .log2 = &log2, .pow = &pow };

const testing = @import("std").testing;

test "exact powers and logarithms" {
    try testing.expectEqual(0x1p53, pow(2, 53));
    try testing.expectEqual(100, pow(10, 2));
    try testing.expectEqual(1e22, pow(10, 22));
    try testing.expectEqual(5559060566555523, pow(3, 33));
    try testing.expectEqual(-8, pow(-2, 3));
    try testing.expectEqual(5e-324, pow(2, -1074));
    try testing.expectEqual(0, pow(2, -1076));
    try testing.expectEqual(inf, pow(2, 1024));
    try testing.expectEqual(0x1p1023, pow(2, 1023));
    try testing.expectEqual(3, pow(27, 1.0 / 3.0));
    try testing.expectEqual(1, exp(0));
    try testing.expectEqual(3, log10(1000));
    try testing.expectEqual(-1074, log2(5e-324));
    try testing.expectEqual(0, log(1));
    try testing.expectEqual(-inf, log(-0.0));
    try testing.expect(log(-1) != log(-1));
}

test "pow's special cases" {
    const cases = [_][3]f64{
        .{ nan, 0, 1 },        .{ 1, nan, 1 },       .{ -1, inf, 1 },     .{ -1, -inf, 1 },
        .{ 0.5, -inf, inf },   .{ 2, -inf, 0 },      .{ 0.5, inf, 0 },    .{ 2, inf, inf },
        .{ 0, -3, inf },       .{ -0.0, -3, -inf },  .{ -0.0, -2, inf },  .{ -0.0, 3, -0.0 },
        .{ -0.0, 0.5, 0 },     .{ -0.0, -inf, inf }, .{ -inf, -3, -0.0 }, .{ -inf, -2, 0 },
        .{ -inf, 3, -inf },    .{ -inf, 0.5, inf },  .{ -inf, -1.5, 0 },  .{ inf, -1, 0 },
        .{ inf, 1e-300, inf }, .{ -2, 1e300, inf },  .{ -0.5, 1e300, 0 }, .{ -2, -1e300, 0 },
        .{ -1, 1e300, 1 },
    };
    for (cases) |case| {
        errdefer @import("std").debug.print("pow({d}, {d})\n", .{ case[0], case[1] });
        const bits: u64 = @bitCast(pow(case[0], case[1]));
        try testing.expectEqual(@as(u64, @bitCast(case[2])), bits);
    }
    try testing.expect(pow(-8, 1.0 / 3.0) != pow(-8, 1.0 / 3.0));
}
