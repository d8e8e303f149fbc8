//! The numbers of the snapshot's body; docs/FORMATS.md is their whole truth.
const std = @import("std");
const c = @import("../lua.zig").c;

const version = 1;
/// What a body begins with, the version behind it: little endian, as all numbers are.
pub const beginning = little(u48, "LPWB".* ++ .{ version, 0 });
pub const end_mark = little(u32, "LPWE".*);
/// Lua's release, and the bytes of an instruction, an integer and a float.
pub const lua_build = @as(u64, c.LUA_VERSION_RELEASE_NUM) | @as(u64, little(u32, .{
    @sizeOf(c.Instruction),
    @sizeOf(c.lua_Integer),
    @sizeOf(c.lua_Number),
    0,
})) << 32;

pub const flag_debug_information: u8 = 1;
pub const flag_refused: u8 = 2;

pub const none: u32 = 0xFFFF_FFFF;
pub const no_name: u16 = 0xFFFF;
pub const no_hash_part: u8 = 0xFF;

fn little(comptime T: type, bytes: [@divExact(@typeInfo(T).int.bits, 8)]u8) T {
    return std.mem.readInt(T, &bytes, .little);
}

/// What a body holds: a whole state, or one value.
pub const Scope = enum(u8) { state = 0, value = 1 };

/// Of a value's slot.
pub const Slot = enum(u8) {
    nil = 0x00,
    boolean = 0x01,
    integer = 0x02,
    float = 0x03,
    reference = 0x06,
    dead_key = 0x08,
    c_function = 0x1A,
    refused = 0xFF,
    _,
};

/// Of an object.
pub const Kind = enum(u8) {
    string = 0x04,
    table = 0x05,
    upvalue = 0x07,
    lua_closure = 0x0B,
    c_closure = 0x0C,
    coroutine = 0x0D,
    userdata = 0x0E,
    main_thread = 0x0F,
    rebuilt = 0x10,
    refused = 0x11,
    /// Of values only: what they name instead of holding it.
    named_table = 0x12,
    table_handle = 0x13,
    prototype = 0x19,
    _,
};
/// Beside the kind: the object has a finalizer.
pub const flag_finalizer: u8 = 0x80;

pub const Userdata = enum(u8) {
    external_table = 0,
    iterator = 1,
    random = 2,
    gmatch = 3,
    file = 4,
    _,
};

pub const userdata_kinds = 5;

pub const userdata_reasons = 8;

pub const Reason = enum(u8) {
    unnamed_function = 1,
    light_userdata = 2,
    foreign_userdata = 3,
    persist_false = 4,
    coroutine = 5,
    /// An encoded error follows.
    persist_failed = 6,
    made_while_saving = 7,
    // Of values only, and never written: the kinds of userdata, in their order.
    iterator = userdata_reasons + @backingInt(Userdata.iterator),
    random = userdata_reasons + @backingInt(Userdata.random),
    gmatch = userdata_reasons + @backingInt(Userdata.gmatch),
    file = userdata_reasons + @backingInt(Userdata.file),

    pub fn text(reason: Reason) [*:0]const u8 {
        const texts = [_][*:0]const u8{
            "",
            "C function",
            "light userdata",
            "userdata",
            "value with __persist",
            "coroutine",
            "",
            "",
            "",
            "loop over an ext.table",
            "math.random",
            "gmatch loop",
            "file",
        };
        return texts[@backingInt(reason)];
    }
};

/// What math.random keeps: four words, in a userdata without a metatable.
pub const random_bytes = 32;
