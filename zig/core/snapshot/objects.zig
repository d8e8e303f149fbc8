//! Lua's values and objects as a snapshot looks at them.
const lua = @import("../lua.zig");
const memory = @import("../memory.zig");
const c = lua.c;

pub const Object = c.GCObject;
pub const Value = c.TValue;

/// A value's type with its variant, without the mark of a collectable one.
pub fn variant(value: *const Value) c_int {
    return value.tt_ & 0x3F;
}

pub fn isCollectable(value: *const Value) bool {
    return value.tt_ & c.BIT_ISCOLLECTABLE != 0;
}

pub fn isNil(value: *const Value) bool {
    return value.tt_ & 0x0F == c.LUA_TNIL;
}

pub fn objectOf(value: *const Value) *Object {
    return @ptrCast(value.value_.gc);
}

/// By its fields: a table's entry has its key where a whole value has padding.
pub fn set(value: *Value, payload: @FieldType(Value, "value_"), tt: u8) void {
    value.value_ = payload;
    value.tt_ = tt;
}

pub fn setObject(value: *Value, object: *Object) void {
    set(value, .{ .gc = object }, @intCast(object.tt | c.BIT_ISCOLLECTABLE));
}

/// An object as what its type says it is.
pub fn as(comptime T: type, object: *Object) *T {
    return @ptrCast(@alignCast(object));
}

pub fn from(pointer: anytype) *Object {
    return @ptrCast(@alignCast(pointer));
}

/// Of any pointer to an object, null too.
pub fn fromOptional(pointer: anytype) ?*Object {
    return @ptrFromInt(@intFromPtr(pointer));
}

pub fn stringBytes(string: *const c.TString) []const u8 {
    const first: [*]const u8 = @ptrCast(&string.contents);
    const length = if (string.tt == c.LUA_VSHRSTR) string.shrlen else string.u.lnglen;
    return first[0..length];
}

/// The string whose bytes begin there.
pub fn stringAt(first: [*]const u8) *c.TString {
    return @ptrFromInt(@intFromPtr(first) - @offsetOf(c.TString, "contents"));
}

pub fn global(L: *lua.State) *c.global_State {
    return @ptrCast(L.l_G);
}

pub fn arraySlots(table: *const c.Table) []Value {
    const count = c.luaH_realasize(table);
    if (count == 0) return &.{};
    return table.array[0..count];
}

/// Without a hash part a table has Lua's one dummy node, which is nobody's.
pub fn hasHashPart(table: *const c.Table) bool {
    return table.lastfree != null;
}

pub fn hashSlots(table: *const c.Table) []c.Node {
    if (!hasHashPart(table)) return &.{};
    return table.node[0 .. @as(usize, 1) << @intCast(table.lsizenode)];
}

pub fn luaUpvalues(closure: *c.LClosure) []?*c.UpVal {
    const first: [*]?*c.UpVal = @ptrCast(&closure.upvals);
    return first[0..closure.nupvalues];
}

pub fn cUpvalues(closure: *c.CClosure) []Value {
    const first: [*]Value = @ptrCast(&closure.upvalue);
    return first[0..closure.nupvalues];
}

pub fn isOpen(upvalue: *const c.UpVal) bool {
    return @intFromPtr(upvalue.v.p) != @intFromPtr(&upvalue.u.value);
}

/// The bytes of a userdata without user values.
pub fn userdataBytes(userdata: *c.Udata) [*]u8 {
    return @as([*]u8, @ptrCast(userdata)) + @offsetOf(c.Udata0, "bindata");
}

pub fn stackSlots(thread: *c.lua_State) []c.StackValue {
    return thread.stack.p[0..slotIndex(thread, thread.top.p)];
}

pub fn slotIndex(thread: *const c.lua_State, slot: anytype) u32 {
    const bytes = @intFromPtr(slot) - @intFromPtr(thread.stack.p);
    return @intCast(bytes / @sizeOf(c.StackValue));
}

pub fn stackSize(thread: *const c.lua_State) u32 {
    return slotIndex(thread, thread.stack_last.p);
}

pub fn isLuaCall(call: *const c.CallInfo) bool {
    return call.callstatus & c.CIST_C == 0;
}

/// Whether an object has a finalizer, as Lua marks it.
pub fn isFinalized(object: *const Object) bool {
    return object.marked & (1 << c.FINALIZEDBIT) != 0;
}

/// Where the block of an object begins.
fn blockOf(object: *const Object) [*]const u8 {
    const bytes: [*]const u8 = @ptrCast(object);
    return if (object.tt == c.LUA_VTHREAD) bytes - c.LUA_EXTRASPACE else bytes;
}

pub fn saltOf(object: *const Object) u16 {
    return memory.heap.saltOf(blockOf(object));
}

pub fn setSalt(object: *const Object, salt: u11) void {
    memory.heap.setSalt(blockOf(object), salt);
}
