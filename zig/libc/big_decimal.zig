//! Exact decimal fractions wide enough for every double, in base 1e9: what printing and parsing
//! of floats share. Slow beside table-driven methods, but exact, and a tenth of their size.

/// Digits before the point: 36 × 9 = 324 (the largest double has 309). Behind it: 128 × 9 = 1152
/// (the smallest double has 1074, the middle between two doubles 1075).
pub const whole_limbs = 36;
const fraction_limbs = 128;
pub const limbs_max = whole_limbs + fraction_limbs;
pub const base = 1_000_000_000;

pub const BigDecimal = struct {
    /// Base 1e9, most significant first; the point stands before limb `whole_limbs`.
    limbs: [limbs_max]u32,
    /// Limbs outside first..end are zero and not stored; those at both ends of it aren't zero.
    first: usize,
    end: usize,

    pub fn ofInteger(value: u64) BigDecimal {
        var self: BigDecimal = .{ .limbs = undefined, .first = whole_limbs, .end = whole_limbs };
        var rest = value;
        while (rest != 0) : (rest /= base) {
            self.first -= 1;
            self.limbs[self.first] = @intCast(rest % base);
        }
        self.trim();
        return self;
    }

    pub fn limb(self: *const BigDecimal, index: usize) u32 {
        return if (index >= self.first and index < self.end) self.limbs[index] else 0;
    }

    /// Multiplies by 2^count. The caller keeps the value below 10^324.
    pub fn shiftLeft(self: *BigDecimal, count: u32) void {
        var left = count;
        while (left != 0) {
            const step: u5 = @intCast(@min(left, 29)); // limb << 29 plus carry fits in 64 bits.
            left -= step;
            var carry: u64 = 0;
            var i = self.end;
            while (i > self.first) {
                i -= 1;
                const product = (@as(u64, self.limbs[i]) << step) + carry;
                self.limbs[i] = @intCast(product % base);
                carry = product / base;
            }
            if (carry != 0) {
                self.first -= 1;
                self.limbs[self.first] = @intCast(carry);
            }
            self.trim();
        }
    }

    /// Divides by 2^count. Digits beyond the last limb only leave a mark in it: the value stays on
    /// the same side of every double and of every middle between two.
    pub fn shiftRight(self: *BigDecimal, count: u32) void {
        var left = count;
        while (left != 0) {
            const step: u5 = @intCast(@min(left, 9)); // 2^9 is the largest power of 2 in 1e9.
            left -= step;
            const unit = @as(u32, base) >> step;
            const mask = (@as(u32, 1) << step) - 1;
            var carry: u32 = 0;
            for (self.limbs[self.first..self.end]) |*each| {
                const remainder = each.* & mask;
                each.* = (each.* >> step) + carry;
                carry = remainder * unit;
            }
            if (carry != 0) {
                if (self.end == limbs_max) {
                    self.limbs[limbs_max - 1] |= 1;
                } else {
                    self.limbs[self.end] = carry;
                    self.end += 1;
                }
            }
            self.trim();
        }
    }

    /// Drops zero limbs at both ends.
    pub fn trim(self: *BigDecimal) void {
        while (self.first < self.end and self.limbs[self.first] == 0) self.first += 1;
        while (self.end > self.first and self.limbs[self.end - 1] == 0) self.end -= 1;
    }
};

const testing = @import("std").testing;

test "shifts are exact and undo each other" {
    var value = BigDecimal.ofInteger(9007199254740993);
    value.shiftRight(1000);
    try testing.expectEqual(0, value.limb(whole_limbs));
    value.shiftLeft(1000);
    try testing.expectEqual(254740993, value.limb(whole_limbs - 1));
    try testing.expectEqual(9007199, value.limb(whole_limbs - 2));
    try testing.expectEqual(2, value.end - value.first);
}

test "a value too long leaves a mark in the last limb" {
    var value = BigDecimal.ofInteger(1);
    value.shiftRight(1200);
    try testing.expectEqual(limbs_max, value.end);
    try testing.expectEqual(1, value.limbs[limbs_max - 1] & 1);
}

test "zero stays zero" {
    var value = BigDecimal.ofInteger(0);
    value.shiftLeft(100);
    value.shiftRight(100);
    try testing.expectEqual(value.first, value.end);
}
