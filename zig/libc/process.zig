//! The world outside, which a wasm instance doesn't have: no environment, no shell, no exit.

fn abort() callconv(.c) noreturn {
    @trap();
}

/// The core puts an os.exit of its own in place: what comes here is a mistake, so it traps.
fn exit(status: c_int) callconv(.c) noreturn {
    _ = status;
    @trap();
}

fn getenv(name: [*:0]const u8) callconv(.c) ?[*:0]u8 {
    _ = name;
    return null;
}

/// 0 answers "is there a shell?" (null) with no; a command fails.
fn system(command: ?[*:0]const u8) callconv(.c) c_int {
    if (command == null) return 0;
    @import("errno.zig").set(.not_implemented);
    return -1;
}

pub const symbols = .{ .abort = &abort, .exit = &exit, .getenv = &getenv, .system = &system };

test "there is no environment and no shell" {
    const testing = @import("std").testing;
    try testing.expectEqual(null, getenv("PATH"));
    try testing.expectEqual(0, system(null));
    try testing.expectEqual(-1, system("true"));
}
