//! sin, cos and tan: exact reduction of any argument, then the kernels of FreeBSD's msun (Copyright
//! 1993 Sun Microsystems, which grants use and change freely), whose coefficients these are.

const DoubleDouble = @import("double_double.zig").DoubleDouble;

/// x less a multiple of π/2; what is left lies within ±π/4, and the multiple modulo 4.
const Reduced = struct {
    rest: DoubleDouble,
    quadrant: u2,

    fn of(x: f64) Reduced {
        const magnitude = @abs(x);
        if (magnitude <= 0x1.921fb54442d18p-1) {
            return .{ .rest = .{ .high = x, .low = 0 }, .quadrant = 0 };
        }
        return if (magnitude < 0x1p20) ofMedium(x) else ofLarge(x);
    }

    /// Subtracts π/2 in parts of 33 bits, whose multiples are exact, until enough digits are left.
    fn ofMedium(x: f64) Reduced {
        const parts = [_]f64{ 0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69 };
        const tails = [_]f64{
            0x1.0b4611a626331p-34, 0x1.3198a2e037073p-69, 0x1.b839a252049c1p-104,
        };
        const count = @floor(x * 0x1.45f306dc9c883p-1 + 0.5);
        var upper = x - count * parts[0];
        var lower = count * tails[0];
        var high = upper - lower;
        // Each further part replaces the tail when cancellation took more than the last one gave.
        inline for (.{ 1, 2 }, .{ 16, 49 }) |i, lost_bits_max| {
            if (exponentOf(x) - exponentOf(high) <= lost_bits_max) break;
            const before = upper;
            upper = before - count * parts[i];
            lower = count * tails[i] - ((before - upper) - count * parts[i]);
            high = upper - lower;
        }
        return .{
            .rest = .{ .high = high, .low = (upper - high) - lower },
            .quadrant = @truncate(@as(u32, @bitCast(@as(i32, @intFromFloat(count))))),
        };
    }

    /// Multiplies by those bits of 2/π that matter (Payne and Hanek, 1983): what lies in front of
    /// them gives multiples of 2π, what lies behind is too small.
    fn ofLarge(x: f64) Reduced {
        const bits: u64 = @bitCast(x);
        const field: u32 = @intCast(bits >> 52 & 0x7ff);
        if (field == 0x7ff) return .{ .rest = .{ .high = x - x, .low = 0 }, .quadrant = 0 };
        const mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        // |x| = mantissa × 2^(field - 1075). The first bit of 2/π that counts is the one that with
        // 2^(field - 1075) makes 2; the table has 64 zeros in front, for there may be no such bit.
        const skipped = field + 62 - 1075;
        const product = multiply(mantissa, skipped);
        // product / 2^190 is |x| × 2/π modulo 4: two bits of quadrant, then a fraction, which as a
        // two's complement number is the distance to the nearest quadrant.
        var high: f64 = 0;
        var low: f64 = 0;
        var unit: f64 = 0x1p-32;
        for (0..product.len) |i| {
            const next = if (i + 1 < product.len) product[i + 1] else 0;
            const word = product[i] << 2 | next >> 30;
            const value: f64 = if (i == 0)
                @floatFromInt(@as(i32, @bitCast(word)))
            else
                @floatFromInt(word);
            const sum: DoubleDouble = .ofSum(high, value * unit);
            high = sum.high;
            low += sum.low;
            unit *= 0x1p-32;
        }
        const rest = DoubleDouble.ofOrdered(high, low).times(half_pi);
        const quadrant: u2 = @truncate((product[0] >> 29) + 1 >> 1);
        if (x > 0) return .{ .rest = rest, .quadrant = quadrant };
        return .{ .rest = .{ .high = -rest.high, .low = -rest.low }, .quadrant = 0 -% quadrant };
    }

    /// mantissa × the 192 bits of 2/π behind the first `skipped`, modulo 2^192; top word first.
    fn multiply(mantissa: u64, skipped: u32) [6]u32 {
        const start = skipped / 32;
        const shift: u6 = @intCast(skipped % 32);
        const lower: u32 = @truncate(mantissa);
        const upper = mantissa >> 32;
        var window: [6]u32 = undefined;
        var product: [6]u32 = undefined;
        var carry: u64 = 0;
        var i: usize = 6;
        while (i > 0) {
            i -= 1;
            const pair = @as(u64, two_per_pi[start + i]) << 32 | two_per_pi[start + i + 1];
            window[i] = @truncate(pair << shift >> 32);
            const sum = @as(u64, window[i]) * lower + carry;
            product[i] = @truncate(sum);
            carry = sum >> 32;
        }
        carry = 0;
        i = 5;
        while (i > 0) {
            i -= 1;
            const sum = window[i + 1] * upper + product[i] + carry;
            product[i] = @truncate(sum);
            carry = sum >> 32;
        }
        return product;
    }
};

fn exponentOf(x: f64) i32 {
    return @intCast(@as(u64, @bitCast(x)) >> 52 & 0x7ff);
}

const half_pi: DoubleDouble = .{ .high = 0x1.921fb54442d18p+0, .low = 0x1.1a62633145c07p-54 };

/// 64 zeros, then the first 1216 bits of 2/π.
const two_per_pi = [_]u32{
    0,          0,          0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041,
    0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e,
    0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b,
    0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
    0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab,
};

