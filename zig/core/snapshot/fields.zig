//! Each figure of a body, its type and its limits: the rows of
//! runtime/graph/body-fields.ts, whose test compares the two.
const std = @import("std");
const Part = @import("Input.zig").Part;

const Type = enum { u8, u16, u32, u64, i32, i64, f64, bytes };

/// Type, meaning, and limits that a figure shows by itself: the most, and the least. What a name
/// limits is compared where that is known.
const rows = .{
    .prologue_magic = .{ "u32", "constant", 0x4257504c, 0x4257504c },
    .prologue_version = .{ "u16", "constant", 1, 1 },
    .prologue_scope = .{ "u8", "enum", 1 },
    .prologue_flags = .{ "u8", "flags", 3 },
    .prologue_lua_release = .{ "u32", "constant", 50408, 50408 },
    .prologue_instruction_bytes = .{ "u8", "constant", 4, 4 },
    .prologue_integer_bytes = .{ "u8", "constant", 8, 8 },
    .prologue_float_bytes = .{ "u8", "constant", 8, 8 },
    .prologue_zero = .{ "u8", "constant", 0 },
    .prologue_objects = .{ "u32", "count" },
    .prologue_functions = .{ "u32", "count", "objects" },
    .prologue_names = .{ "u32", "count" },
    .prologue_hash_seed = .{ "u32", "number" },
    .name_length = .{ "u8", "length", 64, 1 },
    .name_bytes = .{ "bytes", "bytes" },
    .shell_tag = .{ "u8", "tag" },
    .shell_salt = .{ "u16", "salt", 2047 },
    .string_length = .{ "u32", "length" },
    .string_bytes = .{ "bytes", "bytes" },
    .table_array_slots = .{ "u32", "count", 1048576 },
    .table_hash_bits = .{ "u8", "index_or_none", 20 },
    .lua_closure_upvalues = .{ "u8", "count" },
    .c_closure_upvalues = .{ "u8", "count", 255, 1 },
    .userdata_kind = .{ "u8", "enum", 4 },
    .refused_reason = .{ "u8", "enum", 7, 1 },
    .refused_error_length = .{ "u32", "length" },
    .refused_error_bytes = .{ "bytes", "bytes" },
    .named_table_length = .{ "u32", "length", 16383 },
    .named_table_bytes = .{ "bytes", "bytes" },
    .table_handle_id = .{ "u32", "number" },
    .slot_tag = .{ "u8", "tag" },
    .slot_boolean = .{ "u8", "flag", 1 },
    .slot_integer = .{ "i64", "number" },
    .slot_float = .{ "f64", "number" },
    .slot_reference = .{ "u32", "id", "objects" },
    .slot_function = .{ "u16", "index", "names" },
    .slot_reason = .{ "u8", "enum", 5, 1 },
    .table_metatable = .{ "u32", "id_or_none", "objects" },
    .table_array_limit = .{ "u32", "index", "array_slots" },
    .table_last_free = .{ "u32", "index", "hash_slots" },
    .node_tag = .{ "u8", "tag" },
    .node_dead_key = .{ "u32", "id_or_none", "objects" },
    .upvalue_state = .{ "u8", "flag", 1 },
    .upvalue_coroutine = .{ "u32", "id", "objects" },
    .upvalue_stack_slot = .{ "u32", "index", "stack_used" },
    .lua_closure_prototype = .{ "u32", "id", "objects" },
    .lua_closure_upvalue = .{ "u32", "id", "objects" },
    .c_closure_function = .{ "u16", "index", "names" },
    .rebuilt_maker = .{ "u32", "id", "objects" },
    .coroutine_status = .{ "u8", "enum", 5 },
    .coroutine_allows_hook = .{ "u8", "flag", 1 },
    .coroutine_hook_mask = .{ "u8", "flags", 15 },
    .coroutine_hook_count_base = .{ "u32", "number" },
    .coroutine_hook_count = .{ "u32", "number" },
    .coroutine_error_handler = .{ "u32", "index", "stack_used" },
    .coroutine_stack_size = .{ "u32", "count", 15200 },
    .coroutine_stack_used = .{ "u32", "count", "stack_size" },
    .coroutine_variables_to_close = .{ "u32", "count", "stack_used" },
    .coroutine_variable_to_close = .{ "u32", "index", "stack_used" },
    .coroutine_calls = .{ "u32", "count", 15000 },
    .call_function = .{ "u32", "index", "stack_used" },
    .call_top = .{ "u32", "index", "stack_size" },
    .call_results = .{ "i32", "number", 32767, -32768 },
    .call_status = .{ "u32", "flags", 65535 },
    .call_is_c = .{ "u8", "flag", 1 },
    .call_instruction = .{ "u32", "index", "instructions" },
    .call_extra_arguments = .{ "u32", "number", 2147483647 },
    .call_continuation = .{ "u16", "index_or_none", "names" },
    .call_context = .{ "i32", "number", 2, 0 },
    .call_old_error_handler = .{ "u32", "index", "stack_used" },
    .call_detail = .{ "u32", "number" },
    .userdata_metatable = .{ "u32", "id_or_none", "objects" },
    .external_table_id = .{ "u32", "number", 2147483647 },
    .iterator_number = .{ "i32", "number", 2147483647, -1 },
    .random_word = .{ "u64", "number" },
    .gmatch_subject = .{ "u32", "id", "objects" },
    .gmatch_pattern = .{ "u32", "id", "objects" },
    .gmatch_position = .{ "u32", "index", "subject" },
    .gmatch_last_match = .{ "u32", "index_or_none", "subject" },
    .file_number = .{ "u8", "enum", 2 },
    .file_is_closed = .{ "u8", "flag", 1 },
    .prototype_source = .{ "u32", "id_or_none", "objects" },
    .prototype_first_line = .{ "u32", "number", 2147483647 },
    .prototype_last_line = .{ "u32", "number", 2147483647 },
    .prototype_parameters = .{ "u8", "number" },
    .prototype_is_vararg = .{ "u8", "flag", 1 },
    .prototype_stack_slots = .{ "u8", "count" },
    .prototype_instructions = .{ "u32", "count" },
    .prototype_instruction = .{ "u32", "number" },
    .prototype_constants = .{ "u32", "count" },
    .prototype_upvalues = .{ "u32", "count", 255 },
    .prototype_upvalue_in_stack = .{ "u8", "flag", 1 },
    .prototype_upvalue_index = .{ "u8", "index" },
    .prototype_upvalue_kind = .{ "u8", "enum", 3 },
    .prototype_upvalue_name = .{ "u32", "id_or_none", "objects" },
    .prototype_inner = .{ "u32", "count" },
    .prototype_inner_id = .{ "u32", "id", "objects" },
    .prototype_line_differences = .{ "u32", "count", "instructions" },
    .prototype_line_bytes = .{ "bytes", "bytes" },
    .prototype_lines = .{ "u32", "count" },
    .prototype_line_instruction = .{ "u32", "number", 2147483647 },
    .prototype_line = .{ "u32", "number", 2147483647 },
    .prototype_locals = .{ "u32", "count" },
    .prototype_local_name = .{ "u32", "id_or_none", "objects" },
    .prototype_local_start = .{ "u32", "number", 2147483647 },
    .prototype_local_end = .{ "u32", "number", 2147483647 },
    .roots_registry = .{ "u32", "id", "objects" },
    .roots_metatable = .{ "u32", "id_or_none", "objects" },
    .roots_finalizers = .{ "u32", "count", "objects" },
    .roots_finalizer = .{ "u32", "id", "objects" },
    .roots_is_generational = .{ "u8", "flag", 1 },
    .roots_is_stopped = .{ "u8", "flag", 1 },
    .roots_pause = .{ "u8", "number" },
    .roots_step_multiplier = .{ "u8", "number" },
    .roots_step_size = .{ "u8", "number" },
    .roots_minor_multiplier = .{ "u8", "number" },
    .roots_major_multiplier = .{ "u8", "number" },
    .roots_warnings_on = .{ "u8", "flag", 1 },
    .roots_latest_salt = .{ "u32", "salt", 2047 },
    .end_mark = .{ "u32", "constant", 0x4557504c, 0x4557504c },
};

