//! Programs for the machine that builds: the oracle, stock Lua to compare the wasm with, and the
//! native twin, Lua with our allocator and libc under upstream's internal tests.
const std = @import("std");
const Config = @import("Config.zig");
const core = @import("core.zig");

/// All of Lua but its two programs.
const library_files = core.lua_files ++ [_][]const u8{
    "lapi.c",    "lauxlib.c",  "lbaselib.c", "lcorolib.c", "ldblib.c", "ldo.c",     "lgc.c",
    "linit.c",   "liolib.c",   "lmathlib.c", "loadlib.c",  "loslib.c", "lstrlib.c", "ltable.c",
    "ltablib.c", "lutf8lib.c", "lvm.c",
};

/// Lua with musl's libc and nothing of ours but the limits that a script can see. (Zig has put
/// functions of its own in the place of some of musl's: sin, cos, tan, exp and the logarithms. The
/// numbers' way to text and back is musl's.)
pub fn addOracle(b: *std.Build, step: *std.Build.Step, config: Config) void {
    const lua_folder: std.Build.LazyPath = .{ .cwd_relative = config.lua_path };
    const target = hostTarget(b);
    const defines = [_][]const u8{
        "-DLUA_USER_H=\"lua_dialect.h\"", b.fmt("-DLUAI_MAXCCALLS={d}", .{config.max_c_calls}),
    };
    // Where the processor has a fused multiplication, a product would not be rounded.
    const flags = defines ++ .{"-ffp-contract=off"};
    const root = b.createModule(.{
        .root_source_file = b.path("zig/native/oracle.zig"),
        .target = target,
        .optimize = .fast,
        .link_libc = true,
        .single_threaded = true,
    });
    includeLua(b, root, lua_folder);
    root.addCSourceFiles(.{ .root = lua_folder, .files = &library_files, .flags = &flags });

    const translate = b.addTranslateC(.{
        .root_source_file = b.path("zig/core/lua_api.h"),
        .target = target,
        .optimize = .fast,
        .link_libc = true,
    });
    for ([_]std.Build.LazyPath{ lua_folder, b.path("lua"), b.path("zig/core") }) |folder| {
        translate.addIncludePath(folder);
    }
    translate.addCFlags(&defines);
    const lua = b.createModule(.{ .root_source_file = b.path("zig/core/lua.zig") });
    lua.addImport("lua_c", translate.createModule());
    root.addImport("lua", lua);

    const oracle = b.addExecutable(.{ .name = "oracle", .root_module = root });
    step.dependOn(&b.addInstallArtifact(oracle, .{}).step);
}

/// Lua's interpreter with upstream's internal tests, for the official test suite: on our heap, with
/// our libc's numbers, texts and dates, and the shared libraries that the suite loads. It is linked
/// dynamically to the host's libc, for those libraries' sake. With blocks of the host's, which
/// Valgrind knows one by one, it is "native-lua-memcheck".
pub fn addTwin(b: *std.Build, step: *std.Build.Step, config: Config, blocks: Blocks) void {
    const lua_folder: std.Build.LazyPath = .{ .cwd_relative = config.lua_path };
    // Named, so that the headers are those that Zig brings along and not the machine's.
    const target = b.resolveTargetQuery(.{
        .cpu_model = .baseline,
        .abi = b.graph.host.result.abi,
    });
    const linux = target.result.os.tag == .linux;
    const platform: []const u8 = if (linux) "-DLUA_USE_LINUX" else "-DLUA_USE_MACOSX";
    const flags = [_][]const u8{
        "-DLUA_USER_H=\"twin.h\"",
        platform,
        b.fmt("-DTWIN_MAXCCALLS={d}", .{config.max_c_calls}),
        // Or the compiler and glibc's headers would put code of theirs before our functions.
        "-fno-builtin",
        "-U_FORTIFY_SOURCE",
        "-D__NO_CTYPE",
        "-D__NO_INLINE__",
    };
    const root = b.createModule(.{
        .target = target,
        .optimize = .safe,
        .link_libc = true,
        .sanitize_c = .trap,
    });
    includeLua(b, root, lua_folder);
    root.addCSourceFiles(.{
        .root = lua_folder,
        .files = &(library_files ++ .{"lua.c"}),
        .flags = &flags,
    });
    root.addCSourceFile(.{
        .file = lua_folder.path(b, "ltests.c"),
        .flags = switch (blocks) {
            .ours => &(flags ++ .{ "-Dmalloc=twin_malloc", "-Dfree=twin_free" }),
            // Upstream's marks around blocks would be memory that may be read.
            .hosts => &(flags ++ .{"-DEXTERNMEMCHECK"}),
        },
    });
    root.addObject(zigObject(b, target, twin_libc, blocks));
    if (blocks == .ours) root.addObject(zigObject(b, target, twin_heap, blocks));

    const twin = b.addExecutable(.{
        .name = switch (blocks) {
            .ours => "native-lua",
            .hosts => "native-lua-memcheck",
        },
        .root_module = root,
    });
    twin.rdynamic = true; // The shared libraries find Lua's functions in the program.
    step.dependOn(&b.addInstallArtifact(twin, .{}).step);
    for (test_libraries) |library| {
        const shared = testLibrary(b, target, .{
            .name = library.name,
            .source = lua_folder.path(b, library.source),
            .flags = &flags,
            .lua_folder = lua_folder,
        });
        const name = b.fmt("{s}.so", .{library.name});
        step.dependOn(&b.addInstallFileWithDir(shared.getEmittedBin(), .bin, name).step);
    }
}

