//! A double as decimal or hexadecimal digits, exactly rounded, half to even, at any length.

const BigDecimal = @import("big_decimal.zig").BigDecimal;
const whole_limbs = @import("big_decimal.zig").whole_limbs;

/// A finite double's sign, and its magnitude as mantissa × 2^exponent.
pub const Parts = struct {
    is_negative: bool,
    mantissa: u64,
    exponent: i32,

    pub fn of(value: f64) Parts {
        const bits: u64 = @bitCast(value);
        const biased: i32 = @intCast(bits >> 52 & 0x7ff);
        const fraction = bits & ((1 << 52) - 1);
        return .{
            .is_negative = bits >> 63 != 0,
            .mantissa = if (biased == 0) fraction else fraction | 1 << 52,
            .exponent = @as(i32, @max(biased, 1)) - 1075,
        };
    }
};

/// No double has more significant digits than 767; two limbs more take what rounding needs.
const digits_max = 767 + 18;

/// Where to round: to so many significant digits, or to so many behind the point.
pub const Cut = union(enum) { significant: u32, fraction: u32 };

pub const Decimal = struct {
    /// digits[0..len], values 0 to 9, stand for 0.d₀d₁d₂… × 10^point. The first isn't zero, nor is
    /// the last; zero has no digits and point 0.
    digits: [digits_max]u8,
    len: usize,
    point: i32,

    /// `parts`, rounded at `cut`.
    pub fn of(parts: Parts, cut: Cut) Decimal {
        var big = BigDecimal.ofInteger(parts.mantissa);
        if (parts.exponent < 0) {
            big.shiftRight(@intCast(-parts.exponent));
        } else {
            big.shiftLeft(@intCast(parts.exponent));
        }
        var self: Decimal = .{ .digits = undefined, .len = 0, .point = 0 };
        if (big.first == big.end) return self;
        self.point = (whole_limbs - @as(i32, @intCast(big.first))) * 9;
        const kept_max = digits_max - 18;
        var rest_is_zero = true;
        for (big.limbs[big.first..big.end]) |limb| {
            if (self.len >= @max(self.kept(cut) +| 1, 1) or self.len > kept_max) {
                rest_is_zero = false; // The last limb isn't zero.
                break;
            }
            self.append(limb);
        }
        self.round(self.kept(cut), rest_is_zero);
        return self;
    }

    /// How many of the digits stay when rounded at `cut`; negative when even the first is far off.
    fn kept(self: *const Decimal, cut: Cut) i32 {
        return switch (cut) {
            .significant => |count| @intCast(@min(count, digits_max)),
            .fraction => |count| self.point + @as(i32, @intCast(@min(count, 2 * digits_max))),
        };
    }

    /// Appends the nine digits of `limb`, but no zeros in front of the first digit.
    fn append(self: *Decimal, limb: u32) void {
        var unit: u32 = 100_000_000;
        var rest = limb;
        while (unit != 0) : (unit /= 10) {
            const digit: u8 = @intCast(rest / unit);
            rest %= unit;
            if (self.len == 0 and digit == 0) {
                self.point -= 1;
            } else {
                self.digits[self.len] = digit;
                self.len += 1;
            }
        }
    }

    /// Cuts to `count` digits. What stands behind the last digit is nothing if `rest_is_zero`.
    fn round(self: *Decimal, count: i32, rest_is_zero: bool) void {
        if (count < 0) {
            self.len = 0;
        } else if (count < self.len) {
            const keep: usize = @intCast(count);
            const dropped = self.digits[keep];
            const is_half = dropped == 5 and rest_is_zero and self.isZeroFrom(keep + 1);
            const is_odd = keep != 0 and self.digits[keep - 1] & 1 == 1;
            self.len = keep;
            if (if (is_half) is_odd else dropped >= 5) self.increment();
        }
        while (self.len != 0 and self.digits[self.len - 1] == 0) self.len -= 1;
        if (self.len == 0) self.point = 0;
    }

    fn isZeroFrom(self: *const Decimal, start: usize) bool {
        for (self.digits[start..self.len]) |digit| {
            if (digit != 0) return false;
        }
        return true;
    }

    /// Adds one in the last place.
    fn increment(self: *Decimal) void {
        while (self.len != 0) : (self.len -= 1) {
            if (self.digits[self.len - 1] != 9) {
                self.digits[self.len - 1] += 1;
                return;
            }
        }
        self.digits[0] = 1;
        self.len = 1;
        self.point += 1;
    }
};

