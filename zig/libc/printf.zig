//! snprintf and fprintf: the conversions d i u o x X c s p e f g a, flags, width and precision.

const errno = @import("errno.zig");
const format_number = @import("format_number.zig");
const Sink = @import("sink.zig").Sink;
const digitText = @import("sink.zig").digitText;
const stdio = @import("stdio.zig");

/// The arguments behind `...`: wasm's C ABI stores them one after the other, each aligned to its
/// size, and passes their address. So va_list is this address, too.
const Arguments = struct {
    address: usize,

    fn next(self: *Arguments, comptime T: type) T {
        self.address = (self.address + @alignOf(T) - 1) & ~@as(usize, @alignOf(T) - 1);
        const value: *const T = @ptrFromInt(self.address);
        self.address += @sizeOf(T);
        return value.*;
    }
};

/// What stands between % and the conversion's letter.
const Specification = struct {
    is_left: bool = false,
    has_plus: bool = false,
    has_space: bool = false,
    is_alternative: bool = false,
    has_zeros: bool = false,
    width: u31 = 0,
    precision: ?u32 = null,
    /// Bytes of an integer argument.
    size: enum { one, two, four, eight } = .four,
    letter: u8 = 0,

    fn setFlag(self: *Specification, byte: u8) bool {
        switch (byte) {
            '-' => self.is_left = true,
            '+' => self.has_plus = true,
            ' ' => self.has_space = true,
            '#' => self.is_alternative = true,
            '0' => self.has_zeros = true,
            else => return false,
        }
        return true;
    }

    fn signText(self: Specification, is_negative: bool) []const u8 {
        if (is_negative) return "-";
        if (self.has_plus) return "+";
        return if (self.has_space) " " else "";
    }
};

const Failure = error{ Invalid, Overflow };

fn format(sink: *Sink, text: [*:0]const u8, arguments: *Arguments) Failure!void {
    var at = text;
    while (at[0] != 0) {
        var end = at;
        while (end[0] != 0 and end[0] != '%') end += 1;
        sink.put(at[0 .. end - at]);
        at = end;
        if (at[0] == 0) break;
        at += 1;
        const specification = try parse(&at, arguments);
        try convert(sink, specification, arguments);
    }
    if (sink.written > 0x7fff_ffff) return error.Overflow;
}

/// Reads a specification and moves `at` behind it.
fn parse(at: *[*:0]const u8, arguments: *Arguments) Failure!Specification {
    var specification: Specification = .{};
    while (specification.setFlag(at.*[0])) at.* += 1;
    if (try parseCount(at, arguments)) |count| {
        if (count < 0) specification.is_left = true;
        // -2^31 has no positive counterpart.
        if (count == -0x8000_0000) return error.Overflow;
        specification.width = @intCast(@abs(count));
    }
    if (at.*[0] == '.') {
        at.* += 1;
        const count = try parseCount(at, arguments) orelse 0;
        specification.precision = if (count < 0) null else @intCast(count);
    }
    parseSize(&specification, at);
    specification.letter = at.*[0];
    if (specification.letter == 0) return error.Invalid;
    at.* += 1;
    return specification;
}

/// A decimal number, or an argument for `*`, or nothing.
fn parseCount(at: *[*:0]const u8, arguments: *Arguments) Failure!?i32 {
    if (at.*[0] == '*') {
        at.* += 1;
        return arguments.next(i32);
    }
    if (at.*[0] -% '0' > 9) return null;
    var count: u32 = 0;
    while (at.*[0] -% '0' <= 9) : (at.* += 1) {
        if (count > 0x7fff_ffff / 10 - 1) return error.Overflow;
        count = count * 10 + (at.*[0] - '0');
    }
    return @intCast(count);
}

fn parseSize(specification: *Specification, at: *[*:0]const u8) void {
    while (true) : (at.* += 1) {
        specification.size = switch (at.*[0]) {
            'h' => if (specification.size == .two) .one else .two,
            // l is a long of four bytes in wasm32, and of eight where tests run.
            'l' => if (at.*[1] == 'l' or @sizeOf(c_long) == 8) .eight else specification.size,
            'j' => .eight,
            'z', 't' => if (@sizeOf(usize) == 8) .eight else .four,
            else => return,
        };
    }
}

