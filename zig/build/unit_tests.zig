//! The unit tests of zig/, run on the machine that builds.
const std = @import("std");

pub fn add(b: *std.Build, step: *std.Build.Step) void {
    const roots = [_][]const u8{ "zig/libc/root.zig", "zig/core/unit_tests.zig" };
    for (roots) |root| {
        const tests = b.addTest(.{ .root_module = b.createModule(.{
            .root_source_file = b.path(root),
            .target = b.graph.host,
            .optimize = .debug,
            .link_libc = true,
        }) });
        step.dependOn(&b.addRunArtifact(tests).step);
    }
}
