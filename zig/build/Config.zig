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
/// LUAI_MAXCCALLS. 200 is Lua's own default: the deepest recursion, of string.gsub, then takes 70
/// to 74 % of the stack. ReleaseFast has fewer, for the engine's own stack: its functions have so
/// many locals that at 200 a reader of `load` that calls `load` needs over 900 of the 984 KB that
/// Node has. suites/stacks measures both in every variant.
const max_c_calls_default = std.EnumArray(std.builtin.Optimize, u32).init(.{
    .debug = 200,
    .safe = 200,
    .fast = 150,
    .small = 200,
});

pub fn fromOptions(b: *std.Build) Config {
    const platform = b.option(Platform, "platform", "What the wasm runs on: freestanding or wasi");
    const optimize = b.option(std.builtin.Optimize, "optimize", "debug, safe, fast or small");
    const unwind = b.option(Unwind, "unwind", "How Lua's errors unwind: js, eh or exnref");
    const lua_path = b.option([]const u8, "lua", "The folder with Lua's sources (npm run setup)");
    const max_c_calls = b.option(u32, "max-c-calls", "LUAI_MAXCCALLS");
    const level = optimize orelse .small;
    return .{
        .lua_path = lua_path orelse ".tools/lua",
        .platform = platform orelse .freestanding,
        .optimize = level,
        .unwind = unwind orelse .js,
        .max_c_calls = max_c_calls orelse max_c_calls_default.get(level),
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
