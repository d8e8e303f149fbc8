/** Where functions are said to come from: by name, and by neighbours when that is not enough. */
import { describe, expect, test } from "vitest";
import { type OriginQuery, originsOf } from "./origin.ts";
import { indexSources } from "./sources.ts";

const sources = indexSources([
  {
    path: "lua/lvm.c",
    text: `/*
static void commented (void) {
*/
static int twin (int a,
                 int b) {
  if (a) { return called(b); }
}
void luaV_execute (lua_State *L, CallInfo *ci) {
LUA_API const char *(lua_pushit) (lua_State *L, const char *s) {
void luaV_declared (lua_State *L);
#define MACRO(x) {
`,
  },
  { path: "lua/ldo.c", text: "static int twin (void) {\nl_noret luaD_throw (lua_State *L) {\n" },
  { path: "zig/core/lua_internals.c", text: "size_t lpw_settle(void) {\n" },
  {
    path: "zig/core/Heap.zig",
    text: `pub fn free(self: *Heap) void {
@export(&free, .{ .name = "lpw_free", .visibility = .hidden });`,
  },
  {
    path: "zig/core/snapshot/Input.zig",
    text: `pub const Part = enum { head, body };
      pub fn int(comptime T: type) T { const Wanted = struct { fn matches() void {} }; }`,
  },
  { path: "zig/core/root.zig", text: "export fn init() i32 {" },
  {
    path: "zig/libc/math.zig",
    text: `fn asin(x: f64) callconv(.c) f64 { return std.math.asin(x); }
      pub fn Table(comptime T: type) type {
        return struct { pub fn lookUp() T {} };
      }
      pub const symbols = .{ .asin = &asin, .atan2 = &@import("arctangent.zig").atan2 };`,
  },
  { path: "zig/libc/root.zig", text: "fn provide() void {" },
  {
    path: "unwind-eh.wat",
    text: `(func (export "lua_try") (param i32)) (func $t (export "lua_throw"))`,
  },
]);

const alone = { callers: [], callees: [] };

function originOf(name: string): string | undefined {
  return originsOf([{ ...alone, name }], { sources, isNamed: true })[0];
}

describe("by name", () => {
  test.each([
    ["luaV_execute", "lua/lvm.c"],
    ["lua_pushit", "lua/lvm.c"],
    ["luaD_throw", "lua/ldo.c"],
    ["luaD_throw_431", "lua/ldo.c"],
    ["luaV_declared", "unknown"],
    ["commented", "unknown"],
    ["if", "unknown"],
    ["MACRO", "unknown"],
    ["lpw_settle", "zig/core/lua_internals.c"],
    ["lpw_free", "zig/core/Heap.zig"],
    ["Heap.free", "zig/core/Heap.zig"],
    ["Heap.gone", "zig/std"],
    ["init", "zig/core/root.zig"],
    ["root.init", "zig/core/root.zig"],
    ["root.provide", "libc/root.zig"],
    ["snapshot.Input.int__func_69", "zig/core/snapshot/Input.zig"],
    ["snapshot.Input.int.Wanted.matches", "zig/core/snapshot/Input.zig"],
    ["snapshot.Input.Part.int", "zig/core/snapshot/Input.zig"],
    ["snapshot.Input.Gone.Part.int", "zig/std"],
    ["__zig_is_named_enum_value_snapshot.Input.Part", "zig/core/snapshot/Input.zig"],
    ["__zig_tag_name_builtin.Mode", "zig/std"],
    ["math.asin", "libc/math.zig"],
    ["asin", "libc/math.zig"],
    ["math.asin.asin__func_26", "zig/std"],
    ["math.cast__func_148", "zig/std"],
    ["math.Table(u8,(function 'x.y')).lookUp", "libc/math.zig"],
    ["static_string_map.StaticStringMap(options.Library,(function 'eql')).get", "zig/std"],
    ["compiler_rt.memcpy.memcpyFast", "compiler-rt"],
    ["__multi3", "compiler-rt"],
    ["__wasm_call_ctors", "linker"],
    ["lua_try", "unwind"],
    ["lua_throw", "unwind"],
  ])("%s: %s", (name, group) => {
    expect(originOf(name)).toBe(group);
  });
});

describe("by neighbours", () => {
  const origins = (functions: readonly Partial<OriginQuery>[], isNamed = true) =>
    originsOf(
      functions.map((each) => ({ ...alone, ...each })),
      { sources, isNamed },
    );

  test("a name of two files goes where its callers and callees are", () => {
    const functions = [
      { name: "luaV_execute" },
      { name: "luaD_throw" },
      { name: "twin", callers: [1], callees: [1, 0] },
      { name: "twin", callers: [0] },
    ];
    expect(origins(functions).slice(2)).toEqual(["lua/ldo.c", "lua/lvm.c"]);
  });

  test("without such, to the file of the function before it, then to the first", () => {
    expect(origins([{ name: "luaV_execute" }, { name: "twin" }])[1]).toBe("lua/lvm.c");
    expect(origins([{ name: "twin" }])[0]).toBe("lua/ldo.c");
  });

  test("what the optimizer took out of others is of their group, if they have one", () => {
    const functions = [{ name: "luaV_execute" }, { name: "luaD_throw" }, { name: "lua_pushit" }];
    expect(origins([...functions, { callers: [0, 2] }])[3]).toBe("lua/lvm.c");
    expect(origins([...functions, { callers: [0, 1] }])[3]).toBe("unknown");
    expect(origins([...functions, {}])[3]).toBe("unknown");
    expect(origins([...functions, { callers: [0, 2] }], false)[3]).toBe("unknown");
  });
});
