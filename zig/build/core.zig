//! The core: Lua's C files, one C file of ours and the Zig core, linked into one wasm module.
const std = @import("std");
const Config = @import("Config.zig");

/// Lua's files that are compiled one by one; those of zig/core include all others but the
/// interpreter, the compiler and the list of libraries.
pub const lua_files = [_][]const u8{
    "lcode.c",   "lctype.c",   "ldebug.c",  "ldump.c",  "lfunc.c",   "llex.c", "lmem.c",
    "lobject.c", "lopcodes.c", "lparser.c", "lstate.c", "lstring.c", "ltm.c",  "lundump.c",
    "lzio.c",
};

/// Ours that include Lua's. They are linked before Lua's other files, and first of all the tables
/// and the API, which all else calls: of the orders that were measured this compresses best.
const including_files = [_][]const u8{
    "lua_tables.c",    "lua_unit.c",        "lua_collector.c", "lua_debug.c",
    "lua_internals.c", "lua_interpreter.c", "lua_libraries.c", "lua_strings.c",
};

/// The functions that root.zig exports, in its order, read from its text: it is the one list.
const exports: []const []const u8 = exported: {
    @setEvalBranchQuota(100_000);
    const head = "export fn ";
    var names: []const []const u8 = &.{};
    var lines = std.mem.splitScalar(u8, @embedFile("../core/root.zig"), '\n');
    while (lines.next()) |line| {
        if (!std.mem.startsWith(u8, line, head)) continue;
        const end = std.mem.indexOfScalar(u8, line, '(').?;
        names = names ++ .{line[head.len..end]};
    }
    break :exported names;
};

pub fn add(b: *std.Build, step: *std.Build.Step, config: Config) void {
    const lua_folder: std.Build.LazyPath = .{ .cwd_relative = config.lua_path };
    const root = b.createModule(.{
        .root_source_file = b.path("zig/core/root.zig"),
        .target = config.target(b),
        .optimize = config.optimize,
        .strip = false,
        .link_libc = config.platform == .wasi,
        .single_threaded = true,
        .stack_protector = false,
        .stack_check = false,
        .unwind_tables = .none,
        .sanitize_c = if (config.optimize.runtimeSafety()) .trap else .off,
    });
    root.addOptions("config", coreOptions(b, config));
    root.addImport("lua_c", translated(b, config, lua_folder));
    // An object of its own, before all that needs it: on wasi the linker takes a function of
    // wasi-libc as soon as one is missing, and would then see ours as a duplicate.
    root.addObject(libc(b, config));
    root.addIncludePath(lua_folder);
    root.addIncludePath(b.path("lua"));
    if (config.platform == .freestanding) root.addSystemIncludePath(b.path("lua/include"));
    for (including_files) |file| {
        const path = b.path("zig/core").path(b, file);
        root.addCSourceFile(.{ .file = path, .flags = cFlags(b, config, sizeOf(file)) });
    }
    root.addCSourceFiles(.{
        .root = lua_folder,
        .files = &lua_files,
        .flags = cFlags(b, config, .least),
    });
    // eh and exnref export the pointer and the table for the merge with unwind-*.wat, which drops
    // them again.
    root.export_symbol_names = if (config.unwind == .js)
        exports ++ .{ "lua_protected_call", "__stack_pointer" }
    else
        exports ++ .{"__stack_pointer"};

    const wasm = b.addExecutable(.{ .name = "core", .root_module = root });
    wasm.entry = .disabled;
    wasm.initial_memory = Config.memory_bytes;
    wasm.max_memory = Config.memory_bytes;
    wasm.stack_size = Config.stack_bytes;
    wasm.export_table = config.unwind != .js;
    if (config.platform == .wasi) wasm.wasi_exec_model = .reactor;
    step.dependOn(&b.addInstallArtifact(wasm, .{}).step);
}

fn libc(b: *std.Build, config: Config) *std.Build.Step.Compile {
    return b.addObject(.{
        .name = "libc",
        .root_module = b.createModule(.{
            .root_source_file = b.path("zig/libc/root.zig"),
            .target = config.target(b),
            .optimize = config.optimize,
            .strip = false,
            .single_threaded = true,
            .stack_protector = false,
            .stack_check = false,
            .unwind_tables = .none,
            // Or the compiler would turn the loop of strlen into a call of strlen.
            .no_builtin = true,
        }),
    });
}

/// What the Zig core knows of its build.
fn coreOptions(b: *std.Build, config: Config) *std.Build.Step.Options {
    const options = b.addOptions();
    options.addOption([]const u8, "target", @tagName(config.platform));
    options.addOption([]const u8, "optimize", Config.optimizeName(config.optimize));
    options.addOption([]const u8, "unwind", @tagName(config.unwind));
    options.addOption(u32, "memory_bytes", Config.memory_bytes);
    options.addOption(u32, "stack_bytes", Config.stack_bytes);
    options.addOption(u32, "max_c_calls", config.max_c_calls);
    return options;
}

/// Lua's C API as a Zig module, with the configuration that its C files see.
fn translated(b: *std.Build, config: Config, lua_folder: std.Build.LazyPath) *std.Build.Module {
    const translate = b.addTranslateC(.{
        .root_source_file = b.path("zig/core/lua_api.h"),
        .target = config.target(b),
        .optimize = config.optimize,
        .link_libc = config.platform == .wasi,
    });
    translate.addIncludePath(lua_folder);
    translate.addIncludePath(b.path("lua"));
    translate.addIncludePath(b.path("zig/core"));
    if (config.platform == .freestanding) translate.addSystemIncludePath(b.path("lua/include"));
    translate.addCFlags(cDefines(b, config));
    return translate.createModule();
}

/// How small a file gets in ReleaseSmall: as small as can be, or as Zig has it by itself.
const Size = enum { least, small };

fn sizeOf(including_file: []const u8) Size {
    // It says itself what is to be least.
    return if (std.mem.eql(u8, including_file, "lua_unit.c")) .small else .least;
}

fn cFlags(b: *std.Build, config: Config, size: Size) []const []const u8 {
    const level: []const u8 = switch (config.optimize) {
        // Unoptimized, one level of pcall takes 2.5 KB of stack and gsub 3.3 KB: 150 would not fit.
        .debug => "-O1",
        // Zig gives C -O2 here; the interpreter's loop is 3 % faster with -O3.
        .fast => "-O3",
        .safe => return cDefines(b, config),
        // Zig gives C -Os here, whatever `zig cc` is asked; -Oz is 4 % smaller.
        .small => switch (size) {
            .least => "-Oz",
            .small => "-Os",
        },
    };
    const both = [_][]const []const u8{ cDefines(b, config), &.{level} };
    return std.mem.concat(b.graph.arena, []const u8, &both) catch @panic("OOM");
}

/// How our configuration header reads the build.
fn cDefines(b: *std.Build, config: Config) []const []const u8 {
    return b.graph.arena.dupe([]const u8, &.{
        "-DLUA_USER_H=\"lua_config.h\"",
        if (config.unwind == .js) "-DLPW_UNWIND_JS" else "-DLPW_UNWIND_WASM",
        b.fmt("-DLPW_MAXCCALLS={d}", .{config.max_c_calls}),
        // wasi-libc hides `clock`, which we provide (zig/libc/time.zig).
        "-D_WASI_EMULATED_PROCESS_CLOCKS",
    }) catch @panic("OOM");
}
