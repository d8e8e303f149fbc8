//! What a body says of itself before all else.
const Prologue = @This();

const format = @import("format.zig");
const Input = @import("Input.zig");
const Survey = @import("Survey.zig");

scope: format.Scope,
/// Lua functions, and what is called back from where it stopped, are taken.
allows_functions: bool,
object_count: u32,
function_count: u32,
name_count: u32,
hash_seed: u32,

/// [-0, +0, v]
pub fn read(in: *Input, allowed: struct { scope: format.Scope, functions: bool }) Prologue {
    const beginning = in.int(u64);
    const scope: u8 = @truncate(beginning >> 48);
    const flags: u8 = @truncate(beginning >> 56);
    if (@as(u48, @truncate(beginning)) != format.beginning or
        scope != @backingInt(allowed.scope)) in.damaged(.version);
    if (flags & ~format.flag_debug_information != 0) in.damaged(.refused);
    if (in.int(u64) != format.lua_build) in.damaged(.version);
    const prologue: Prologue = .{
        .scope = allowed.scope,
        .allows_functions = allowed.functions,
        .object_count = in.figure(.prologue_objects),
        .function_count = in.figure(.prologue_functions),
        .name_count = in.figure(.prologue_names),
        .hash_seed = in.figure(.prologue_hash_seed),
    };
    if (prologue.name_count > Survey.names_max) in.damaged(.name);
    if (prologue.function_count > 0 and !allowed.functions) {
        in.damaged(.untrusted);
    }
    return prologue;
}