/// sin(x.high + x.low) within ±π/4.
fn sinKernel(x: DoubleDouble) f64 {
    const s = [_]f64{
        -1.66666666666666324348e-01, 8.33333333332248946124e-03,  -1.98412698298579493134e-04,
        2.75573137070700676789e-06,  -2.50507602534068634195e-08, 1.58969099521155010221e-10,
    };
    const z = x.high * x.high;
    const r = s[1] + z * (s[2] + z * s[3]) + z * (z * z) * (s[4] + z * s[5]);
    const v = z * x.high;
    return x.high - ((z * (0.5 * x.low - v * r) - x.low) - v * s[0]);
}

/// cos(x.high + x.low) within ±π/4.
fn cosKernel(x: DoubleDouble) f64 {
    const c = [_]f64{
        4.16666666666666019037e-02,  -1.38888888888741095749e-03, 2.48015872894767294178e-05,
        -2.75573143513906633035e-07, 2.08757232129817482790e-09,  -1.13596475577881948265e-11,
    };
    const z = x.high * x.high;
    const low_terms = c[0] + z * (c[1] + z * c[2]);
    const high_terms = c[3] + z * (c[4] + z * c[5]);
    const r = z * low_terms + (z * z) * (z * z) * high_terms;
    const hz = 0.5 * z;
    const w = 1 - hz;
    return w + (((1 - w) - hz) + (z * r - x.high * x.low));
}

/// tan(x.high + x.low) within ±π/4, or with `is_odd` -1 / tan.
fn tanKernel(input: DoubleDouble, is_odd: bool) f64 {
    const t = [_]f64{
        3.33333333333334091986e-01, 1.33333333333201242699e-01, 5.39682539762260521377e-02,
        2.18694882948595424599e-02, 8.86323982359930005737e-03, 3.59207910759131235356e-03,
        1.45620945432529025516e-03, 5.88041240820264096874e-04, 2.46463134818469906812e-04,
        7.81794442939557092300e-05, 7.14072491382608190305e-05, -1.85586374855275456654e-05,
        2.59073051863633712884e-05,
    };
    var x = input.high;
    var y = input.low;
    const is_big = @abs(x) >= 0.6744; // Then it goes through tan(π/4 - x).
    if (is_big) {
        if (x < 0) {
            x = -x;
            y = -y;
        }
        x = (0.5 * half_pi.high - x) + (0.5 * half_pi.low - y);
        y = 0;
    }
    const z = x * x;
    const w = z * z;
    var r = t[1] + w * (t[3] + w * (t[5] + w * (t[7] + w * (t[9] + w * t[11]))));
    const v = z * (t[2] + w * (t[4] + w * (t[6] + w * (t[8] + w * (t[10] + w * t[12])))));
    const cube = z * x;
    r = y + z * (cube * (r + v) + y) + cube * t[0];
    const sum: DoubleDouble = .ofOrdered(x, r);
    const tangent = sum.high;
    if (is_big) {
        const one: f64 = if (is_odd) -1 else 1;
        const result = one - 2 * (x + (r - tangent * tangent / (tangent + one)));
        return if (input.high < 0) -result else result;
    }
    if (!is_odd) return tangent;
    return DoubleDouble.over(.{ .high = -1, .low = 0 }, sum).rounded();
}

fn sin(x: f64) callconv(.c) f64 {
    const reduced: Reduced = .of(x);
    const is_even = reduced.quadrant & 1 == 0;
    const result = if (is_even) sinKernel(reduced.rest) else cosKernel(reduced.rest);
    return if (reduced.quadrant >= 2) -result else result;
}

fn cos(x: f64) callconv(.c) f64 {
    const reduced: Reduced = .of(x);
    const is_even = reduced.quadrant & 1 == 0;
    const result = if (is_even) cosKernel(reduced.rest) else sinKernel(reduced.rest);
    return if (reduced.quadrant +% 1 >= 2) -result else result;
}

fn tan(x: f64) callconv(.c) f64 {
    if (@abs(x) < 0x1p-27) return x; // Keeps the sign of zero.
    const reduced: Reduced = .of(x);
    return tanKernel(reduced.rest, reduced.quadrant & 1 == 1);
}

pub const symbols = .{ .cos = &cos, .sin = &sin, .tan = &tan };

const testing = @import("std").testing;

test "the sign of zero, infinity and NaN" {
    inline for (.{ &sin, &tan }) |function| {
        try testing.expectEqual(@as(u64, 1 << 63), @as(u64, @bitCast(function(-0.0))));
    }
    const inf: f64 = @bitCast(@as(u64, 0x7ff << 52));
    inline for (.{ &sin, &cos, &tan }) |function| {
        try testing.expect(function(inf) != function(inf));
        try testing.expect(function(-inf) != function(-inf));
        try testing.expect(function(inf - inf) != function(inf - inf));
    }
    try testing.expectEqual(1, cos(0));
}

test "arguments that lie next to multiples of π/2" {
    try testing.expectEqual(0x1.1a62633145c07p-53, sin(0x1.921fb54442d18p+1));
    // The double that is nearest to such a multiple (Muller, Elementary Functions, ch. 11).
    try testing.expectApproxEqRel(-4.687165924254624e-19, cos(6381956970095103 * 0x1p797), 1e-15);
}