fn convert(sink: *Sink, specification: Specification, arguments: *Arguments) Failure!void {
    switch (specification.letter) {
        '%' => sink.putByte('%'),
        'd', 'i' => {
            const value: i64 = switch (specification.size) {
                .one => @as(i8, @truncate(arguments.next(i32))),
                .two => @as(i16, @truncate(arguments.next(i32))),
                .four => arguments.next(i32),
                .eight => arguments.next(i64),
            };
            putInteger(sink, specification, @abs(value), specification.signText(value < 0));
        },
        'u', 'o', 'x', 'X' => {
            const value: u64 = switch (specification.size) {
                .one => @as(u8, @truncate(arguments.next(u32))),
                .two => @as(u16, @truncate(arguments.next(u32))),
                .four => arguments.next(u32),
                .eight => arguments.next(u64),
            };
            putInteger(sink, specification, value, "");
        },
        'p' => {
            var pointer = specification;
            pointer.letter = 'x';
            pointer.is_alternative = true;
            // musl shows all digits.
            pointer.precision = @max(specification.precision orelse 0, 2 * @sizeOf(usize));
            putInteger(sink, pointer, arguments.next(usize), "");
        },
        'c' => putPadded(sink, specification, &.{@truncate(arguments.next(u32))}),
        's' => {
            const text: [*]const u8 = arguments.next(?[*]const u8) orelse "(null)";
            const limit = specification.precision orelse 0x7fff_ffff;
            var length: usize = 0;
            while (length < limit and text[length] != 0) length += 1;
            putPadded(sink, specification, text[0..length]);
        },
        'e', 'f', 'g', 'a', 'E', 'F', 'G', 'A' => {
            putFloat(sink, specification, arguments.next(f64));
        },
        else => return error.Invalid,
    }
}

fn putPadded(sink: *Sink, specification: Specification, text: []const u8) void {
    const padding = specification.width -| text.len;
    if (!specification.is_left) sink.repeat(' ', padding);
    sink.put(text);
    if (specification.is_left) sink.repeat(' ', padding);
}

fn putInteger(sink: *Sink, specification: Specification, value: u64, sign: []const u8) void {
    const base: u64 = switch (specification.letter) {
        'o' => 8,
        'x', 'X' => 16,
        else => 10,
    };
    var digits: [22]u8 = undefined; // 2^64 has 22 octal digits.
    var start = digits.len;
    var rest = value;
    while (rest != 0) : (rest /= base) {
        start -= 1;
        digits[start] = digitText(@intCast(rest % base), specification.letter);
    }
    const length = digits.len - start;
    var digits_min: usize = specification.precision orelse 1;
    var prefix = sign;
    if (specification.is_alternative) {
        if (base == 8) digits_min = @max(digits_min, length + 1);
        if (base == 16 and value != 0) prefix = if (specification.letter == 'x') "0x" else "0X";
    }
    var zeros = digits_min -| length;
    const padding = specification.width -| (prefix.len + zeros + length);
    const fills_zeros = specification.has_zeros and !specification.is_left and
        specification.precision == null;
    if (fills_zeros) {
        zeros += padding;
    } else if (!specification.is_left) {
        sink.repeat(' ', padding);
    }
    sink.put(prefix);
    sink.repeat('0', zeros);
    sink.put(digits[start..]);
    if (specification.is_left) sink.repeat(' ', padding);
}

fn putFloat(sink: *Sink, specification: Specification, value: f64) void {
    const parts: format_number.Parts = .of(value);
    var prefix: [3]u8 = undefined;
    const sign = specification.signText(parts.is_negative);
    var prefix_len = sign.len;
    @memcpy(prefix[0..prefix_len], sign);
    var body: FloatBody = undefined;
    if (value - value == 0) {
        body = .of(specification, parts);
        if (body == .hexadecimal) {
            prefix[prefix_len] = '0';
            prefix[prefix_len + 1] = specification.letter & 32 | 'X';
            prefix_len += 2;
        }
    } else {
        const is_small = specification.letter & 32 != 0;
        const small, const large = if (value != value) .{ "nan", "NAN" } else .{ "inf", "INF" };
        body = .{ .name = if (is_small) small else large };
    }
    var measure: Sink = .{ .is_measuring = true };
    body.put(&measure, specification);
    const padding = specification.width -| (prefix_len +| measure.written);
    const fills_zeros = specification.has_zeros and !specification.is_left and body != .name;
    if (!specification.is_left and !fills_zeros) sink.repeat(' ', padding);
    sink.put(prefix[0..prefix_len]);
    if (fills_zeros) sink.repeat('0', padding);
    body.put(sink, specification);
    if (specification.is_left) sink.repeat(' ', padding);
}

