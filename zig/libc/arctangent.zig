//! atan2 over a double-double quotient; the series' coefficients are those of FreeBSD's msun
//! (Copyright 1993 Sun Microsystems, which grants use and change freely).

const DoubleDouble = @import("double_double.zig").DoubleDouble;

const pi: DoubleDouble = .{ .high = 0x1.921fb54442d18p+1, .low = 0x1.1a62633145c07p-53 };
const half_pi: DoubleDouble = .{ .high = 0.5 * pi.high, .low = 0.5 * pi.low };

const Center = struct { tangent: f64, angle: DoubleDouble };

/// Where the series is centred: atan 0.5, 1 and 1.5, and above 39/16 infinity.
const centers = [_]Center{
    .{
        .tangent = 0.5,
        .angle = .{ .high = 4.63647609000806093515e-01, .low = 2.26987774529616870924e-17 },
    },
    .{ .tangent = 1, .angle = .{ .high = 0.25 * pi.high, .low = 0.25 * pi.low } },
    .{
        .tangent = 1.5,
        .angle = .{ .high = 9.82793723247329054082e-01, .low = 1.39033110312309984516e-17 },
    },
};

/// atan of a positive number, as a sum that isn't normalised.
fn arctangent(quotient: DoubleDouble) DoubleDouble {
    const q = quotient.high;
    if (q < 0.4375) return around(.{ .high = 0, .low = 0 }, quotient);
    const one: DoubleDouble = .{ .high = 1, .low = 0 };
    if (q >= 2.4375) {
        return around(half_pi, DoubleDouble.over(.{ .high = -1, .low = 0 }, quotient));
    }
    const center = centers[if (q < 0.6875) 0 else if (q < 1.1875) 1 else 2];
    const tangent: DoubleDouble = .{ .high = center.tangent, .low = 0 };
    const numerator = quotient.plus(.{ .high = -center.tangent, .low = 0 });
    return around(center.angle, numerator.over(quotient.times(tangent).plus(one)));
}

/// `angle` + atan(r), |r| below 0.44.
fn around(angle: DoubleDouble, r: DoubleDouble) DoubleDouble {
    const a = [_]f64{
        3.33333333333329318027e-01,  -1.99999999998764832476e-01, 1.42857142725034663711e-01,
        -1.11111104054623557880e-01, 9.09088713343650656196e-02,  -7.69187620504482999495e-02,
        6.66107313738753120669e-02,  -5.83357013379057348645e-02, 4.97687799461593236017e-02,
        -3.65315727442169155270e-02, 1.62858201153657823623e-02,
    };
    const z = r.high * r.high;
    var series: f64 = 0;
    var i: usize = a.len;
    while (i > 0) {
        i -= 1;
        series = (series + a[i]) * z;
    }
    const sum: DoubleDouble = .ofSum(angle.high, r.high);
    return .{
        .high = sum.high,
        .low = sum.low + (angle.low + (r.low * (1 - z) - r.high * series)),
    };
}

pub fn atan2(y: f64, x: f64) callconv(.c) f64 {
    if (x != x or y != y) return x + y;
    const is_negative = @as(i64, @bitCast(y)) < 0;
    const is_left = @as(i64, @bitCast(x)) < 0;
    const angle = angleOf(@abs(y), @abs(x), is_left);
    return if (is_negative) -angle else angle;
}

/// The angle of (±x, y), of which neither is negative; `is_left` if x was.
fn angleOf(y: f64, x: f64, is_left: bool) f64 {
    const inf: f64 = @bitCast(@as(u64, 0x7ff << 52));
    if (x == inf and y == inf) return if (is_left) 0.75 * pi.high else 0.25 * pi.high;
    // Where the axes are nearer than half a unit in the last place.
    if (y == 0 or x == inf or y < x * 0x1p-64) {
        return if (is_left) pi.high else if (y == 0 or x == inf) 0 else y / x;
    }
    if (x == 0 or y == inf or x < y * 0x1p-64) return half_pi.high;
    const scale: f64 = if (x < 0x1p-900 or y < 0x1p-900) 0x1p200 else 1; // Keeps low parts normal.
    const quotient = DoubleDouble.over(
        .{ .high = y * scale, .low = 0 },
        .{ .high = x * scale, .low = 0 },
    );
    const angle = arctangent(quotient);
    if (!is_left) return angle.rounded();
    const sum: DoubleDouble = .ofSum(pi.high, -angle.high);
    return sum.high + (sum.low + (pi.low - angle.low));
}

test "the axes, by the signs of zero and infinity" {
    const testing = @import("std").testing;
    const inf: f64 = @bitCast(@as(u64, 0x7ff << 52));
    const cases = [_][3]f64{
        .{ 0.0, 1, 0 },                    .{ -0.0, 1, -0.0 },        .{ 0.0, -1, pi.high },
        .{ -0.0, -1, -pi.high },           .{ 0.0, 0.0, 0 },          .{ -0.0, 0.0, -0.0 },
        .{ 0.0, -0.0, pi.high },           .{ -0.0, -0.0, -pi.high }, .{ 1, 0, half_pi.high },
        .{ -1, -0.0, -half_pi.high },      .{ inf, 1, half_pi.high }, .{ 1, inf, 0 },
        .{ -1, inf, -0.0 },                .{ 1, -inf, pi.high },     .{ inf, inf, pi.high / 4 },
        .{ -inf, -inf, -3 * pi.high / 4 }, .{ 5e-324, 1e300, 0 },     .{ 1, 1, pi.high / 4 },
    };
    for (cases) |case| {
        errdefer @import("std").debug.print("atan2({d}, {d})\n", .{ case[0], case[1] });
        const bits: u64 = @bitCast(atan2(case[0], case[1]));
        try testing.expectEqual(@as(u64, @bitCast(case[2])), bits);
    }
}
