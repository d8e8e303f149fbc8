//! strtod: decimal and hexadecimal floats of any length, correctly rounded.

const BigDecimal = @import("big_decimal.zig").BigDecimal;
const big_decimal = @import("big_decimal.zig");
const ctype = @import("ctype.zig");
const errno = @import("errno.zig");

/// Exponents beyond are cut to it: no text in a 2 MiB memory has digits enough to make up for it.
const exponent_max = 100_000_000;

/// A magnitude, and where its text ends; `end` null if there was none.
const Result = struct { value: f64 = 0, end: ?[*:0]const u8 = null };

fn strtod(text: [*:0]const u8, end: ?*[*:0]const u8) callconv(.c) f64 {
    var at = text;
    while (ctype.isSpace(at[0])) at += 1;
    const is_negative = at[0] == '-';
    if (is_negative or at[0] == '+') at += 1;
    var result: Result = .{};
    if (at[0] == '0' and at[1] | 32 == 'x') result = parseHexadecimal(at + 2);
    if (result.end == null) result = parseDecimal(at); // Of a mere "0x" the 0 counts.
    if (result.end == null) result = parseName(at);
    if (end) |target| target.* = result.end orelse text;
    const has_sign = is_negative and result.end != null;
    return if (has_sign) -result.value else result.value;
}

fn parseName(text: [*:0]const u8) Result {
    const inf: f64 = @bitCast(@as(u64, 0x7ff << 52));
    const nan: f64 = @bitCast(@as(u64, 0xfff << 51));
    if (matches(text, "infinity")) return .{ .value = inf, .end = text + 8 };
    if (matches(text, "inf")) return .{ .value = inf, .end = text + 3 };
    if (!matches(text, "nan")) return .{};
    // C allows a word in parentheses.
    var at = text + 3;
    if (at[0] == '(') {
        at += 1;
        while (ctype.isWordByte(at[0])) at += 1;
        if (at[0] == ')') return .{ .value = nan, .end = at + 1 };
    }
    return .{ .value = nan, .end = text + 3 };
}

fn matches(text: [*:0]const u8, name: []const u8) bool {
    for (name, 0..) |letter, i| {
        if (text[i] | 32 != letter) return false;
    }
    return true;
}

/// The value of an exponent's digits behind `letter`, or 0 and `text` itself if there are none.
fn parseExponent(text: [*:0]const u8, letter: u8) struct { value: i32, end: [*:0]const u8 } {
    if (text[0] | 32 != letter) return .{ .value = 0, .end = text };
    var at = text + 1;
    const is_negative = at[0] == '-';
    if (is_negative or at[0] == '+') at += 1;
    if (!ctype.isDigit(at[0])) return .{ .value = 0, .end = text };
    var value: i32 = 0;
    while (ctype.isDigit(at[0])) : (at += 1) {
        value = @min(value * 10 + (at[0] - '0'), exponent_max);
    }
    return .{ .value = if (is_negative) -value else value, .end = at };
}

fn parseHexadecimal(text: [*:0]const u8) Result {
    var mantissa: u64 = 0;
    var has_more = false;
    var has_digits = false;
    var is_fraction = false;
    var exponent: i32 = 0;
    var at = text;
    while (true) : (at += 1) {
        if (at[0] == '.' and !is_fraction) {
            is_fraction = true;
            continue;
        }
        const digit = hexDigit(at[0]) orelse break;
        has_digits = true;
        if (mantissa >> 60 == 0) {
            mantissa = mantissa << 4 | digit;
            if (is_fraction) exponent -= 4;
        } else {
            has_more = has_more or digit != 0;
            if (!is_fraction) exponent += 4;
        }
    }
    if (!has_digits) return .{};
    const written = parseExponent(at, 'p');
    return .{ .value = compose(mantissa, has_more, exponent + written.value), .end = written.end };
}

fn hexDigit(byte: u8) ?u4 {
    if (ctype.isDigit(byte)) return @intCast(byte - '0');
    const letter = (byte | 32) -% 'a';
    return if (letter < 6) @intCast(letter + 10) else null;
}

