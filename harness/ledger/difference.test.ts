/** What is said of two modules: each change as what it is, and nothing of what only moved. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { type LedgerDifference, type LedgerSide, ledgerDifference } from "./difference.ts";
import { ledgerOf } from "./ledger.ts";
import { indexSources } from "./sources.ts";

const wabt = await loadWabt();
const sources = indexSources([]);

function ledger(text: string): LedgerSide {
  const module = wabt.parseWat("test.wat", text, { mutable_globals: true, bulk_memory: true });
  try {
    const wasm = new Uint8Array(module.toBinary({ write_debug_names: true }).buffer);
    return ledgerOf({ wasm, sources });
  } finally {
    module.destroy();
  }
}

/** A module of those functions, each with its code, all in the table. */
function functions(codes: Readonly<Record<string, string>>, extra = ""): LedgerSide {
  const names = Object.keys(codes);
  const bodies = names.map((name) => `(func $${name} (result i32) ${codes[name] ?? ""})`);
  return ledger(`(module ${extra} (memory 1) (global $g (mut i32) (i32.const 0))
    (table 9 9 funcref) (elem (i32.const 0) ${names.map((name) => `$${name}`).join(" ")})
    ${bodies.join("\n")} (data (i32.const 4096) "first") (data (i32.const 8192) "second"))`);
}

function changesOf(difference: LedgerDifference): readonly string[] {
  return difference.items
    .filter(({ kind }) => kind === "function")
    .map(({ state, name, other, bytesBefore, bytesAfter }) =>
      [state, name, ...(other === undefined ? [] : [other]), bytesAfter - bytesBefore].join(" "),
    );
}

function sumOf({ items }: LedgerDifference): number {
  return items.reduce((sum, { bytesBefore, bytesAfter }) => sum + bytesAfter - bytesBefore, 0);
}

const small = "i32.const 1";
const large = "i32.const 1 i32.const 2 i32.add";
const other = "i32.const 1 i32.const 3 i32.mul";

describe("functions", () => {
  test("added, removed, grown, shrunk", () => {
    const before = functions({ stays: small, grows: small, shrinks: large, goes: other });
    const after = functions({ stays: small, grows: large, shrinks: small, comes: "global.get $g" });
    const difference = ledgerDifference(before, after);
    expect(changesOf(difference)).toEqual([
      "removed goes -9",
      "added comes 6",
      "grown grows 3",
      "shrunk shrinks -3",
    ]);
    expect(sumOf(difference)).toBe(after.totalBytes - before.totalBytes);
  });

  test("renamed: equal code, wherever what it calls and the data have moved", () => {
    const code = "i32.const 4096 drop i32.const 0 i32.load offset=4099 drop call $called";
    const before = functions({ called: small, old: code });
    const after = functions(
      { new: code.replaceAll("409", "614"), called: small },
      '(import "a" "b" (func $imported))',
    );
    expect(changesOf(ledgerDifference(before, after))).toEqual(["renamed new old 0"]);
    const longer = functions({ new: code.replace("4096", "9999"), called: small });
    expect(changesOf(ledgerDifference(before, longer))).toEqual(["grown new old 1"]);
    const changed = functions({ new: code.replace("i32.load", "i32.load8_u"), called: small });
    expect(changesOf(ledgerDifference(before, changed)).length).toBe(2);
  });

  test("merged: gone, and another has its code", () => {
    const before = functions({ one: large, two: large });
    const difference = ledgerDifference(before, functions({ one: large }));
    expect(changesOf(difference)).toEqual(["merged two one -9"]);
  });

  test("numbers that the compiler counts on say nothing", () => {
    const before = functions({ int__func_3: small, int__func_7: large, trap_88: other });
    const after = functions({ int__func_7: small, int__func_9: large, trap_91: other });
    expect(ledgerDifference(before, after).items).toEqual([]);
    const grown = functions({
      int__func_7: small,
      int__func_9: `${large} ${small} i32.add`,
      trap_9: other,
    });
    expect(changesOf(ledgerDifference(before, grown))).toContain("grown int__func_9 3");
  });

  test("numbers that stand for a name match by code alone", () => {
    const nameless = (code: string) =>
      ledger(`(module (func (result i32) ${small}) (func (result i32) ${code}))`);
    expect(changesOf(ledgerDifference(nameless(large), nameless(other))).toSorted()).toEqual([
      "added function 1 9",
      "removed function 1 -9",
    ]);
    expect(ledgerDifference(nameless(large), nameless(large)).items).toEqual([]);
  });
});

test("rows of a record, without shapes, are matched by name", () => {
  const row = (name: string, shallowBytes: number) =>
    ({ kind: "function", name, group: "lua/lvm.c", shallowBytes }) as const;
  const before = { totalBytes: 30, items: [row("a", 10), row("b__func_1", 20)] };
  const after = { totalBytes: 36, items: [row("a", 13), row("b__func_4", 22), row("c", 1)] };
  const { items, groups } = ledgerDifference(before, after);
  expect(items.map(({ state, name }) => `${state} ${name}`)).toEqual([
    "grown a",
    "grown b__func_4",
    "added c",
  ]);
  expect(groups).toEqual([["lua/lvm.c", 30, 36]]);
});

test("data that is no text is matched by size and source when an address in it moved", () => {
  const text = (address: string) =>
    `(module (memory 1) (func $f (drop (i32.const 1024)))
      (data (i32.const 1024) "\\${address}\\04\\00\\00\\ff\\ff"))`;
  expect(ledgerDifference(ledger(text("80")), ledger(text("90"))).items).toEqual([]);
});

test("the changes between any two modules add up, by item and by group", async () => {
  const path = new URL("../../node_modules/wasmoon/dist/glue.wasm", import.meta.url);
  const wasm = new Uint8Array(await readFile(fileURLToPath(path)));
  const sides = [
    ledgerOf({ wasm, sources }),
    functions({ a: small, b: large }),
    functions({ b: other, c: small }),
  ];
  for (const before of sides) {
    for (const after of sides) {
      const difference = ledgerDifference(before, after);
      const change = after.totalBytes - before.totalBytes;
      expect(sumOf(difference)).toBe(change);
      expect(difference.groups.reduce((sum, [, old, now]) => sum + now - old, 0)).toBe(change);
      if (before === after) expect(difference.items).toEqual([]);
    }
  }
});
