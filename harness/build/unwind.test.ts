/** That the unwind module catches its own exception alone, and restores the stack pointer. */

import { describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { assembleUnwind } from "./unwind.ts";

const wabt = await loadWabt();

/** Stands in for Lua: functions of a table that grow the stack, then return, raise or call out. */
const callerText = `(module
  (import "core" "__indirect_function_table" (table 3 funcref))
  (import "core" "__stack_pointer" (global $sp (mut i32)))
  (import "core" "seen" (func $seen (param i32 i32)))
  (import "core" "fail" (func $fail))
  (import "unwind" "lua_try" (func $try (param i32 i32 i32)))
  (import "unwind" "lua_throw" (func $throw))
  (elem (i32.const 0) $returns $raises $calls_out)
  (func $grow (global.set $sp (i32.sub (global.get $sp) (i32.const 64))))
  (func $returns (param i32 i32) (call $seen (local.get 0) (local.get 1)))
  (func $raises (param i32 i32) (call $grow) (call $throw))
  (func $calls_out (param i32 i32) (call $grow) (call $fail))
  (func (export "try") (param i32)
    (call $try (local.get 0) (i32.const 7) (i32.const 8))))`;

async function load(form: "eh" | "exnref") {
  const seen: (readonly number[])[] = [];
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 3 });
  const stackPointer = new WebAssembly.Global({ value: "i32", mutable: true }, 1000);
  const core = {
    __indirect_function_table: table,
    __stack_pointer: stackPointer,
    seen: (...values: number[]) => seen.push(values),
    fail: () => {
      throw new RangeError("the host's own");
    },
  };
  const unwind = await WebAssembly.instantiate(await assembleUnwind(form), { core });
  const module = wabt.parseWat("caller.wat", callerText, { mutable_globals: true });
  const caller = await WebAssembly.instantiate(new Uint8Array(module.toBinary({}).buffer), {
    core,
    unwind: unwind.instance.exports,
  });
  const attempt = caller.instance.exports["try"];
  if (typeof attempt !== "function") throw new TypeError("the caller exports no function");
  return { attempt, seen, stackPointer };
}

describe.each(["eh", "exnref"] as const)("unwind-%s.wat", (form) => {
  test("calls the function with the state and the argument", async () => {
    const { attempt, seen, stackPointer } = await load(form);
    attempt(0);
    expect(seen).toEqual([[7, 8]]);
    expect(stackPointer.value).toBe(1000);
  });

  test("catches lua_throw, the first and later ones, and restores the stack pointer", async () => {
    const { attempt, stackPointer } = await load(form);
    for (let time = 1; time <= 3; time++) {
      expect(() => attempt(1)).not.toThrow();
      expect(stackPointer.value).toBe(1000);
    }
  });

  test("lets an exception of the host pass, the stack pointer where it was", async () => {
    const { attempt, stackPointer } = await load(form);
    expect(() => attempt(2)).toThrow(new RangeError("the host's own"));
    expect(stackPointer.value).toBe(936);
  });
});
