/** Memory: nothing leaks over many evaluations, the figures agree, a full heap is survived. */
import type { Core } from "../../harness/core/core.ts";
import { CoreLoadError } from "../../harness/core/errors.ts";
import {
  equal,
  fails,
  isTrue,
  isWithin,
  matches,
  succeeded,
  succeeds,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

/** The heap in use when collecting frees no more: Lua's string table shrinks by half each time. */
function settled(core: Core): number {
  let used = Infinity;
  for (let i = 0; i < 20; i++) {
    core.runGc();
    const { heapUsedBytes } = core.memoryStats();
    if (heapUsedBytes === used) return used;
    used = heapUsedBytes;
  }
  return used;
}

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
      const before = settled(core);
      round(3_334);
      equal(settled(core), before, "bytes of heap in use");
    },
  }),
  defineCase({
    id: "hosts/handles-5000",
    title: "After 5,000 external tables that were dropped, no object and no table is left of them",
    run: async ({ load }) => {
      const core = await load();
      const code = "for i = 1, 50 do local t = ext.table() t.x = i end";
      succeeds(core.compute(code), [], "50 tables");
      const bytesBefore = settled(core);
      const objectsBefore = core.memoryStats().luaObjectsCount;
      for (let i = 0; i < 100; i++) core.compute(code);
      // Lua's own list of handles keeps the capacity that it once needed.
      isWithin(settled(core) - bytesBefore, { max: 100_000 }, "more bytes of heap in use");
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
      const code = "t = {} for i = 1, 24 do t[i] = ('x'):rep(65536 - 40 - i) end return #t";
      succeeds(core.compute(code), [24], "1.5 MiB");
      succeeds(core.compute("t = nil"), [], "dropped");
      core.runGc();
      succeeds(core.compute("return #('x'):rep(700000)"), [700_000], "700 KB");
    },
  }),
  defineCase({
    id: "hosts/every-allocation-fails",
    title: "Whichever of the first 150 allocations fails, loading fails clearly or all goes right",
    run: async ({ load }) => {
      const code = `local t = {} for i = 1, 20 do t[i] = {i, tostring(i)} end
        local co = coroutine.wrap(function(...) coroutine.yield(#t) end)
        _home.x = t
        return co(), select('#', table.unpack(t)), #_home.x`;
      let failures = 0;
      for (let nth = 1; nth <= 150; nth++) {
        try {
          const core = await load({ failAllocation: nth, seed: 1 });
          // Later than at its start Lua collects and tries again: the script sees nothing of it.
          succeeds(core.compute(code), [20, 20, 20], `when allocation ${nth} fails`);
          core.dispose();
        } catch (error) {
          if (!(error instanceof CoreLoadError)) throw error;
          matches(error.message, /not enough memory/, `when allocation ${nth} fails`);
          failures += 1;
        }
      }
      isWithin(failures, { min: 20 }, "starts that failed");
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
