/** What the wasm reader must say of modules assembled by wabt, and of damaged ones. */

import { describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { readModule, WasmFormatError } from "./module.ts";
import { stripCustomSections } from "./strip.ts";

const wabt = await loadWabt();

function assemble(text: string, { names = true } = {}): Uint8Array<ArrayBuffer> {
  const features = {
    exceptions: true,
    mutable_globals: true,
    bulk_memory: true,
    multi_value: true,
  };
  const module = wabt.parseWat("test.wat", text, features);
  try {
    module.validate();
    return new Uint8Array(module.toBinary({ write_debug_names: names }).buffer);
  } finally {
    module.destroy();
  }
}

const wholeText = `(module
  (import "env" "js_time" (func $time (result f64)))
  (import "env" "js_output" (func $output (param i32 i32) (result i32)))
  (import "env" "limit" (global $limit i32))
  (tag $error (param i32))
  (memory (export "memory") 32 32)
  (table (export "table") 2 2 funcref)
  (elem (i32.const 0) $add $output)
  (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 262144))
  (global $big i64 (i64.const -5))
  (global $copy i32 (global.get $limit))
  (start $main)
  (func $main (drop (call $time)))
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "pair") (result i32 i64) (i32.const 1) (i64.const 2))
  (data (i32.const 1024) "hello")
  (data "passive")
)`;
const whole = assemble(wholeText);

describe("readModule", () => {
  const module = readModule(whole);

  test("reads imports and exports with their types", () => {
    expect(module.imports).toEqual([
      { module: "env", name: "js_time", kind: "function", type: "() -> (f64)" },
      { module: "env", name: "js_output", kind: "function", type: "(i32, i32) -> (i32)" },
      { module: "env", name: "limit", kind: "global", type: "i32" },
    ]);
    expect(module.exports).toEqual([
      { name: "memory", kind: "memory", type: "32..32", index: 0 },
      { name: "table", kind: "table", type: "funcref 2..2", index: 0 },
      { name: "__stack_pointer", kind: "global", type: "mutable i32", index: 1 },
      { name: "add", kind: "function", type: "(i32, i32) -> (i32)", index: 3 },
      { name: "pair", kind: "function", type: "() -> (i32, i64)", index: 4 },
    ]);
  });

  test("reads memories, globals, data and the start function", () => {
    expect(module.memories).toEqual([{ minPages: 32, maxPages: 32, imported: false }]);
    expect(module.globals).toEqual([
      { index: 1, type: "mutable i32", mutable: true, initialValue: 262144 },
      { index: 2, type: "i64", mutable: false, initialValue: -5n },
      { index: 3, type: "i32", mutable: false },
    ]);
    expect(module.dataSegments).toEqual([{ offset: 1024, sizeBytes: 5 }, { sizeBytes: 7 }]);
    expect(module.hasStart).toBe(true);
    expect(readModule(assemble("(module)")).hasStart).toBe(false);
  });

  test("knows each defined function by index, name and size", () => {
    expect(module.functions.map(({ index, name }) => [index, name])).toEqual([
      [2, "main"],
      [3, "add"],
      [4, undefined],
    ]);
    // length, no locals, call and its index, drop, end.
    expect(module.functions[0]?.sizeBytes).toBe(6);
  });

  test("accounts for every byte of the file and of the code", () => {
    const sum = module.sections.reduce((total, { sizeBytes }) => total + sizeBytes, 8);
    expect(sum).toBe(whole.length);
    let end = 8;
    for (const section of module.sections) {
      expect(section.offset).toBe(end);
      end += section.sizeBytes;
    }
    const code = module.sections.find(({ name }) => name === "code");
    const bodies = module.functions.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    // The section's id, its length, the count of bodies: 1 byte each (wabt writes short lengths).
    expect(code?.sizeBytes).toBe(bodies + 3);
  });

  test("reads an unbounded and an imported memory, and a tag", () => {
    const imported = readModule(
      assemble(`(module (import "a" "m" (memory 1)) (tag (export "t") (param i32 i32)))`),
    );
    expect(imported.memories).toEqual([{ minPages: 1, imported: true }]);
    expect(imported.imports[0]?.type).toBe("1..");
    expect(imported.exports).toEqual([
      { name: "t", kind: "tag", type: "(i32, i32) -> ()", index: 0 },
    ]);
  });

  test("agrees with the engine on every truncation", () => {
    const bytes = assemble(wholeText.replace(/\(tag.*\)/, ""));
    let refused = 0;
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.slice(0, length);
      if (WebAssembly.validate(cut)) {
        expect(readModule(cut).sizeBytes).toBe(length);
      } else {
        refused += 1;
        expect(() => readModule(cut), `cut at ${length}`).toThrow(WasmFormatError);
      }
    }
    // Only a cut between sections, with no function announced or all there, leaves a module.
    expect(bytes.length - refused).toBeLessThan(8);
  });

  test("answers any changed byte with a module or a WasmFormatError", () => {
    for (let position = 0; position < whole.length; position += 1) {
      for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
        const damaged = whole.slice();
        damaged[position] = value;
        try {
          readModule(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(WasmFormatError);
        }
      }
    }
  });

  test("reads whatever the engine calls valid", () => {
    const bytes = assemble(wholeText.replace(/\(tag.*\)/, ""), { names: false });
    let valid = 0;
    for (let position = 8; position < bytes.length; position += 1) {
      for (const value of [0x00, 0x01, 0x02, 0x41, 0x7e]) {
        const changed = bytes.slice();
        changed[position] = value;
        if (!WebAssembly.validate(changed)) continue;
        valid += 1;
        expect(() => readModule(changed), `0x${value.toString(16)} at ${position}`).not.toThrow();
      }
    }
    expect(valid).toBeGreaterThan(100);
  });

  test("refuses sections that contradict each other or stand in the wrong order", () => {
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const types = [1, 4, 1, 0x60, 0, 0];
    const functions = [3, 2, 1, 0];
    const code = [10, 4, 1, 2, 0, 0x0b];
    const read = (...sections: readonly number[][]) =>
      readModule(Uint8Array.of(...header, ...sections.flat()));
    expect(read(types, functions, code).functions).toEqual([{ index: 0, sizeBytes: 3 }]);
    expect(() => read(functions, code)).toThrow(/no type 0/);
    expect(() => read(types, code)).toThrow(/1 bodies for 0 functions/);
    expect(() => read(types, functions)).toThrow(/0 bodies for 1 functions/);
    expect(() => read(types, types)).toThrow(/section type is out of order/);
    expect(() => read([3, 1, 0], types)).toThrow(/section type is out of order/);
    expect(() => read([12, 1, 3])).toThrow(/3 data segments announced, 0 there/);
    expect(() => read([1, 5, 1, 0x60, 0, 0, 0])).toThrow(/section type has 1 bytes too many/);
    // The name is longer than its section, not than the file.
    expect(() => read([0, 2, 5, 0x61], types)).toThrow(/5 bytes run past the end/);
  });

  test("names the offset of the damage", () => {
    const damaged = whole.slice();
    damaged[8] = 0x55;
    expect(() => readModule(damaged)).toThrow(/unknown section 85 at offset 0x8 /);
    expect(() => readModule(new TextEncoder().encode("<html>"))).toThrow(/not a wasm module/);
    expect(() =>
      readModule(
        Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x7f),
      ),
    ).toThrow(/longer than 32 bits at offset 0xa /);
  });
});

describe("stripCustomSections", () => {
  test("removes custom sections alone", () => {
    const stripped = stripCustomSections(whole);
    expect(stripped).toEqual(assemble(wholeText, { names: false }));
    expect(readModule(stripped).sections.map(({ name }) => name)).not.toContain("custom:name");
  });

  test("keeps those that are asked for", () => {
    expect(stripCustomSections(whole, (name) => name === "name")).toEqual(whole);
    expect(
      readModule(stripCustomSections(whole, (name) => name === "producers")).functions[0],
    ).not.toHaveProperty("name");
  });

  test("refuses what is no module", () => {
    expect(() => stripCustomSections(whole.slice(0, -1))).toThrow(WasmFormatError);
  });
});