fn parseDecimal(text: [*:0]const u8) Result {
    var mantissa: u64 = 0; // Of the first 19 significant digits.
    var significant: i32 = 0;
    var point: i32 = 0; // The value is 0.d₀d₁d₂… × 10^point; d₀ isn't zero.
    var has_digits = false;
    var is_fraction = false;
    var at = text;
    while (true) : (at += 1) {
        if (at[0] == '.' and !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (!ctype.isDigit(at[0])) break;
        has_digits = true;
        if (is_fraction) point -= 1;
        const digit = at[0] - '0';
        if (significant == 0 and digit == 0) continue;
        significant += 1;
        if (significant <= 19) mantissa = mantissa * 10 + digit;
    }
    if (!has_digits) return .{};
    const written = parseExponent(at, 'e');
    point += significant + written.value;
    const value = valueOf(text, mantissa, significant, point);
    return .{ .value = value, .end = written.end };
}

fn valueOf(text: [*:0]const u8, mantissa: u64, significant: i32, point: i32) f64 {
    if (mantissa == 0) return 0;
    if (point > 310) return compose(1, false, 2000); // Overflows.
    if (point < -330) return compose(1, false, -2000); // Underflows.
    const exponent = point - significant;
    // Mantissa and power of ten are exact here, so one rounding is the only one (Clinger, 1990).
    if (significant <= 19 and mantissa <= 1 << 53 and @abs(exponent) <= 22) {
        var power: f64 = 1;
        for (0..@abs(exponent)) |_| power *= 10;
        const exact: f64 = @floatFromInt(mantissa);
        return if (exponent < 0) exact / power else exact * power;
    }
    var big: BigDecimal = undefined;
    load(&big, text, point);
    return round(&big);
}

/// Sets `big` to the digits in `text`, of which the first that isn't zero stands at 10^(point - 1).
fn load(big: *BigDecimal, text: [*:0]const u8, point: i32) void {
    const digits_max = big_decimal.limbs_max * 9;
    var position: usize = @intCast(big_decimal.whole_limbs * 9 - point);
    big.first = position / 9;
    big.end = big.first;
    var unit: u32 = 1;
    for (0..8 - position % 9) |_| unit *= 10;
    var is_leading = true;
    var is_fraction = false;
    var at = text;
    while (true) : (at += 1) {
        if (at[0] == '.' and !is_fraction) {
            is_fraction = true;
            continue;
        }
        if (!ctype.isDigit(at[0])) break;
        is_leading = is_leading and at[0] == '0';
        if (is_leading) continue;
        if (position >= digits_max) {
            // Too far behind to be more than a mark: see BigDecimal.shiftRight.
            if (at[0] != '0') big.limbs[big_decimal.limbs_max - 1] |= 1;
            continue;
        }
        if (position / 9 == big.end) {
            big.limbs[big.end] = 0;
            big.end += 1;
        }
        big.limbs[big.end - 1] += (at[0] - '0') * unit;
        position += 1;
        unit = if (unit == 1) big_decimal.base / 10 else unit / 10;
    }
    big.trim();
}

/// The double nearest to `big`, which isn't zero.
fn round(big: *BigDecimal) f64 {
    var exponent: i32 = 0;
    // Scale until the whole part has the 53 bits of a mantissa, or the exponent is the smallest.
    while (big.first < big_decimal.whole_limbs - 2 or bitsOf(wholeOf(big)) > 53) {
        big.shiftRight(9);
        exponent += 9;
    }
    while (true) {
        const missing = 53 - @as(i32, bitsOf(wholeOf(big)));
        const step: i32 = @min(missing, 29, exponent + 1074);
        if (step <= 0) break;
        big.shiftLeft(@intCast(step));
        exponent -= step;
    }
    // Two bits for what stands behind the point: half or more, and whether more than that.
    const half = big_decimal.base / 2;
    const next = big.limb(big_decimal.whole_limbs);
    const is_upper: u64 = @intFromBool(next >= half);
    const has_more = next % half != 0 or big.end > big_decimal.whole_limbs + 1;
    return compose(wholeOf(big) << 1 | is_upper, has_more, exponent - 1);
}

fn wholeOf(big: *const BigDecimal) u64 {
    const last = big_decimal.whole_limbs - 1;
    return @as(u64, big.limb(last - 1)) * big_decimal.base + big.limb(last);
}

fn bitsOf(value: u64) u7 {
    return 64 - @as(u7, @clz(value));
}

/// The double nearest to mantissa × 2^exponent, ties to even. `has_more` says that the true value
/// is larger than that by less than one unit of the mantissa. Sets errno when out of range.
fn compose(mantissa: u64, has_more: bool, exponent: i32) f64 {
    if (mantissa == 0) return 0;
    const shift: u6 = @intCast(@clz(mantissa));
    const normal = mantissa << shift;
    const lowest = exponent - shift;
    const dropped_bits: i32 = @max(11, -1074 - lowest);
    const kept = if (dropped_bits >= 64) 0 else normal >> @intCast(dropped_bits);
    const dropped = if (dropped_bits > 64) 1 else normal << @intCast(64 - dropped_bits);
    const half = 1 << 63;
    const rounds_up = dropped > half or (dropped == half and (has_more or kept & 1 == 1));
    // A normal number's leading bit adds one to the exponent's field, as does rounding's carry.
    const field: u64 = @intCast(@min(lowest + dropped_bits + 1074, 2047));
    const bits: u64 = @min((field << 52) + kept + @intFromBool(rounds_up), 0x7ff << 52);
    const is_exact = dropped == 0 and !has_more;
    if (bits == 0x7ff << 52 or (bits < 1 << 52 and !is_exact)) errno.set(.range);
    return @bitCast(bits);
}

pub const symbols = .{ .strtod = &strtod };
