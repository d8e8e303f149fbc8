/** The treemap as Vega lays it out: areas are as the bytes, in the boxes of their groups. */

import * as vega from "vega";
import { expect, test } from "vitest";
import type { LedgerReport } from "../schema-figures.ts";
import { treemapChart } from "./treemap.ts";

const groups = [
  { group: "lua/lvm.c", bytes: 600 },
  { group: "lua/lapi.c", bytes: 200 },
  { group: "core/Heap.zig", bytes: 150 },
  { group: "data", bytes: 50 },
];

const ledger: LedgerReport = {
  variant: "v",
  totalBytes: 1000,
  unaccountedBytes: 0,
  groups,
  items: [
    { kind: "code", name: "luaV_execute", group: "lua/lvm.c", bytes: 450, retainedBytes: 450 },
  ],
  itemsCount: 1,
  changes: [],
  changesCount: 0,
};

interface Box {
  readonly name: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

async function boxesOf(name: string, of: LedgerReport): Promise<readonly Box[]> {
  const { drawing } = treemapChart(of, { title: "t", caption: "c" });
  if (drawing.language !== "vega") throw new TypeError("drawn by Vega itself");
  const view = new vega.View(vega.parse(drawing.spec), { renderer: "none" });
  await view.runAsync();
  return view.data(name);
}

const areaOf = ({ x0, x1, y0, y1 }: Box) => (x1 - x0) * (y1 - y0);

test("areas are as the bytes", async () => {
  const [all] = await boxesOf("all", ledger);
  const total = all === undefined ? 0 : areaOf(all);
  const found = await boxesOf("groups", ledger);
  expect(found.map(({ name }) => name)).toEqual(["lvm.c", "lapi.c", "Heap.zig", "data"]);
  for (const [index, { bytes }] of groups.entries()) {
    const box = found[index];
    expect(box && areaOf(box) / total).toBeCloseTo(bytes / 1000, 6);
  }
  const items = await boxesOf("items", ledger);
  const execute = items.find(({ name }) => name === "luaV_execute");
  expect(execute && areaOf(execute) / total).toBeCloseTo(0.45, 6);
});

test("a name that has no room is left out", async () => {
  const names = (await boxesOf("labels", ledger)).map(({ name }) => name);
  expect(names).toContain("lvm.c");
  const tiny = { ...ledger, groups: [...groups, { group: "lua/tiny.c", bytes: 1 }] };
  expect((await boxesOf("labels", tiny)).map(({ name }) => name)).not.toContain("tiny.c");
});
