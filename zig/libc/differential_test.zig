//! Compares our number texts and functions with the host's libc, which is exact, on generated
//! doubles. Needs `zig test -lc`; LPW_CASES sets the number of cases, LPW_SEED where they start.

const std = @import("std");
const builtin = @import("builtin");
const printf = @import("printf.zig");
const strtod = @import("parse_number.zig").symbols.strtod;

const host = struct {
    extern fn snprintf(buffer: [*]u8, size: usize, format: [*:0]const u8, ...) c_int;
    extern fn strtod(text: [*:0]const u8, end: *[*:0]const u8) f64;
    extern fn getenv(name: [*:0]const u8) ?[*:0]const u8;
};

pub fn setting(name: [*:0]const u8, default: u64) u64 {
    const text = host.getenv(name) orelse return default;
    return std.fmt.parseInt(u64, std.mem.span(text), 10) catch default;
}

/// A double whose kind is drawn first, so that each kind of trouble comes often.
pub fn generate(random: std.Random) f64 {
    const bits = random.int(u64);
    return switch (random.uintLessThan(u8, 10)) {
        // Anything, but NaN only the quiet: of signalling ones each libc thinks otherwise.
        0, 1 => @bitCast(if (std.math.isNan(@as(f64, @bitCast(bits)))) bits | 1 << 51 else bits),
        2 => @bitCast(bits & ~@as(u64, 0x7ff << 52)), // Subnormal.
        3 => @as(f64, @floatFromInt(@as(i64, @bitCast(bits)) >> @intCast(bits % 64))),
        // Few bits: ties in decimal.
        4 => fraction: {
            const divisor: f64 = @floatFromInt(@as(u64, 1) << @intCast(bits >> 58));
            break :fraction @as(f64, @floatFromInt(bits % 4096)) / divisor;
        },
        5 => power: { // Next to powers of ten.
            const exponent: f64 = @floatFromInt(random.intRangeAtMost(i32, -320, 308));
            const exact = std.math.pow(f64, 10, exponent);
            const near: i64 = random.intRangeAtMost(i64, -2, 2);
            break :power @bitCast(@as(i64, @bitCast(exact)) +% near);
        },
        6 => @as(f64, @floatFromInt(bits % 100_000_000)) / 1000,
        7 => random.float(f64),
        8 => @bitCast(bits & ~@as(u64, 0xffff_ffff_ffff) | random.uintLessThan(u64, 3)), // Short.
        else => @as(f64, @floatFromInt(@as(i32, @truncate(@as(i64, @bitCast(bits)))))) * 0.01,
    };
}

/// Our snprintf takes the address of its arguments.
fn ours(buffer: []u8, format: [*:0]const u8, value: f64) c_int {
    const arguments = [1]f64{value};
    return printf.snprintf(buffer.ptr, buffer.len, format, @intFromPtr(&arguments));
}

fn makeFormat(random: std.Random, buffer: []u8) [:0]const u8 {
    var writer: std.Io.Writer = .fixed(buffer);
    writer.writeByte('%') catch unreachable;
    for ("-+ #0") |flag| {
        if (random.uintLessThan(u8, 4) == 0) writer.writeByte(flag) catch unreachable;
    }
    if (random.boolean()) {
        writer.print("{d}", .{random.intRangeAtMost(u8, 1, 60)}) catch unreachable;
    }
    switch (random.uintLessThan(u8, 8)) {
        0, 1, 2 => writer.print(".{d}", .{random.uintLessThan(u8, 20)}) catch unreachable,
        3 => writer.print(".{d}", .{random.uintLessThan(u8, 100)}) catch unreachable,
        4 => writer.print(".{d}", .{random.uintLessThan(u16, 1200)}) catch unreachable,
        5 => writer.writeAll(".") catch unreachable,
        else => {},
    }
    writer.writeByte("eEfFgGgaA"[random.uintLessThan(u8, 9)]) catch unreachable;
    writer.writeByte(0) catch unreachable;
    const text = writer.buffered();
    return text[0 .. text.len - 1 :0];
}