pub const Hexadecimal = struct {
    /// The digit in front of the point: 1, 0 for zero, or 2 when rounding carried.
    whole: u8,
    /// digits[0..len] behind the point, values 0 to 15.
    digits: [13]u8,
    len: usize,
    exponent: i32,

    /// `parts` with `count` digits behind the point, or with as many as it needs. As in musl a
    /// subnormal is written with a leading 1, and a carry makes it 2 without a new exponent.
    pub fn of(parts: Parts, count: ?u32) Hexadecimal {
        var self: Hexadecimal = .{ .whole = 0, .digits = undefined, .len = 0, .exponent = 0 };
        if (parts.mantissa == 0) return self;
        const shift: u6 = @intCast(@clz(parts.mantissa) - 11);
        var mantissa = parts.mantissa << shift;
        self.exponent = parts.exponent + 52 - @as(i32, shift);
        if (count) |digits| if (digits < 13) {
            const dropped_bits: u6 = @intCast((13 - digits) * 4);
            const half = @as(u64, 1) << (dropped_bits - 1);
            mantissa += half - 1 + (mantissa >> dropped_bits & 1);
            mantissa = mantissa >> dropped_bits << dropped_bits;
        };
        self.whole = @intCast(mantissa >> 52);
        mantissa &= (1 << 52) - 1;
        while (mantissa != 0) : (self.len += 1) {
            self.digits[self.len] = @intCast(mantissa >> 48);
            mantissa = mantissa << 4 & ((1 << 52) - 1);
        }
        return self;
    }
};

const testing = @import("std").testing;

fn expectDigits(expected: []const u8, point: i32, value: f64, cut: Cut) !void {
    const decimal = Decimal.of(.of(value), cut);
    try testing.expectEqual(expected.len, decimal.len);
    for (expected, decimal.digits[0..decimal.len]) |wanted, digit| {
        try testing.expectEqual(wanted - '0', digit);
    }
    try testing.expectEqual(point, decimal.point);
}

test "ties go to even, anything above goes up" {
    try expectDigits("", 0, 0.5, .{ .fraction = 0 });
    try expectDigits("2", 1, 1.5, .{ .fraction = 0 });
    try expectDigits("2", 1, 2.5, .{ .fraction = 0 });
    try expectDigits("1", 1, 0.5000000000000001, .{ .fraction = 0 });
    try expectDigits("12", 0, 0.125, .{ .significant = 2 });
    try expectDigits("1", 3, 99.5, .{ .fraction = 0 });
    try expectDigits("", 0, 0.04, .{ .fraction = 0 });
}

test "extremes are exact" {
    try expectDigits("5", -323, 5e-324, .{ .significant = 1 });
    try expectDigits("49406564584124654", -323, 5e-324, .{ .significant = 17 });
    try expectDigits("17976931348623157", 309, 1.7976931348623157e308, .{ .significant = 17 });
    const whole = Decimal.of(.of(2.2250738585072011e-308), .{ .significant = 1000 });
    try testing.expectEqual(767, whole.len);
    try expectDigits("", 0, 0, .{ .significant = 17 });
}

test "hexadecimal rounds half to even" {
    try testing.expectEqual(2, Hexadecimal.of(.of(1.5), 0).whole);
    try testing.expectEqual(1, Hexadecimal.of(.of(1.25), 0).whole);
    try testing.expectEqual(-1074, Hexadecimal.of(.of(5e-324), null).exponent);
    try testing.expectEqual(1, Hexadecimal.of(.of(1.5), null).len);
}