pub const Name = std.meta.FieldEnum(@TypeOf(rows));

pub const Field = struct {
    Int: type,
    Unsigned: type,
    /// The least value, and how much more it may be, as 32 bits without a sign.
    min: u32,
    span: u32,
    part: Part,
};

/// Of figures of at most 32 bits.
pub fn field(comptime name: Name) Field {
    const row = @field(rows, @tagName(name));
    const row_type = std.meta.stringToEnum(Type, row[0]).?;
    const Int = switch (row_type) {
        .u8 => u8,
        .u16 => u16,
        .u32 => u32,
        .i32 => i32,
        else => @compileError("no limit is compared for " ++ @tagName(name)),
    };
    const has_max = row.len > 2 and @TypeOf(row[2]) == comptime_int;
    const min: i64 = if (row.len > 3) row[3] else if (Int == i32) std.math.minInt(i32) else 0;
    const max: i64 = if (has_max) row[2] else std.math.maxInt(Int);
    return .{
        .Int = Int,
        .Unsigned = @Int(.unsigned, @bitSizeOf(Int)),
        .min = @truncate(@as(u64, @bitCast(min))),
        .span = @intCast(max - min),
        .part = partOf(@tagName(name)),
    };
}

/// What messages call the part of a body that a figure belongs to: the name's first word tells.
fn partOf(comptime name: []const u8) Part {
    const first = name[0 .. std.mem.indexOfScalar(u8, name, '_') orelse name.len];
    const parts = .{
        .{ .version, .{ "prologue", "end" } },
        .{ .name, .{"name"} },
        .{ .object, .{ "shell", "string", "named", "refused" } },
        .{ .value, .{"slot"} },
        .{ .table, .{ "table", "node" } },
        .{ .function, .{ "upvalue", "lua", "c", "prototype", "rebuilt" } },
        .{ .coroutine, .{ "coroutine", "call" } },
        .{ .userdata, .{ "userdata", "external", "iterator", "random", "gmatch", "file" } },
        .{ .registry, .{"roots"} },
    };
    for (parts) |row| for (row[1]) |word| if (std.mem.eql(u8, first, word)) return row[0];
    @compileError("no part has " ++ name);
}