/// Whose allocator is beneath upstream's checking one.
pub const Blocks = enum { ours, hosts };

/// As testes/libs/makefile names them.
const test_libraries = [_]struct { name: []const u8, source: []const u8 }{
    .{ .name = "lib1", .source = "testes/libs/lib1.c" },
    .{ .name = "lib11", .source = "testes/libs/lib11.c" },
    .{ .name = "lib2", .source = "testes/libs/lib2.c" },
    .{ .name = "lib21", .source = "testes/libs/lib21.c" },
    .{ .name = "lib2-v2", .source = "testes/libs/lib22.c" },
};

const TestLibrary = struct {
    name: []const u8,
    source: std.Build.LazyPath,
    flags: []const []const u8,
    lua_folder: std.Build.LazyPath,
};

fn testLibrary(
    b: *std.Build,
    target: std.Build.ResolvedTarget,
    library: TestLibrary,
) *std.Build.Step.Compile {
    const root = b.createModule(.{ .target = target, .optimize = .safe, .link_libc = true });
    includeLua(b, root, library.lua_folder);
    root.addCSourceFile(.{ .file = library.source, .flags = library.flags });
    const shared = b.addLibrary(.{
        .name = library.name,
        .linkage = .dynamic,
        .root_module = root,
    });
    shared.linker_allow_shlib_undefined = true;
    return shared;
}

/// The headers of ours behind the libc's own: the setjmp.h among them is for the wasm.
fn includeLua(b: *std.Build, module: *std.Build.Module, lua_folder: std.Build.LazyPath) void {
    module.addIncludePath(lua_folder);
    module.addIncludePath(b.path("zig/native"));
    module.addAfterIncludePath(b.path("lua"));
}

/// zig/native/<name>.zig, which imports a file from elsewhere in zig/.
const TwinPart = struct { name: []const u8, import: []const u8, from: []const u8 };

const twin_heap: TwinPart =
    .{ .name = "twin_heap", .import = "Heap", .from = "zig/core/Heap.zig" };
const twin_libc: TwinPart =
    .{ .name = "twin_libc", .import = "libc", .from = "zig/libc/for_host.zig" };

fn zigObject(
    b: *std.Build,
    target: std.Build.ResolvedTarget,
    part: TwinPart,
    blocks: Blocks,
) *std.Build.Step.Compile {
    const root = b.createModule(.{
        .root_source_file = b.path("zig/native").path(b, b.fmt("{s}.zig", .{part.name})),
        .target = target,
        .optimize = .safe,
        .link_libc = true,
        .pic = true,
        // Valgrind is told that what is undefined is, though it is filled with a pattern.
        .valgrind = blocks == .hosts,
    });
    root.addAnonymousImport(part.import, .{ .root_source_file = b.path(part.from) });
    return b.addObject(.{ .name = part.name, .root_module = root });
}

/// The host's architecture without its model's extras, so that all machines give the same bits;
/// on Linux with musl, linked in. Elsewhere the system's libc answers, whose mathematical
/// functions and %a may differ from musl's in the last digit.
fn hostTarget(b: *std.Build) std.Build.ResolvedTarget {
    return b.resolveTargetQuery(.{
        .cpu_model = .baseline,
        .abi = if (b.graph.host.result.os.tag == .linux) .musl else null,
    });
}