test "floats print as the host's libc prints them" {
    if (!builtin.link_libc) return error.SkipZigTest;
    var prng: std.Random.DefaultPrng = .init(setting("LPW_SEED", 1));
    const random = prng.random();
    for (0..setting("LPW_CASES", 30_000)) |_| {
        var format_buffer: [32]u8 = undefined;
        const format = makeFormat(random, &format_buffer);
        const value = generate(random);
        const is_hexadecimal = format[format.len - 1] | 32 == 'a';
        // musl, whose text is the norm, writes subnormals with a leading 1, and keeps a carry.
        const has_precision = std.mem.findScalar(u8, format, '.') != null;
        if (is_hexadecimal and (has_precision or !std.math.isNormal(value))) continue;
        var expected: [1700]u8 = @splat(0);
        var actual: [1700]u8 = undefined;
        const length = host.snprintf(&expected, expected.len, format.ptr, value);
        errdefer std.debug.print("{s} of {x}\n", .{ format, @as(u64, @bitCast(value)) });
        const result = ours(&actual, format.ptr, value);
        // Of 999999.9999999998 glibc's %#g makes "1.e+06" where # asks for zeros.
        const is_general = format[format.len - 1] | 32 == 'g';
        if (is_general and std.ascii.findIgnoreCase(&expected, ".e") != null) continue;
        try std.testing.expectEqual(length, result);
        const end: usize = @intCast(length);
        try std.testing.expectEqualStrings(expected[0 .. end + 1], actual[0 .. end + 1]);
    }
}

test "integers print as the host's libc prints them" {
    if (!builtin.link_libc) return error.SkipZigTest;
    var prng: std.Random.DefaultPrng = .init(setting("LPW_SEED", 1));
    const random = prng.random();
    for (0..setting("LPW_CASES", 30_000)) |_| {
        var buffer: [40]u8 = undefined;
        const flags = random.uintLessThan(u8, 32);
        var writer: std.Io.Writer = .fixed(&buffer);
        try writer.writeByte('%');
        for ("-+ #0", 0..) |flag, i| {
            if (flags >> @intCast(i) & 1 != 0) try writer.writeByte(flag);
        }
        if (random.boolean()) try writer.print("{d}", .{random.uintLessThan(u8, 40)});
        if (random.boolean()) try writer.print(".{d}", .{random.uintLessThan(u8, 30)});
        const size = random.uintLessThan(usize, 7);
        try writer.writeAll(([_][]const u8{ "", "hh", "h", "l", "ll", "z", "j" })[size]);
        try writer.writeByte("diuoxX"[random.uintLessThan(u8, 6)]);
        try writer.writeByte(0);
        const format: [*:0]const u8 = @ptrCast(&buffer);
        const value = random.int(u64) >> @intCast(random.uintLessThan(u8, 64));
        var expected: [100]u8 = undefined;
        var actual: [100]u8 = undefined;
        const length = host.snprintf(&expected, expected.len, format, value);
        errdefer std.debug.print("{s} of {d}\n", .{ format, value });
        const result = printf.snprintf(&actual, actual.len, format, @intFromPtr(&value));
        try std.testing.expectEqual(length, result);
        const end: usize = @intCast(length);
        try std.testing.expectEqualStrings(expected[0 .. end + 1], actual[0 .. end + 1]);
    }
}

