/** What branch hints must say of modules whose cold ways are known, and leave as it was. */
import { describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { readModule, WasmFormatError } from "../wasm/module.ts";
import { readSections } from "../wasm/sections.ts";
import { stripCustomSections } from "../wasm/strip.ts";
import { withBranchHints } from "./branch-hints.ts";

const wabt = await loadWabt();

function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat("test.wat", text, { exceptions: true });
  try {
    return new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
  } finally {
    module.destroy();
  }
}

/** The hints of each function: how likely each hinted branch is taken, in the order of the code. */
function hintsOf(wasm: Uint8Array): ReadonlyMap<string, readonly number[]> {
  const { functions } = readModule(wasm);
  const sections = readSections(wasm);
  const section = sections.find(({ name }) => name === "custom:metadata.code.branch_hint");
  const code = sections.find(({ name }) => name === "code")?.open();
  const bodies = code?.vector(() => code.slice(code.u32()).offset) ?? [];
  const hints = new Map<string, readonly number[]>();
  const reader = section?.open();
  reader?.vector(() => {
    const index = reader.u32();
    const position = functions.findIndex((each) => each.index === index);
    const name = functions[position]?.name ?? "";
    const values = reader.vector(() => {
      // Only `if` and `br_if` can be hinted.
      expect([0x04, 0x0d]).toContain(wasm[(bodies[position] ?? 0) + reader.u32()]);
      expect(reader.u32()).toBe(1);
      return reader.u8();
    });
    hints.set(name, values);
  });
  return hints;
}

const module = (functions: string): string =>
  `(module (import "env" "fail" (func $fail)) (func $slow) (func $quick) ${functions})`;

function hinted(functions: string, cold: readonly string[] = ["slow"]) {
  const plain = assemble(module(functions));
  const wasm = withBranchHints(plain, new Set(cold));
  expect(WebAssembly.validate(wasm)).toBe(true);
  expect(stripCustomSections(wasm)).toEqual(stripCustomSections(plain));
  return hintsOf(wasm);
}

describe("a branch is hinted where one of its ways alone is cold", () => {
  test.each<[string, string, readonly number[] | undefined]>([
    ["if that calls", "(if (local.get 0) (then (call $slow)))", [0]],
    ["else that calls", "(if (local.get 0) (then) (else (call $slow)))", [1]],
    ["if that traps", "(if (local.get 0) (then (unreachable)))", [0]],
    ["if that calls another", "(if (local.get 0) (then (call $quick)))", undefined],
    ["both call", "(if (local.get 0) (then (call $slow)) (else (call $slow)))", undefined],
    ["br_if over a call", "(block (br_if 0 (local.get 0)) (call $slow))", [1]],
    ["br_if out to a call", "(block (block (br_if 0 (local.get 0)) (br 1)) (call $slow))", [0]],
    [
      "what leads nowhere but to a call",
      "(if (local.get 0) (then (if (i32.eqz (local.get 0)) (then (call $quick))) (call $slow)))",
      [0],
    ],
    ["a loop that goes on", "(loop (call $quick) (br_if 0 (local.get 0)))", undefined],
    ["a return beside a call", "(if (local.get 0) (then (return))) (call $slow)", [1]],
  ])("%s", (_, body, expected) => {
    expect(hinted(`(func $f (param i32) ${body})`).get("f")).toEqual(expected);
  });

  test("what always traps or calls what is cold is cold itself, an import by its name", () => {
    const functions = `
      (func $raise (call $fail) (unreachable)) (func $always (call $raise))
      (func $import (call $fail))
      (func $f (param i32) (if (local.get 0) (then (call $always))))
      (func $g (param i32) (if (local.get 0) (then (call $import))))`;
    expect(hinted(functions, []).get("f")).toEqual([0]);
    expect(hinted(functions, []).get("g")).toBeUndefined();
    expect(hinted(functions, ["fail"]).get("g")).toEqual([0]);
  });

  test("throwing and handling exceptions is cold, what is tried is not", () => {
    const functions = `(tag $t)
      (func $throws (param i32) (if (local.get 0) (then (throw $t))))
      (func $handles (param i32)
        (block
          (try
            (do (br_if 1 (local.get 0)) (call $quick))
            (catch $t (call $quick)))
          (br_if 0 (local.get 0))
          (call $slow)))`;
    expect(hinted(functions).get("throws")).toEqual([0]);
    expect(hinted(functions).get("handles")).toEqual([1]);
  });
});

test("a module without code stays as it is; what is no module is refused", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(withBranchHints(empty, new Set())).toEqual(empty);
  expect(() => withBranchHints(Uint8Array.of(1, 2, 3), new Set())).toThrow(WasmFormatError);
});
