//! Our libc as the native twin links it: each function as `ours_<name>`, which the build lets
//! Lua's C sources call in the place of the host's. Files, processes and clocks stay the host's.
const std = @import("std");
const libc = @import("libc");

comptime {
    for (libc.symbols) |symbols| {
        for (@typeInfo(@TypeOf(symbols)).@"struct".field_names) |name| {
            @export(@field(symbols, name), .{ .name = "ours_" ++ name });
        }
    }
    @export(&snprintf, .{ .name = "ours_snprintf" });
    @export(&fprintf, .{ .name = "ours_fprintf" });
    @export(&gmtime, .{ .name = "ours_gmtime_r" });
    @export(&gmtime, .{ .name = "ours_localtime_r" });
    @export(&mktime, .{ .name = "ours_mktime" });
    @export(&strftime, .{ .name = "ours_strftime" });
    @export(&seed, .{ .name = "lpw_seed" });
    @export(&output, .{ .name = "lpw_output" });
}

/// Of hashes and pivots: each run is the same.
fn seed() callconv(.c) c_uint {
    return 0;
}

/// What our printf would write to a stream of ours: there is none here.
fn output(_: [*]const u8, _: usize) callconv(.c) c_int {
    @panic("the twin has no streams of ours");
}

/// The arguments of a call of printf as wasm's C ABI lays them out, which our printf reads: one
/// after the other, each aligned to its size.
const Arguments = struct {
    bytes: [16 * 8]u8 align(8) = undefined,
    length: usize = 0,

    fn put(arguments: *Arguments, value: anytype) void {
        const start = std.mem.alignForward(usize, arguments.length, @sizeOf(@TypeOf(value)));
        arguments.length = start + @sizeOf(@TypeOf(value));
        @memcpy(arguments.bytes[start..arguments.length], std.mem.asBytes(&value));
    }

    /// Takes what the format's conversions say from `list`.
    fn pack(arguments: *Arguments, format: [*:0]const u8, list: *std.builtin.VaList) void {
        var is_long = false;
        var is_conversion = false;
        for (std.mem.span(format)) |byte| {
            if (!is_conversion) {
                is_conversion = byte == '%';
                is_long = false;
                continue;
            }
            is_conversion = false;
            switch (byte) {
                'd', 'i', 'u', 'o', 'x', 'X', 'c' => if (is_long)
                    arguments.put(@cVaArg(list, c_longlong))
                else
                    arguments.put(@cVaArg(list, c_int)),
                'p', 's' => arguments.put(@cVaArg(list, usize)),
                'e', 'E', 'f', 'F', 'g', 'G', 'a', 'A' => arguments.put(@cVaArg(list, f64)),
                '%' => {},
                else => {
                    is_conversion = true;
                    if (byte == '*') arguments.put(@cVaArg(list, c_int));
                    if (byte == 'l') is_long = true;
                },
            }
        }
    }
};

fn snprintf(buffer: [*]u8, size: usize, format: [*:0]const u8, ...) callconv(.c) c_int {
    var list = @cVaStart();
    defer @cVaEnd(&list);
    var arguments: Arguments = .{};
    arguments.pack(format, &list);
    return libc.snprintf(buffer, size, format, @intFromPtr(&arguments.bytes));
}

extern fn fwrite(source: [*]const u8, size: usize, count: usize, stream: *anyopaque) usize;

/// To a stream of the host's. Lua writes numbers and messages so: longer ones are cut.
fn fprintf(stream: *anyopaque, format: [*:0]const u8, ...) callconv(.c) c_int {
    var list = @cVaStart();
    defer @cVaEnd(&list);
    var arguments: Arguments = .{};
    arguments.pack(format, &list);
    var text: [1 << 16]u8 = undefined;
    const length = libc.snprintf(&text, text.len, format, @intFromPtr(&arguments.bytes));
    if (length < 0) return -1;
    const written = @min(@as(usize, @intCast(length)), text.len - 1);
    return if (fwrite(&text, 1, written, stream) == written) length else -1;
}

/// struct tm of the host's libc, whose offset is a long where wasi's is an int.
const HostFields = extern struct {
    numbers: [9]c_int,
    offset: c_long,
    zone: ?[*:0]const u8,

    fn of(fields: libc.time.Fields) HostFields {
        const numbers: *const [9]c_int = @ptrCast(&fields);
        return .{ .numbers = numbers.*, .offset = fields.offset, .zone = fields.zone };
    }

    fn ours(host: HostFields) libc.time.Fields {
        var fields: libc.time.Fields = undefined;
        @as(*[9]c_int, @ptrCast(&fields)).* = host.numbers;
        // The twin runs in UTC, the only zone that we know.
        fields.offset = 0;
        fields.zone = "UTC";
        fields.nanosecond = 0;
        return fields;
    }
};

fn gmtime(instant: *const c_longlong, target: *HostFields) callconv(.c) ?*HostFields {
    const fields = libc.time.symbols.gmtime(instant) orelse return null;
    target.* = .of(fields.*);
    return target;
}

fn mktime(host: *HostFields) callconv(.c) c_longlong {
    var fields = host.ours();
    const instant = libc.time.symbols.mktime(&fields);
    if (instant != -1) host.* = .of(fields);
    return instant;
}

fn strftime(
    buffer: [*]u8,
    size: usize,
    format: [*:0]const u8,
    host: *const HostFields,
) callconv(.c) usize {
    return libc.time.symbols.strftime(buffer, size, format, &host.ours());
}
