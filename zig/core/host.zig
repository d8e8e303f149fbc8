//! The imports: what the host does for the core. docs/FORMATS.md says what each answers.

pub extern "env" fn js_ext_table_open(name: ?[*]const u8, name_len: usize) i32;
pub extern "env" fn js_ext_table_retain(id: u32) i32;
pub extern "env" fn js_ext_table_release(id: u32) i32;
pub extern "env" fn js_ext_table_set(
    id: u32,
    key: [*]const u8,
    key_len: usize,
    value: [*]const u8,
    value_len: usize,
) i32;
pub extern "env" fn js_ext_table_get(
    id: u32,
    key: [*]const u8,
    key_len: usize,
    value: [*]u8,
    max: usize,
) i32;
pub extern "env" fn js_ext_table_delete(id: u32, key: [*]const u8, key_len: usize) i32;
pub extern "env" fn js_ext_table_size(id: u32) i32;
pub extern "env" fn js_ext_table_keys(id: u32, buffer: [*]u8, max: usize) i32;
pub extern "env" fn js_iter_open(id: u32) i32;
pub extern "env" fn js_iter_next(iterator: i32, buffer: [*]u8, max: usize) i32;
pub extern "env" fn js_iter_close(iterator: i32) i32;
/// In the place of a function's id, with no arguments: how much of `max` bytes of its stack the
/// engine has left. No script can ask it, since arguments have an address.
pub const stack_room: u32 = 0xffff_ffff;
pub extern "env" fn js_call(
    function_id: u32,
    arguments: ?[*]const u8,
    arguments_len: usize,
    out: ?[*]u8,
    max: usize,
) i32;
pub extern "env" fn js_module(
    name: ?[*]const u8,
    name_len: usize,
    buffer: [*]u8,
    max: usize,
    offset: usize,
) i32;
pub extern "env" fn js_output(bytes: [*]const u8, len: usize) i32;
pub extern "env" fn js_stream_read(buffer: [*]u8, max: usize) i32;
pub extern "env" fn js_stream_write(bytes: [*]const u8, len: usize) i32;
