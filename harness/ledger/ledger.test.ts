/** The ledger of small modules known by heart, and of a large one that other tools read, too. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { readModule, WasmFormatError } from "../wasm/module.ts";
import { stripCustomSections } from "../wasm/strip.ts";
import { unaccountedIn } from "./account.ts";
import type { LedgerItem } from "./item.ts";
import { TwinError } from "./item-names.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import { indexSources } from "./sources.ts";

const wabt = await loadWabt();
const sources = indexSources([{ path: "lua/lone.c", text: "int kept (int x) { return x; }\n" }]);

function assemble(text: string, { names = true } = {}): Uint8Array {
  const features = {
    exceptions: true,
    mutable_globals: true,
    bulk_memory: true,
    reference_types: true,
    multi_value: true,
  };
  const module = wabt.parseWat("test.wat", text, features);
  try {
    return new Uint8Array(module.toBinary({ write_debug_names: names }).buffer);
  } finally {
    module.destroy();
  }
}

const wholeText = `(module
  (type $unused (func (param f32)))
  (import "env" "print" (func $print (param i32)))
  (import "env" "idle" (func $idle))
  (tag $error (param i32))
  (memory (export "memory") 1 1)
  (table $table 4 4 funcref)
  (elem (i32.const 1) $called)
  (elem $later func $copied)
  (global $counter (mut i32) (i32.const 7))
  (global $alone (mut i64) (i64.const 9))
  (start $main)
  (func $main (call $kept (i32.const 1)) (drop))
  (func $kept (param i32) (result i32) (call $print (i32.const 1024)) (call $deep) (local.get 0))
  (func $deep (global.set $counter (i32.load (i32.const 1036))) (throw $error (i32.const 1)))
  (func $called (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 0)))
  (func $copied (drop (call_indirect $table (result i64) (i32.const 0))))
  (func $dead (call $idle) (drop (global.get $alone)))
  (data (i32.const 1024) "hello world\\00\\01\\02\\03\\f4nobody")
  (data $passive "passive text")
)`;
const whole = assemble(wholeText);

function sumOf(items: readonly { readonly shallowBytes: number }[]): number {
  return items.reduce((sum, { shallowBytes }) => sum + shallowBytes, 0);
}

function itemOf({ items }: Ledger, kind: string, name: string): LedgerItem {
  const found = items.find((item) => item.kind === kind && item.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

describe("a module of every section", () => {
  const ledger = ledgerOf({ wasm: whole, sources });

  test("has every byte once", () => {
    expect(ledger.unaccountedBytes).toBe(0);
    expect(sumOf(ledger.items)).toBe(whole.length);
    expect(ledger.sections.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(whole.length);
    expect(ledger.groups.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(whole.length);
    const sections = readModule(whole).sections.map(({ name, sizeBytes }) => [name, sizeBytes]);
    expect(ledger.sections.slice(1)).toEqual(sections);
  });

  test("knows the size of what it lists", () => {
    const bytes = (kind: string, name: string) => itemOf(ledger, kind, name).shallowBytes;
    // Declaration; length, no locals, throw's constant and tag, load, global.set, end.
    expect(bytes("function", "deep")).toBe(1 + 2 + 3 + 3 + 2 + 2 + 2 + 1);
    expect(bytes("import", "env.print")).toBe(4 + 6 + 2);
    expect(bytes("export", "memory")).toBe(7 + 2);
    expect(bytes("start", "start")).toBe(3);
    expect(bytes("type", "(f32) -> ()")).toBe(4);
    expect(bytes("global", "counter")).toBe(2 + 3);
    expect(bytes("tag", "error")).toBe(2);
    expect(bytes("header", "magic and version")).toBe(8);
    // Place in memory: form, i32.const 1024, end, length.
    expect(bytes("segment", "segment 0")).toBe(1 + 3 + 1 + 1);
  });

  test("cuts data where code refers to it, and names texts", () => {
    const data = ledger.items.filter(({ kind }) => kind === "data");
    expect(data.map(({ name, shallowBytes, group }) => [name, shallowBytes, group])).toEqual([
      ['"hello world"', 12, "data/lua/lone.c"],
      ['"passive text"', 12, "data/unattributed"],
      [expect.stringMatching(/^10 bytes [0-9a-f]{12}$/), 10, "data/unknown"],
    ]);
  });

  test("cuts at the offsets of loads, too, but not in the middle of a text", () => {
    const wasm = assemble(`(module (memory 1)
      (func (export "f") (drop (i32.const 1024)) (drop (i32.const 1048))
        (drop (i32.load8_u offset=1026 (i32.const 0)))
        (drop (i32.load8_u offset=1033 (i32.const 0))))
      (data (i32.const 1024) "Monday\\00\\00\\01\\02\\03\\04\\05\\00\\00\\00")
      (data (i32.const 1048) "end"))`);
    const pieces = ledgerOf({ wasm, sources }).items.filter(({ kind }) => kind === "data");
    expect(pieces.map(({ name, shallowBytes }) => [name.slice(0, 8), shallowBytes])).toEqual([
      [expect.stringMatching(/^9 bytes/), 9],
      [expect.stringMatching(/^7 bytes/), 7],
      ['"end"', 3],
    ]);
    const behind = `(module (memory 1) (func (export "f") (drop (i32.const 1027)))
      (data (i32.const 1024) "end"))`;
    const { items } = ledgerOf({ wasm: assemble(behind), sources });
    expect(items.find(({ kind }) => kind === "data")?.group).toBe("data/unattributed");
  });

  test("retains what would go, data apart", () => {
    const kept = itemOf(ledger, "function", "kept");
    const parts = [
      ["function", "kept"],
      ["function", "deep"],
      ["import", "env.print"],
      ["global", "counter"],
      ["tag", "error"],
    ] as const;
    const bytes = sumOf(parts.map(([kind, name]) => itemOf(ledger, kind, name)));
    const type = itemOf(ledger, "type", "(i32) -> (i32)").shallowBytes;
    const ofTagAndPrint = itemOf(ledger, "type", "(i32) -> ()").shallowBytes;
    expect(kept.retainedBytes).toBe(bytes + type + ofTagAndPrint);
    expect(kept.retainedWithDataBytes).toBe(kept.retainedBytes + 12 + 10);
    const start = itemOf(ledger, "start", "start");
    expect(start.retainedBytes).toBeGreaterThan(kept.retainedBytes);
  });

  test("takes the table's functions for roots, and passive data for what copies it", () => {
    expect(itemOf(ledger, "function", "called").isUnreached).toBe(false);
    const called = itemOf(ledger, "function", "called");
    const passive = itemOf(ledger, "segment", "passive").retainedBytes;
    expect(passive).toBe(2 + 12);
    expect(called.retainedBytes).toBe(called.shallowBytes + passive);
  });

  test("says what nothing leads to", () => {
    const unreached = ledger.items.filter(({ isUnreached }) => isUnreached);
    expect(unreached.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      "function dead",
      "global alone",
      "import env.idle",
      "type (f32) -> ()",
    ]);
    const dead = itemOf(ledger, "function", "dead");
    const [idle, alone] = [itemOf(ledger, "import", "env.idle"), itemOf(ledger, "global", "alone")];
    expect(dead.retainedBytes).toBe(sumOf([dead, idle, alone]));
  });

  test("says why", () => {
    const way = (name: string) => ledger.why(name)?.path.map((step) => `${step.kind} ${step.name}`);
    expect(way("deep")).toEqual(["start start", "function main", "function kept", "function deep"]);
    expect(way("called")).toEqual(["element element 0", "function called"]);
    expect(way("dead")).toEqual([]);
    expect(way("nothing")).toBeUndefined();
    const text = ledger.why('"hello world"');
    expect(text?.isApproximate).toBe(true);
    expect(text?.path.map(({ name }) => name)).toEqual(["start", "main", "kept", '"hello world"']);
    expect(ledger.why("deep")?.isApproximate).toBe(false);
  });

  test("takes names from the twin, and refuses the twin of another module", () => {
    const wasm = stripCustomSections(whole);
    expect(ledgerOf({ wasm, sources }).items.map(({ name }) => name)).toContain("function 3");
    const named = ledgerOf({ wasm, named: whole, sources });
    expect(named.totalBytes).toBe(wasm.length);
    expect(named.unaccountedBytes).toBe(0);
    expect(itemOf(named, "function", "kept").group).toBe("lua/lone.c");
    const other = assemble(wholeText.replace("i32.const 7", "i32.const 8"));
    expect(() => ledgerOf({ wasm, named: other, sources })).toThrow(TwinError);
    expect(() => ledgerOf({ wasm, named: other, sources })).toThrow(/section global differs/);
    expect(() => ledgerOf({ wasm: assemble("(module)"), named: whole, sources })).toThrow(
      TwinError,
    );
  });

  test("reads imports of every kind", () => {
    const wasm = assemble(`(module
      (import "a" "f" (func (param i64))) (import "a" "t" (table 1 funcref))
      (import "a" "m" (memory 1 2)) (import "a" "g" (global (mut f64)))
      (import "a" "e" (tag (param i32))) (export "e" (tag 0)) (export "g" (global 0)))`);
    const imported = ledgerOf({ wasm, sources });
    expect(imported.unaccountedBytes).toBe(0);
    const names = imported.items.filter(({ kind }) => kind === "import").map(({ name }) => name);
    expect(names.toSorted()).toEqual(["a.e", "a.f", "a.g", "a.m", "a.t"]);
    expect(itemOf(imported, "export", "e").retainedBytes).toBe(4 + 7 + 4);
  });

  test("tells items of one name apart", () => {
    const twice = `(module (func $a (export "b")) (func (export "c")) (type (func)) (type (func)))`;
    const { items } = ledgerOf({ wasm: assemble(twice, { names: false }), sources });
    const names = items.map(({ kind, name }) => `${kind} ${name}`);
    expect(names).toEqual(expect.arrayContaining(["type () -> ()", "type () -> ()#2"]));
    expect(names).toEqual(expect.arrayContaining(["function b", "function c"]));
    expect(new Set(names).size).toBe(names.length);
  });
});

test("any change of a byte gives a ledger that adds up, or a WasmFormatError", () => {
  let ledgers = 0;
  for (let position = 8; position < whole.length; position += 1) {
    for (const value of [0x00, 0x01, 0x0b, 0x41, 0x7f, 0x80]) {
      const damaged = whole.slice();
      damaged[position] = value;
      try {
        const { unaccountedBytes, items } = ledgerOf({ wasm: damaged, sources });
        expect(unaccountedBytes).toBe(0);
        expect(sumOf(items)).toBe(damaged.length);
        ledgers += 1;
      } catch (error) {
        expect(error, `0x${value.toString(16)} at ${position}`).toBeInstanceOf(WasmFormatError);
      }
    }
  }
  expect(ledgers).toBeGreaterThan(500);
});

describe("unaccountedIn", () => {
  test("counts what no span has, and refuses bytes that two have", () => {
    const cuts = fc.uniqueArray(fc.nat({ max: 100 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(cuts, fc.nat({ max: 18 }), (found, gap) => {
        const edges = found.toSorted((a, b) => a - b);
        const spans = edges.slice(1).map((end, place) => ({ start: edges[place] ?? 0, end }));
        const [gone] = spans.splice(gap % spans.length, 1);
        const covered = spans.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(unaccountedIn(120, spans)).toBe(120 - covered);
        if (gone === undefined || spans.length === 0) return;
        const overlapping = [...spans, { start: gone.start, end: gone.end + 1 }];
        if (gone.end !== edges.at(-1)) {
          expect(() => unaccountedIn(120, overlapping)).toThrow(RangeError);
        }
      }),
      { seed: 1 },
    );
    expect(() => unaccountedIn(4, [{ start: 0, end: 5 }])).toThrow(RangeError);
  });
});

describe("the wasm of another project", () => {
  let ledger: Ledger;
  let size = 0;
  beforeAll(async () => {
    const path = new URL("../../node_modules/wasmoon/dist/glue.wasm", import.meta.url);
    const wasm = new Uint8Array(await readFile(fileURLToPath(path)));
    size = wasm.length;
    ledger = ledgerOf({ wasm, sources });
  });

  test("has every byte once, without names", () => {
    expect(ledger.unaccountedBytes).toBe(0);
    expect(sumOf(ledger.items)).toBe(size);
    expect(ledger.items.filter(({ kind }) => kind === "function").length).toBe(658);
  });

  test("retains no more than there is, and no less than itself", () => {
    for (const { shallowBytes, retainedBytes, retainedWithDataBytes } of ledger.items) {
      expect(retainedBytes).toBeGreaterThanOrEqual(shallowBytes);
      expect(retainedBytes).toBeLessThanOrEqual(size);
      expect(retainedWithDataBytes).toBeLessThanOrEqual(size);
    }
  });
});