/// A float's text behind sign and 0x.
const FloatBody = union(enum) {
    name: []const u8,
    fixed: struct { decimal: format_number.Decimal, precision: u32 },
    scientific: struct { decimal: format_number.Decimal, precision: u32 },
    hexadecimal: format_number.Hexadecimal,

    fn of(specification: Specification, parts: format_number.Parts) FloatBody {
        const precision: u32 = specification.precision orelse 6;
        switch (specification.letter | 32) {
            'a' => return .{ .hexadecimal = .of(parts, specification.precision) },
            'e' => return .{ .scientific = .{
                .decimal = .of(parts, .{ .significant = precision + 1 }),
                .precision = precision,
            } },
            'f' => return .{ .fixed = .{
                .decimal = .of(parts, .{ .fraction = precision }),
                .precision = precision,
            } },
            else => return general(parts, @max(precision, 1), specification.is_alternative),
        }
    }

    /// %g: fixed when the exponent is in -4..digits, else scientific; zeros at the end go.
    fn general(parts: format_number.Parts, digits: u32, keeps_zeros: bool) FloatBody {
        const decimal: format_number.Decimal = .of(parts, .{ .significant = digits });
        const exponent = if (decimal.len == 0) 0 else decimal.point - 1;
        if (exponent >= -4 and exponent < digits) {
            const behind = @as(i64, digits) - 1 - exponent;
            const used = @max(@as(i64, @intCast(decimal.len)) - decimal.point, 0);
            return .{ .fixed = .{
                .decimal = decimal,
                .precision = @intCast(if (keeps_zeros) behind else @min(behind, used)),
            } };
        }
        return .{ .scientific = .{
            .decimal = decimal,
            .precision = if (keeps_zeros) digits - 1 else @intCast(decimal.len -| 1),
        } };
    }

    fn put(self: *const FloatBody, sink: *Sink, specification: Specification) void {
        switch (self.*) {
            .name => |name| sink.put(name),
            .fixed => |*fixed| putFixed(sink, &fixed.decimal, fixed.precision, specification),
            .scientific => |*it| {
                const digits = it.decimal.digits[0..it.decimal.len];
                const whole = if (digits.len == 0) 0 else digits[0];
                const exponent = if (digits.len == 0) 0 else it.decimal.point - 1;
                sink.putByte('0' + whole);
                putFraction(sink, digits[@min(1, digits.len)..], it.precision, specification);
                putExponent(sink, specification.letter & 32 | 'E', exponent, 2);
            },
            .hexadecimal => |*it| {
                const precision: u32 = specification.precision orelse @intCast(it.len);
                sink.putByte('0' + it.whole);
                putFraction(sink, it.digits[0..it.len], precision, specification);
                putExponent(sink, specification.letter & 32 | 'P', it.exponent, 1);
            },
        }
    }
};

fn putFixed(
    sink: *Sink,
    decimal: *const format_number.Decimal,
    precision: u32,
    specification: Specification,
) void {
    const digits = decimal.digits[0..decimal.len];
    const whole_len: usize = @intCast(@max(decimal.point, 0));
    const whole_digits = digits[0..@min(whole_len, digits.len)];
    if (whole_len == 0) sink.putByte('0');
    sink.putDigits(whole_digits, 'f');
    sink.repeat('0', whole_len - whole_digits.len);
    if (precision == 0) {
        if (specification.is_alternative) sink.putByte('.');
        return;
    }
    sink.putByte('.');
    const zeros: u32 = @min(precision, @as(u32, @intCast(@max(-decimal.point, 0))));
    const fraction = digits[whole_digits.len..];
    sink.repeat('0', zeros);
    sink.putDigits(fraction, 'f');
    sink.repeat('0', precision - zeros - fraction.len);
}

/// The point and `precision` digits behind it.
fn putFraction(sink: *Sink, digits: []const u8, precision: u32, specification: Specification) void {
    if (precision != 0 or specification.is_alternative) sink.putByte('.');
    sink.putDigits(digits, specification.letter);
    sink.repeat('0', precision - digits.len);
}

fn putExponent(sink: *Sink, letter: u8, exponent: i32, digits_min: u31) void {
    sink.putByte(letter);
    sink.putByte(if (exponent < 0) '-' else '+');
    putInteger(sink, .{ .letter = 'u', .precision = digits_min }, @abs(exponent), "");
}

/// Answers the text's length as C does, or -1 with errno.
fn run(sink: *Sink, text: [*:0]const u8, address: usize) c_int {
    var arguments: Arguments = .{ .address = address };
    format(sink, text, &arguments) catch |failure| {
        errno.set(switch (failure) {
            error.Invalid => .invalid_argument,
            error.Overflow => .overflow,
        });
        return -1;
    };
    return @intCast(sink.written);
}

/// Variadic in C, and vsnprintf at once: see Arguments.
pub fn snprintf(
    buffer: [*]u8,
    size: usize,
    text: [*:0]const u8,
    arguments: usize,
) callconv(.c) c_int {
    var sink: Sink = .{ .buffer = if (size == 0) &.{} else buffer[0 .. size - 1] };
    const result = run(&sink, text, arguments);
    if (size != 0) buffer[@min(sink.written, size - 1)] = 0;
    return result;
}

fn fprintf(
    stream: *stdio.Stream,
    text: [*:0]const u8,
    arguments: usize,
) callconv(.c) c_int {
    var sink: Sink = .{ .stream = stream };
    const result = run(&sink, text, arguments);
    return if (sink.has_failed) -1 else result;
}

pub const symbols = .{ .fprintf = &fprintf, .snprintf = &snprintf };
