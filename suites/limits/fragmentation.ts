/** Churn of different kinds, after which the free bytes must lie together. */

import type { Figures } from "../../harness/suite/case.ts";
import { equal, isWithin, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { settledBytesOf } from "../memory-figures.ts";

interface Churn {
  readonly name: string;
  readonly title: string;
  /** Fills the heap and ends, mostly with an error, as memory does. */
  readonly fill: string;
  /** Drops what was kept. */
  readonly drop?: string;
  /** How much of the free bytes must be one block, in percent. */
  readonly percentMin?: number;
}

/** The same numbers each time, from 0 to below n. */
const random = `local s = 12345
  local function random(n) s = (s * 1103515245 + 12345) & 0x7fffffff return (s >> 8) % n end`;
const half = 50;

const churns: readonly Churn[] = [
  {
    name: "strings",
    title: "strings of 1 KB",
    fill: "t = {} for i = 1, 1e6 do t[i] = ('x'):rep(1000) .. i end",
  },
  {
    name: "mixed-sizes",
    title: "strings from 0 to 30 KB",
    fill: `${random} t = {}
      for i = 1, 1e6 do t[i] = ('x'):rep(random(i % 50 == 0 and 30000 or 300)) .. i end`,
    drop: `${random} for i = 1, #t do if random(10) < 9 then t[i] = nil end end t = nil`,
  },
  {
    name: "tables",
    title: "tables that grow",
    fill: "t = {} for i = 1, 1e6 do t[i] = {i, {}, x = i} t[i // 9 + 1][i] = i end",
  },
  { name: "one-array", title: "one array", fill: "t = {} for i = 1, 1e9 do t[i] = i end" },
  {
    name: "string-table",
    title: "short strings, so that the string table has grown late",
    fill: "t = {} for i = 1, 1e6 do t[i] = 's' .. i end",
  },
  {
    name: "coroutines",
    title: "suspended coroutines",
    fill: `t = {}
      for i = 1, 1e6 do
        t[i] = coroutine.create(function() coroutine.yield() end)
        coroutine.resume(t[i])
      end`,
  },
  {
    name: "survivors",
    title: "strings of 1 KB among which small tables survive",
    fill: `keep, t = {}, {}
      for i = 1, 1e6 do
        t[i] = ('x'):rep(1000) .. i
        if i % 200 == 0 then keep[#keep + 1] = {i} end
      end`,
  },
  {
    name: "functions",
    title: "strings of 1 KB among which global functions are made",
    fill: `t = {}
      for i = 1, 1e6 do
        t[i] = ('x'):rep(1000) .. i
        if i % 100 == 0 then _G['g' .. i] = function() return i end end
      end`,
  },
  {
    // What survives was spread by the script itself among blocks of its own size, and Lua's objects
    // can't be moved: no allocator can know.
    name: "spread-survivors",
    title: "short strings of which one in 500 survives, where it lies",
    fill: `keep, t = {}, {}
      for i = 1, 1e6 do t[i] = 'x' .. i if i % 500 == 0 then keep[#keep + 1] = 'k' .. i end end`,
    percentMin: 25,
  },
];

export const fragmentation = churns.map((churn) =>
  defineCase({
    id: `limits/fragmentation-${churn.name}`,
    title: `Three times full of ${churn.title}, then emptied: ${shareOf(churn)} of it in one block`,
    limitMs: 60_000,
    run: async ({ load }) => churned(await load({ seed: 1 }), churn),
  }),
);

function shareOf({ percentMin = half }: Churn): string {
  return `at least ${percentMin} %`;
}

function churned(core: Core, { fill, drop = "t = nil", percentMin = half }: Churn): Figures {
  for (let round = 1; round <= 3; round++) {
    const { ok, ...failure } = core.compute(fill);
    equal([ok, "code" in failure && failure.code], [false, "OUT_OF_MEMORY"], `fill ${round}`);
    succeeds(core.compute(drop), [], `drop ${round}`);
  }
  settledBytesOf(core);
  const { heapTotalBytes, heapUsedBytes, largestFreeBytes } = core.memoryStats();
  const freeBytes = heapTotalBytes - heapUsedBytes;
  const largestFreePercent = Math.floor((100 * largestFreeBytes) / freeBytes);
  isWithin(largestFreePercent, { min: percentMin }, "the largest free block in % of what is free");
  return { usedBytes: heapUsedBytes, freeBytes, largestFreeBytes, largestFreePercent };
}
