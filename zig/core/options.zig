//! The host's options, which `configure` reads before a state is made.
const std = @import("std");
const c_string = @import("c_string.zig");
const Code = @import("code.zig").Code;
const value_tag = @import("value_tag.zig");
const Tag = value_tag.Tag;

pub const Library = enum { base, package, coroutine, table, io, os, string, math, utf8, debug };

pub const Options = struct {
    bytecode: enum { text, trusted } = .text,
    libraries: std.EnumSet(Library) = .full,
    traceback: bool = false,
    seed: u64 = 0,
    heap_limit: u32 = 0,
    fail_allocation: u32 = 0,
    fail_count: u32 = 1,
};

/// What the next `init` uses, and the state that it makes.
pub var active: Options = .{};

/// The seed of string hashes and of sort's pivots, of the state that runs.
var hash_seed: u32 = 0;

/// A fresh state begins.
pub fn takeSeed() void {
    setSeed(@truncate(active.seed ^ (active.seed >> 32)));
}

/// A state with this seed is restored.
pub fn setSeed(value: u32) void {
    hash_seed = value;
}

/// Replaces the options by those of an encoded table; keeps the old ones when it is not valid.
pub fn configure(encoded: []const u8) Code {
    var reader: Reader = .{ .bytes = encoded };
    active = parse(&reader) catch return .bad_value;
    return .success;
}

const Error = error{BadValue};

fn parse(reader: *Reader) Error!Options {
    var options: Options = .{};
    try reader.expect(.table);
    const count = try reader.word();
    for (0..count) |_| {
        switch (try named(std.meta.FieldEnum(Options), try reader.string())) {
            .bytecode => options.bytecode = try named(
                @FieldType(Options, "bytecode"),
                try reader.string(),
            ),
            .libraries => options.libraries = try libraries(try reader.string()),
            .traceback => options.traceback = try reader.boolean(),
            .seed => options.seed = @bitCast(try reader.integer()),
            .heap_limit => options.heap_limit = try reader.size(),
            .fail_allocation => options.fail_allocation = try reader.size(),
            .fail_count => options.fail_count = try reader.size(),
        }
    }
    if (reader.position != reader.bytes.len) return error.BadValue;
    return options;
}

/// The value of the enum that has that name. std.meta.stringToEnum would be a map for each enum.
fn named(comptime T: type, name: []const u8) Error!T {
    for (std.enums.values(T), std.meta.fieldNames(T)) |value, own_name| {
        if (c_string.equalSlices(own_name, name)) return value;
    }
    return error.BadValue;
}

fn libraries(names: []const u8) Error!std.EnumSet(Library) {
    var set: std.EnumSet(Library) = .empty;
    var iterator = std.mem.splitScalar(u8, names, ',');
    while (iterator.next()) |name| {
        set.insert(try named(Library, name));
    }
    return set;
}

/// The one value that is read without a Lua state.
const Reader = struct {
    bytes: []const u8,
    position: usize = 0,

    fn take(reader: *Reader, count: usize) Error![]const u8 {
        if (count > reader.bytes.len - reader.position) return error.BadValue;
        defer reader.position += count;
        return reader.bytes[reader.position..][0..count];
    }

    fn expect(reader: *Reader, tag: Tag) Error!void {
        if ((try reader.take(1))[0] != @backingInt(tag)) return error.BadValue;
    }

    fn word(reader: *Reader) Error!u32 {
        return std.mem.readInt(u32, (try reader.take(4))[0..4], .little);
    }

    fn string(reader: *Reader) Error![]const u8 {
        try reader.expect(.string);
        return reader.take(try reader.word());
    }

    fn boolean(reader: *Reader) Error!bool {
        try reader.expect(.boolean);
        return switch ((try reader.take(1))[0]) {
            0 => false,
            1 => true,
            else => error.BadValue,
        };
    }

    fn integer(reader: *Reader) Error!i64 {
        try reader.expect(.integer);
        return std.mem.readInt(i64, (try reader.take(8))[0..8], .little);
    }

    fn size(reader: *Reader) Error!u32 {
        return std.math.cast(u32, try reader.integer()) orelse error.BadValue;
    }
};

fn seed() callconv(.c) c_uint {
    return hash_seed;
}

comptime {
    if (!@import("builtin").is_test) @export(&seed, .{ .name = "lpw_seed", .visibility = .hidden });
}

test "options are read whole or not at all" {
    const before = active;
    defer active = before;
    const encoded = "\x05\x02\x00\x00\x00" ++ "\x04\x08\x00\x00\x00bytecode" ++
        "\x04\x07\x00\x00\x00trusted" ++ "\x04\x0a\x00\x00\x00heap_limit" ++
        "\x02\x00\x10\x00\x00\x00\x00\x00\x00";
    try std.testing.expectEqual(.success, configure(encoded));
    try std.testing.expectEqual(.trusted, active.bytecode);
    try std.testing.expectEqual(4096, active.heap_limit);
    for (0..encoded.len) |length| {
        try std.testing.expectEqual(.bad_value, configure(encoded[0..length]));
    }
    try std.testing.expectEqual(.bad_value, configure(encoded ++ "\x00"));
    try std.testing.expectEqual(4096, active.heap_limit);
}
