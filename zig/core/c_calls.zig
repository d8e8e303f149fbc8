//! How deep C calls and the parser may nest in an entry: as deep as the engine's own stack has
//! room for. The host knows only that an entry may begin; beyond a few levels it is asked.
const std = @import("std");
const builtin = @import("builtin");
const config = @import("config");
const host = @import("host.zig");
const lua = @import("lua.zig");

/// For these the host has made sure of room before it calls an export. Levels come in tens, since
/// Lua takes a tenth of them for handling an overflow.
const levels_unasked = 20;
/// What the deepest recursion of suites/stacks takes of V8's stack for a level, and some more: the
/// frames of ReleaseFast, compiled by the tier that does not optimize, are the largest.
const level_bytes: u32 = if (std.mem.eql(u8, config.optimize, "ReleaseFast")) 4096 else 2816;
/// Room for work at the last level that counts no calls: nested values, a function of the host,
/// or a pattern of 200 items, which needs the most once V8 has optimized the matcher.
const leaf_bytes = 147_456;
/// Such work, and that of a message handler on top of it. More handlers count as calls: each takes
/// the room of LPW_LEAF_CALLS levels (lua_unit.c).
const leaves_bytes = 2 * leaf_bytes;

comptime {
    std.debug.assert(leaf_bytes <= lua.c.LPW_LEAF_CALLS * level_bytes);
}

/// LUAI_MAXCCALLS is this, or what `more` answers (lua_config.h).
var levels: c_uint = levels_unasked;
var is_asked = false;

comptime {
    if (!builtin.is_test) {
        @export(&levels, .{ .name = "lpw_c_calls", .visibility = .hidden });
        @export(&more, .{ .name = "lpw_more_c_calls", .visibility = .hidden });
    }
}

/// The engine's stack may be another at each entry.
pub fn begin() void {
    levels = levels_unasked;
    is_asked = false;
}

fn more() callconv(.c) c_uint {
    if (!is_asked) {
        is_asked = true;
        levels = granted();
    }
    return levels;
}

fn granted() c_uint {
    const wanted_bytes = config.max_c_calls * level_bytes + leaves_bytes;
    const answer = host.js_call(host.stack_room, null, 0, null, wanted_bytes);
    // A host that does not know the question never gave less.
    if (answer < 0) return config.max_c_calls;
    const room_bytes = @as(u32, @intCast(answer)) -| leaves_bytes;
    const possible = room_bytes / level_bytes / 10 * 10;
    return @max(levels_unasked, @min(possible, config.max_c_calls));
}