/// The text of a double, of the middle between two, or of random digits, perhaps spoilt.
fn makeNumeral(random: std.Random, buffer: []u8) [:0]u8 {
    var length: usize = @intCast(switch (random.uintLessThan(u8, 8)) {
        0 => host.snprintf(buffer.ptr, buffer.len, "%.17g", generate(random)),
        1 => host.snprintf(
            buffer.ptr,
            buffer.len,
            "%.*e",
            @as(c_int, random.uintLessThan(u8, 40)),
            generate(random),
        ),
        2 => host.snprintf(
            buffer.ptr,
            buffer.len,
            "%.*f",
            @as(c_int, random.uintLessThan(u16, 1100)),
            generate(random),
        ),
        3 => host.snprintf(buffer.ptr, buffer.len, "%a", generate(random)),
        4 => host.snprintf(
            buffer.ptr,
            buffer.len,
            "0x%llx.%llxp%d",
            random.int(u64) >> @intCast(random.uintLessThan(u8, 64)),
            random.int(u64) >> @intCast(random.uintLessThan(u8, 64)),
            random.intRangeAtMost(c_int, -1200, 1100),
        ),
        5 => host.snprintf(
            buffer.ptr,
            buffer.len,
            "%llu.%llue%d",
            random.int(u64) >> @intCast(random.uintLessThan(u8, 64)),
            random.int(u64) >> @intCast(random.uintLessThan(u8, 64)),
            random.intRangeAtMost(c_int, -360, 330),
        ),
        else => middle: { // 80 bits hold it exactly; 1100 digits print it exactly.
            const value: f80 = @abs(generate(random));
            const next: f80 = std.math.nextAfter(f64, @floatCast(value), std.math.inf(f64));
            const both = (value + next) / 2;
            break :middle host.snprintf(buffer.ptr, buffer.len, "%.1100Le", both);
        },
    });
    if (random.uintLessThan(u8, 4) == 0 and length != 0) {
        const at = random.uintLessThan(usize, length);
        buffer[at] = " 019.eEpPxX+-n("[random.uintLessThan(u8, 15)];
    }
    if (random.uintLessThan(u8, 8) == 0) length = random.uintAtMost(usize, length);
    buffer[length] = 0;
    return buffer[0..length :0];
}

test "numerals are read as the host's libc reads them" {
    if (!builtin.link_libc) return error.SkipZigTest;
    var prng: std.Random.DefaultPrng = .init(setting("LPW_SEED", 1));
    const random = prng.random();
    for (0..setting("LPW_CASES", 30_000)) |_| {
        var buffer: [2000]u8 = undefined;
        const numeral = makeNumeral(random, &buffer);
        var expected_end: [*:0]const u8 = undefined;
        var actual_end: [*:0]const u8 = undefined;
        const expected = host.strtod(numeral.ptr, &expected_end);
        const actual = strtod(numeral.ptr, &actual_end);
        errdefer std.debug.print("{s}\n", .{numeral});
        try std.testing.expectEqual(expected_end, actual_end);
        // glibc rounds some hexadecimal subnormals down that lie above the middle.
        const is_hexadecimal = std.mem.findAny(u8, numeral, "xX") != null;
        if (is_hexadecimal and @abs(expected) < std.math.floatMin(f64)) continue;
        if (std.math.isNan(expected)) {
            try std.testing.expect(std.math.isNan(actual));
        } else {
            try std.testing.expectEqual(@as(u64, @bitCast(expected)), @as(u64, @bitCast(actual)));
        }
    }
}

/// A function of the host's libm. Found at run time, for the linker would take compiler_rt's.
fn hostFunction(comptime T: type, name: [*:0]const u8) *const T {
    const library = std.c.dlopen("libm.so.6", .{ .LAZY = true });
    return @ptrCast(@alignCast(std.c.dlsym(library, name).?));
}

const Unary = fn (f64) callconv(.c) f64;
const Binary = fn (f64, f64) callconv(.c) f64;

/// How many doubles lie between the two; 0 for two NaNs.
fn distance(a: f64, b: f64) u64 {
    if (std.math.isNan(a) and std.math.isNan(b)) return 0;
    if (std.math.isNan(a) or std.math.isNan(b)) return std.math.maxInt(u64);
    return @abs(order(a) - order(b));
}

fn order(value: f64) i64 {
    const bits: i64 = @bitCast(value);
    return if (bits < 0) std.math.minInt(i64) - bits else bits;
}

