/** What tables take of JavaScript's memory beside what they count, in all their shapes. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { LuaInput } from "../value/values.ts";
import { defaultQuota } from "./quota.ts";
import { TableRegistry } from "./table-registry.ts";
import { Tables } from "./tables.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

function usedBytes(): number {
  if (typeof collectGarbage !== "function") throw new Error("V8 has no gc");
  for (let i = 0; i < 2; i++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const mapping = { integers: "number", strings: "text" } as const;
const tableCount = 5_000;
/** What a table may take beside what it counts: for all of them together less than 64 MB. */
const bytesPerTableMax = (48 * 1024 * 1024) / defaultQuota.maxTables;

function filled(fill: (tables: Tables, table: Tables["home"], i: number) => void): Tables {
  const tables = new Tables(new TableRegistry({ quota: {}, mapping }));
  for (let i = 0; i < tableCount; i++) fill(tables, tables.named(`t${i}`), i);
  return tables;
}

const set = (table: Tables["home"], count: number, value: LuaInput): void => {
  for (let i = 0; i < count; i++) table.set(i * 1.5, value);
};
const shapes: readonly (readonly [string, Parameters<typeof filled>[0]])[] = [
  ["empty", () => undefined],
  ["one entry", (_, table) => set(table, 1, true)],
  ["ten entries", (_, table) => set(table, 10, true)],
  ["one reference", (tables, table) => set(table, 1, tables.home)],
  [
    "ten references, and nine dropped",
    (tables, table) => {
      set(table, 10, tables.home);
      for (let i = 0; i < 9; i++) table.delete(i * 1.5);
    },
  ],
  [
    "ten entries, and all dropped",
    (_, table) => {
      set(table, 10, true);
      for (let i = 0; i < 10; i++) table.delete(i * 1.5);
    },
  ],
];

test.each(shapes)("many tables: %s", (_, fill) => {
  filled(fill);
  const before = usedBytes();
  const tables = filled(fill);
  const grown = usedBytes() - before;
  expect(grown - tables.used.bytes).toBeLessThan(tableCount * bytesPerTableMax);
});

test.each([
  ["many entries", 200_000, 0],
  ["many entries, and half of them dropped", 200_000, 100_000],
  ["many entries, and most of them dropped", 200_000, 180_000],
])("%s", (_, count, droppedCount) => {
  const tables = new Tables(new TableRegistry({ quota: {}, mapping }));
  const before = usedBytes();
  set(tables.home, count, true);
  for (let i = 0; i < droppedCount; i++) tables.home.delete(i * 1.5);
  const grown = usedBytes() - before;
  expect(grown).toBeLessThan(1.6 * tables.used.bytes + 2_000_000);
});

test("long keys", () => {
  const tables = new Tables(new TableRegistry({ quota: {}, mapping }));
  const before = usedBytes();
  for (let i = 0; i < 100; i++) tables.home.set(`${i}${"k".repeat(200_000)}`, true);
  expect(usedBytes() - before).toBeLessThan(1.1 * tables.used.bytes + 2_000_000);
});
