//! All -D options of the build, read once; what a variant's axes mean for the compiler.
const Config = @This();

const std = @import("std");

pub const Platform = enum { freestanding, wasi };
pub const Unwind = enum { js, eh, exnref };

/// Where the build finds Lua's sources; a C file that is missing there is the compiler's error.
lua_path: []const u8,
platform: Platform,
optimize: std.builtin.Optimize,
unwind: Unwind,
/// LUAI_MAXCCALLS: how deep C calls and the parser may nest before "C stack overflow".
max_c_calls: u32,

/// The linear memory: 32 pages, from the first instruction to the last.
pub const memory_bytes = 2 * 1024 * 1024;
/// The stack lies first, so that an overflow traps instead of overwriting data.
pub const stack_bytes = 256 * 1024;
/// Lua's own default. The deepest recursion, of string.gsub, then takes 70 % of the stack in the
/// variants that take most.
const default_max_c_calls = 200;

pub fn fromOptions(b: *std.Build) Config {
    const platform = b.option(Platform, "platform", "What the wasm runs on: freestanding or wasi");
    const optimize = b.option(std.builtin.Optimize, "optimize", "debug, safe, fast or small");
    const unwind = b.option(Unwind, "unwind", "How Lua's errors unwind: js, eh or exnref");
    const lua_path = b.option([]const u8, "lua", "The folder with Lua's sources (npm run setup)");
    const max_c_calls = b.option(u32, "max-c-calls", "LUAI_MAXCCALLS, 200 by default");
    return .{
        .lua_path = lua_path orelse ".tools/lua",
        .platform = platform orelse .freestanding,
        .optimize = optimize orelse .small,
        .unwind = unwind orelse .js,
        .max_c_calls = max_c_calls orelse default_max_c_calls,
    };
}

/// The variant's name of an optimization, as harness/variant spells it.
pub fn optimizeName(optimize: std.builtin.Optimize) []const u8 {
    return switch (optimize) {
        .debug => "Debug",
        .safe => "ReleaseSafe",
        .fast => "ReleaseFast",
        .small => "ReleaseSmall",
    };
}

/// Bulk memory, sign extension, non-trapping conversion, mutable globals and multivalue: what
/// Chrome 74 and Firefox 79 run (reference types, in Zig's generic model, came later).
pub fn target(config: Config, b: *std.Build) std.Build.ResolvedTarget {
    const features = std.Target.wasm.featureSet(&.{
        .bulk_memory, .multivalue, .mutable_globals, .nontrapping_fptoint, .sign_ext,
    });
    return b.resolveTargetQuery(.{
        .cpu_arch = .wasm32,
        .os_tag = switch (config.platform) {
            .freestanding => .freestanding,
            .wasi => .wasi,
        },
        .cpu_model = .{ .explicit = &std.Target.wasm.cpu.mvp },
        .cpu_features_add = features,
    });
}