fn generateArgument(random: std.Random) f64 {
    return switch (random.uintLessThan(u8, 6)) {
        0 => generate(random),
        1 => (random.float(f64) - 0.5) * 2,
        2 => (random.float(f64) - 0.5) * 1500,
        3 => 1 + (random.float(f64) - 0.5) / @as(f64, @floatFromInt(@as(u64, 1) << random.int(u6))),
        4 => near: { // Next to multiples of π/4.
            const exact = @as(f64, @floatFromInt(random.int(i16))) * (std.math.pi / 4.0);
            const steps = random.intRangeAtMost(i64, -3, 3);
            break :near @bitCast(@as(i64, @bitCast(exact)) +% steps);
        },
        else => random.float(f64) * 10,
    };
}

test "functions are within one unit in the last place of the host's" {
    if (!builtin.link_libc) return error.SkipZigTest;
    const exponential = @import("exponential.zig").symbols;
    const trigonometry = @import("trigonometry.zig").symbols;
    const math = @import("math.zig").symbols;
    const functions = .{
        .sin = trigonometry.sin,
        .cos = trigonometry.cos,
        .tan = trigonometry.tan,
        .asin = math.asin,
        .acos = math.acos,
        .exp = exponential.exp,
        .log = exponential.log,
        .log2 = exponential.log2,
        .log10 = exponential.log10,
    };
    var prng: std.Random.DefaultPrng = .init(setting("LPW_SEED", 1));
    const random = prng.random();
    const cases = setting("LPW_CASES", 30_000);
    const is_verbose = host.getenv("LPW_VERBOSE") != null;
    inline for (@typeInfo(@TypeOf(functions)).@"struct".field_names) |name| {
        const hosts = hostFunction(Unary, name);
        var different: u64 = 0;
        for (0..cases) |_| {
            const x = generateArgument(random);
            const off = distance(@field(functions, name)(x), hosts(x));
            errdefer std.debug.print("{s}({x}) is off by {d}\n", .{ name, x, off });
            // glibc's log10 isn't within one itself.
            try std.testing.expect(off <= if (comptime std.mem.eql(u8, name, "log10")) 2 else 1);
            different += off;
        }
        if (is_verbose) {
            std.debug.print("{s}: {d} of {d} not the host's\n", .{ name, different, cases });
        }
    }
}

test "functions of two arguments are within one unit in the last place of the host's" {
    if (!builtin.link_libc) return error.SkipZigTest;
    const pow = @import("exponential.zig").pow;
    const atan2 = @import("math.zig").symbols.atan2;
    const ldexp = @import("math.zig").ldexp;
    const host_atan2 = hostFunction(Binary, "atan2");
    const host_pow = hostFunction(Binary, "pow");
    // fmod comes from compiler_rt on both targets, as here.
    const compiler = struct {
        extern fn fmod(x: f64, y: f64) f64;
    };
    const host_fmod = hostFunction(Binary, "fmod");
    const host_ldexp = hostFunction(fn (f64, c_int) callconv(.c) f64, "ldexp");
    var prng: std.Random.DefaultPrng = .init(setting("LPW_SEED", 1));
    const random = prng.random();
    for (0..setting("LPW_CASES", 30_000)) |_| {
        const x = generateArgument(random);
        const y = generateArgument(random);
        const base = if (random.boolean()) x else @abs(x);
        const power = if (random.boolean()) y else @round(y);
        errdefer std.debug.print("of {x}, {x}\n", .{ x, y });
        try std.testing.expect(distance(atan2(x, y), host_atan2(x, y)) <= 1);
        try std.testing.expect(distance(pow(base, power), host_pow(base, power)) <= 1);
        try std.testing.expectEqual(0, distance(compiler.fmod(x, y), host_fmod(x, y)));
        const exponent = random.intRangeAtMost(c_int, -2300, 2300);
        try std.testing.expectEqual(0, distance(ldexp(x, exponent), host_ldexp(x, exponent)));
    }
}
