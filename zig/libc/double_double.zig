//! Numbers as the sum of two doubles, some 106 bits: what lets a function round only once.

pub const DoubleDouble = struct {
    /// The nearest double to the sum.
    high: f64,
    low: f64,

    /// a + b, exactly, where |a| ≥ |b| or a is 0 (Dekker, 1971).
    pub fn ofOrdered(a: f64, b: f64) DoubleDouble {
        const high = a + b;
        return .{ .high = high, .low = b - (high - a) };
    }

    /// a + b, exactly (Knuth).
    pub fn ofSum(a: f64, b: f64) DoubleDouble {
        const high = a + b;
        const part = high - a;
        return .{ .high = high, .low = (a - (high - part)) + (b - part) };
    }

    /// a × b, exactly but for a rounding of 2^-106: wasm has no fused multiply-add.
    pub fn ofProduct(a: f64, b: f64) DoubleDouble {
        const high = a * b;
        const a_high = upperHalf(a);
        const b_high = upperHalf(b);
        const a_low = a - a_high;
        const b_low = b - b_high;
        const low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low;
        return .{ .high = high, .low = low };
    }

    /// self × b, to some 2^-102.
    pub fn times(self: DoubleDouble, b: DoubleDouble) DoubleDouble {
        const product: DoubleDouble = .ofProduct(self.high, b.high);
        return ofOrdered(product.high, product.low + (self.high * b.low + self.low * b.high));
    }

    pub fn plus(self: DoubleDouble, b: DoubleDouble) DoubleDouble {
        const sum: DoubleDouble = .ofSum(self.high, b.high);
        return ofOrdered(sum.high, sum.low + (self.low + b.low));
    }

    /// self / b, to some 2^-102.
    pub fn over(self: DoubleDouble, b: DoubleDouble) DoubleDouble {
        const quotient = self.high / b.high;
        const product: DoubleDouble = .ofProduct(quotient, b.high);
        const rest = (self.high - product.high) - product.low + self.low - quotient * b.low;
        return ofOrdered(quotient, rest / b.high);
    }

    pub fn rounded(self: DoubleDouble) f64 {
        return self.high + self.low;
    }
};

/// `value` cut to 26 bits, so that a product of two such is exact.
fn upperHalf(value: f64) f64 {
    return @bitCast(@as(u64, @bitCast(value)) & ~@as(u64, (1 << 27) - 1));
}

test "sums and products keep what a double drops" {
    const testing = @import("std").testing;
    const sum: DoubleDouble = .ofSum(1, 0x1p-80);
    try testing.expectEqual(1, sum.high);
    try testing.expectEqual(0x1p-80, sum.low);
    const product: DoubleDouble = .ofProduct(1 + 0x1p-52, 1 + 0x1p-52);
    try testing.expectEqual(1 + 0x1p-51, product.high);
    try testing.expectEqual(0x1p-104, product.low);
    const third = DoubleDouble.over(.{ .high = 1, .low = 0 }, .{ .high = 3, .low = 0 });
    try testing.expectEqual(1.0 / 3.0 * 0x1p-54, third.low);
}
