/** Memory: nothing leaks over many evaluations, the figures agree, a full heap is survived. */
import { equal, fails, isTrue, isWithin, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { settledBytesOf } from "../memory-figures.ts";

export const memory = [
  defineCase({
    id: "hosts/evals-10000",
    title: "After 10,000 evals, of which a third fail, the heap is as full as before",
    limitMs: 60_000,
    run: async ({ load }) => {
      const core = await load();
      const round = (count: number) => {
        for (let i = 0; i < count; i++) {
          core.compute("local t = {} for i = 1, 10 do t[i] = 'x' .. i end return t, #t");
          core.compute("_home.x = (_home.x or 0) + 1 return _home.x");
          core.compute("error({})");
        }
      };
      round(10);
      const before = settledBytesOf(core);
      round(3_334);
      equal(settledBytesOf(core), before, "bytes of heap in use");
    },
  }),
  defineCase({
    id: "hosts/handles-5000",
    title: "After 5,000 external tables that were dropped, no object and no table is left of them",
    run: async ({ load }) => {
      const core = await load();
      const code = "for i = 1, 50 do local t = ext.table() t.x = i end";
      succeeds(core.compute(code), [], "50 tables");
      const bytesBefore = settledBytesOf(core);
      const objectsBefore = core.memoryStats().luaObjectsCount;
      for (let i = 0; i < 100; i++) core.compute(code);
      // Lua's own list of handles keeps the capacity that it once needed.
      isWithin(settledBytesOf(core) - bytesBefore, { max: 100_000 }, "more bytes of heap in use");
      equal(core.memoryStats().luaObjectsCount, objectsBefore, "Lua objects");
      equal([...core.tables].length, 1, "external tables left");
    },
  }),
  defineCase({
    id: "hosts/memory-stats",
    title: "The figures move with what happens: used, peak, largest free, objects, failures",
    run: async ({ load }) => {
      const core = await load();
      const before = core.memoryStats();
      succeeds(core.compute("t = {} for i = 1, 1000 do t[i] = {} end"), [], "1000 tables");
      const full = core.memoryStats();
      isWithin(full.luaObjectsCount - before.luaObjectsCount, { min: 1000 }, "more objects");
      isWithin(full.heapUsedBytes - before.heapUsedBytes, { min: 56_000 }, "more bytes");
      isTrue(full.largestFreeBytes < before.largestFreeBytes, "the largest free block is smaller");
      isTrue(full.heapPeakBytes >= full.heapUsedBytes, "the peak is at least what is used");
      succeeds(core.compute("t = nil"), [], "dropped");
      isWithin(core.runGc(), { min: 56_000 }, "bytes that runGc says it freed");
      isWithin(core.memoryStats().heapUsedBytes, { max: before.heapUsedBytes + 2_000 }, "in use");
      fails(core.compute("return ('x'):rep(3000000)"), "OUT_OF_MEMORY", "3 MB");
      isWithin(core.memoryStats().failedAllocations, { min: 1 }, "failed allocations");
    },
  }),
  defineCase({
    id: "hosts/heap-usable",
    title: "A script can fill 1.5 MiB with strings, and make one of 700 KB (built, then copied)",
    run: async ({ load }) => {
      const core = await load();
      const code = "t = {} for i = 1, 48 do t[i] = ('x'):rep(32768 - 40 - i) end return #t";
      succeeds(core.compute(code), [48], "1.5 MiB");
      succeeds(core.compute("t = nil"), [], "dropped");
      core.runGc();
      succeeds(core.compute("return #('x'):rep(700000)"), [700_000], "700 KB");
    },
  }),
  defineCase({
    id: "hosts/finalizers",
    title: "Finalizers run, may print and may fail, and never disturb a result",
    run: async ({ load }) => {
      const core = await load();
      const code = `for i = 1, 100 do
          local function gc() print("gc" .. i) if i % 2 == 0 then error("in gc") end end
          setmetatable({}, {__gc = gc})
        end
        collectgarbage()
        return "result"`;
      const { output } = succeeded(core.compute(code), "finalizers");
      equal(
        output.split("\n").filter((line) => line.startsWith("gc")).length,
        100,
        "lines printed",
      );
      succeeds(core.compute("return 'result'"), ["result"], "afterwards");
    },
  }),
];
