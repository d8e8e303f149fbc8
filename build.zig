//! The artifacts and steps of the Zig side; each is described in a file of zig/build/.
const std = @import("std");
const Config = @import("zig/build/Config.zig");
const core = @import("zig/build/core.zig");
const native = @import("zig/build/native.zig");
const unit_tests = @import("zig/build/unit_tests.zig");

pub fn build(b: *std.Build) void {
    const core_step = b.step("core", "Build the wasm of one variant into <prefix>/bin/core.wasm");
    const test_step = b.step("test", "Run the unit tests of zig/ on this machine");
    const oracle_step = b.step("oracle", "Build stock Lua for this machine: <prefix>/bin/oracle");
    const twin_step = b.step("native-lua", "Build Lua on our heap and libc for its own tests");
    const memcheck_step = b.step("native-lua-memcheck", "Build the same for Valgrind, on malloc");

    const config = Config.fromOptions(b);
    unit_tests.add(b, test_step);
    core.add(b, core_step, config);
    native.addOracle(b, oracle_step, config);
    native.addTwin(b, twin_step, config, .ours);
    native.addTwin(b, memcheck_step, config, .hosts);
    b.default_step.dependOn(core_step);
}
