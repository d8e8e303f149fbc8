//! The C functions that a state can hold, by name: what a snapshot calls them. Their numbers are
//! their order here, the same in every variant.
const std = @import("std");
const clock_ = @import("../clock.zig");
const external_table = @import("../external_table.zig");
const external_table_libraries = @import("../external_table_libraries.zig");
const host_function = @import("../host_function.zig");
const libraries = @import("../libraries.zig");
const lua = @import("../lua.zig");
const options = @import("../options.zig");
const c = lua.c;

const Group = struct {
    /// Without it the group's functions are not there for a snapshot either; null: always there.
    library: ?options.Library,
    prefix: []const u8,
    /// With an end mark; an entry without a function is no function.
    functions: *const [*c]const c.luaL_Reg,
};

/// At least as many as there are: asserted when they are counted.
pub const count_max = 240;
/// Of a C function, and of a continuation.
pub const length_max = 64;

/// Our own lists, as pointers, like those of the libraries.
const own = struct {
    const clock: [*c]const c.luaL_Reg = &clock_.guards;
    const os: [*c]const c.luaL_Reg = &libraries.os_functions;
    const ext: [*c]const c.luaL_Reg = &external_table_libraries.ext_functions;
    const low_level: [*c]const c.luaL_Reg = &external_table_libraries.low_level_functions;
    const handle: [*c]const c.luaL_Reg = &external_table.handle_methods;
    const iterator_methods: [*c]const c.luaL_Reg = &external_table.iterator_methods;
    const iterator: [*c]const c.luaL_Reg = &external_table.iterator_functions;
    const host: [*c]const c.luaL_Reg = &host_function.functions;
};

const groups = [_]Group{
    .{ .library = .base, .prefix = "", .functions = &c.lpw_base_functions },
    .{ .library = null, .prefix = "", .functions = &c.lpw_unit_unnamed_functions },
    .{ .library = null, .prefix = "", .functions = &c.lpw_unnamed_functions },
    .{ .library = null, .prefix = "", .functions = &c.lpw_string_unnamed_functions },
    .{ .library = null, .prefix = "buffer.", .functions = &c.lpw_box_functions },
    .{ .library = .coroutine, .prefix = "coroutine.", .functions = &c.lpw_coroutine_functions },
    .{ .library = .debug, .prefix = "debug.", .functions = &c.lpw_debug_functions },
    .{ .library = .io, .prefix = "io.", .functions = &c.lpw_io_functions },
    .{ .library = .io, .prefix = "file:", .functions = &c.lpw_file_methods },
    .{ .library = .io, .prefix = "file.", .functions = &c.lpw_file_metamethods },
    .{ .library = .math, .prefix = "math.", .functions = &c.lpw_math_functions },
    .{ .library = .math, .prefix = "math.", .functions = &c.lpw_random_functions },
    .{ .library = .os, .prefix = "os.", .functions = &c.lpw_os_functions },
    .{ .library = .os, .prefix = "os.", .functions = &own.clock },
    .{ .library = .os, .prefix = "os.", .functions = &own.os },
    .{ .library = .package, .prefix = "package.", .functions = &c.lpw_package_functions },
    .{ .library = .package, .prefix = "", .functions = &c.lpw_loader_functions },
    .{ .library = .string, .prefix = "string.", .functions = &c.lpw_string_functions },
    .{ .library = .string, .prefix = "string.", .functions = &c.lpw_string_metamethods },
    .{ .library = .table, .prefix = "table.", .functions = &c.lpw_table_functions },
    .{ .library = .utf8, .prefix = "utf8.", .functions = &c.lpw_utf8_functions },
    .{ .library = null, .prefix = "ext.", .functions = &own.ext },
    .{ .library = null, .prefix = "ext_table.", .functions = &own.low_level },
    .{ .library = null, .prefix = "ext.table:", .functions = &own.handle },
    .{ .library = null, .prefix = "ext.iterator:", .functions = &own.iterator_methods },
    .{ .library = null, .prefix = "ext.iterator.", .functions = &own.iterator },
    .{ .library = null, .prefix = "host.", .functions = &own.host },
};

const Found = struct { number: u16, group: Group, entry: *const c.luaL_Reg };

/// The first function that `matches` accepts.
fn search(context: anytype) ?Found {
    var number: u16 = 0;
    for (groups) |group| {
        var entry: [*]const c.luaL_Reg = @ptrCast(group.functions.*);
        while (entry[0].name != null) : (entry += 1) {
            const found: Found = .{ .number = number, .group = group, .entry = &entry[0] };
            if (entry[0].func != null and context.matches(found)) return found;
            number += 1;
        }
    }
    return null;
}

/// The names are short: a loop is small, and as fast.
fn same(a: []const u8, b: []const u8) bool {
    if (a.len != b.len) return false;
    for (a, b) |left, right| if (left != right) return false;
    return true;
}

pub fn numberOf(function: c.lua_CFunction) ?u16 {
    const Wanted = struct {
        function: c.lua_CFunction,
        fn matches(wanted: @This(), found: Found) bool {
            return found.entry.func == wanted.function;
        }
    };
    return (search(Wanted{ .function = function }) orelse return null).number;
}

/// The function of a name, of a library that is open; null where there is none.
pub fn functionOf(name: []const u8) c.lua_CFunction {
    const Wanted = struct {
        name: []const u8,
        fn matches(wanted: @This(), found: Found) bool {
            const prefix = found.group.prefix;
            if (wanted.name.len < prefix.len) return false;
            if (!same(wanted.name[0..prefix.len], prefix)) return false;
            if (!same(wanted.name[prefix.len..], std.mem.span(found.entry.name))) return false;
            const library = found.group.library orelse return true;
            return options.active.libraries.contains(library);
        }
    };
    return (search(Wanted{ .name = name }) orelse return null).entry.func;
}

pub fn nameOf(number: u16, buffer: *[length_max]u8) []const u8 {
    const Wanted = struct {
        number: u16,
        fn matches(wanted: @This(), found: Found) bool {
            return found.number == wanted.number;
        }
    };
    const found = search(Wanted{ .number = number }).?;
    const prefix = found.group.prefix;
    const last = std.mem.span(found.entry.name);
    @memcpy(buffer[0..prefix.len], prefix);
    @memcpy(buffer[prefix.len..][0..last.len], last);
    return buffer[0 .. prefix.len + last.len];
}

/// What a C function is hashed by as a key (lua_tables.c).
fn functionNumber(function: c.lua_CFunction) callconv(.c) c_uint {
    return numberOf(function) orelse @intFromPtr(function);
}

const continuation_names = [_][]const u8{
    "pcall.continuation",
    "dofile.continuation",
    "pairs.continuation",
};

pub fn continuationNumber(continuation: c.lua_KFunction) ?usize {
    for (c.lpw_continuations, 0..) |each, number| if (each == continuation) return number;
    return null;
}

pub fn continuationName(number: usize) []const u8 {
    return continuation_names[number];
}

pub fn continuationNamed(name: []const u8) ?usize {
    for (continuation_names, 0..) |each, number| if (same(each, name)) return number;
    return null;
}

comptime {
    if (!@import("builtin").is_test) {
        @export(&functionNumber, .{ .name = "lpw_function_number", .visibility = .hidden });
    }
}
