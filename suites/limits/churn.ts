/** Long lives: many evals and many collections, with the bytes in use level. */

import type { CaseContext, Figures, Tier } from "../../harness/suite/case.ts";
import { equal, isTrue, isWithin, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";
import { settledBytesOf } from "../memory-figures.ts";

/** Each leaves nothing behind; every third fails. */
const programs = [
  "local t = {} for i = 1, 10 do t[i] = 'x' .. i end return #t",
  "counter = (counter or 0) + 1 _home.x = counter return counter > 0",
  "error({})",
  "local s = ('ab'):rep(200):gsub('a', '%0%0') return #s",
  "local co = coroutine.wrap(function(a) return coroutine.yield(a) end) return co(1), co(2)",
  "return nil + 1",
] as const;
/**
 * Compiling makes what stays (constants, small functions) among what goes (code that still grows):
 * where it lies decides whether the code of the main chunk finds a place.
 */
const compilations = `local pieces, count = {}, 0
  for i = 1, 540 do
    pieces[i] = ([[do
      local function f#(a, b)
        local t = { x = a, y = b, name = "f#", [#] = # }
        if a > # and b then return t.x * # + b elseif a == # then t.y = t.y - 1 end
        for i = 1, a % 3 do t[#t + 1] = function(z) return z + i + # end end
        return #t + (t.y or 0) // 2, t.name .. "!"
      end
      sum = sum + f#(#, # + 1)
    end
    ]]):gsub("#(%A)", i .. "%1")
  end
  local source = "local sum = 0\\n" .. table.concat(pieces) .. "return sum"
  for i = 1, 8 do
    assert(load(source))()
    count = count + 1
  end
  return count`;
const halfMegabyte = 500_000;
const scriptHeapBytesMin = 1_677_721;
const freshStateBytesMax = 32 * 1024;

interface Size {
  readonly tier: Tier;
  readonly suffix: string;
  readonly evals: number;
  readonly collections: number;
}

const sizes: readonly Size[] = [
  { tier: "standard", suffix: "", evals: 50_000, collections: 5_000 },
  { tier: "exhaustive", suffix: "-long", evals: 1_000_000, collections: 100_000 },
];

export const churn = [
  defineCase({
    id: "limits/heap-for-lua",
    title: "Lua has 1.6 MiB of the 2, and a fresh state with all libraries takes at most 32 KB",
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      core.runGc();
      const { heapTotalBytes, heapUsedBytes } = core.memoryStats();
      isWithin(heapTotalBytes, { min: scriptHeapBytesMin }, "bytes for scripts");
      isWithin(heapUsedBytes, { min: 1, max: freshStateBytesMax }, "bytes of a fresh state");
      return { heapTotalBytes, freshStateBytes: heapUsedBytes };
    },
  }),
  defineCase({
    id: "limits/garbage-of-evals",
    title: "The garbage of 5,000 small evals is collected on the way: the heap stays small",
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      for (let i = 0; i < 5_000; i++) succeeds(core.compute(`local t = {${i}} return #t`), [1], "");
      const { heapPeakBytes } = core.memoryStats();
      isWithin(heapPeakBytes, { max: 2 * freshStateBytesMax }, "the heap's peak in bytes");
      return { heapPeakBytes };
    },
  }),
  defineCase({
    id: "limits/compilations",
    title:
      "A text of 540 functions is compiled eight times, which takes most of the heap each time",
    tier: "standard",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeds(core.compute(compilations), [8], "compilations");
      const { heapPeakBytes, largestFreeBytes } = core.memoryStats();
      return { heapPeakBytes, largestFreeBytes };
    },
  }),
  ...sizes.flatMap(({ tier, suffix, evals, collections }) => [
    defineCase({
      id: `limits/evals${suffix}`,
      title: `After ${evals} evals, of which a third fail, exactly as many bytes are in use`,
      tier,
      limitMs: tier === "standard" ? 60_000 : 1_200_000,
      run: (context) => level(context, { times: evals, step: evalOnce }),
    }),
    defineCase({
      id: `limits/collections${suffix}`,
      title: `After ${collections} collections with garbage of all kinds, as many bytes are in use`,
      tier,
      limitMs: tier === "standard" ? 60_000 : 1_200_000,
      run: (context) => level(context, { times: collections, step: collectOnce }),
    }),
  ]),
];

interface Steps {
  readonly times: number;
  readonly step: (core: Core, round: number) => void;
}

async function level({ load }: CaseContext, { times, step }: Steps): Promise<Figures> {
  const core = await load({ seed: 1 });
  for (let round = 0; round < 60; round++) step(core, round);
  const usedBytes = settledBytesOf(core);
  for (let round = 0; round < times; round++) step(core, round);
  equal(settledBytesOf(core), usedBytes, "bytes in use afterwards");
  const { largestFreeBytes, heapPeakBytes } = core.memoryStats();
  succeeds(core.compute(`return #('x'):rep(${halfMegabyte})`), [halfMegabyte], "half a megabyte");
  return { rounds: times, usedBytes, largestFreeBytes, heapPeakBytes };
}

function evalOnce(core: Core, round: number): void {
  const result = core.compute(programs[round % programs.length] ?? "");
  isTrue(result.ok === (round % 3 !== 2), `eval ${round}`);
}

function collectOnce(core: Core, round: number): void {
  const made = core.compute(`for i = 1, 3 do
      local t = setmetatable({${round}, {}, ('x'):rep(i * 50)}, {__gc = function() end})
      t.f = function() return t end
    end`);
  isTrue(made.ok, `garbage ${round}`);
  core.runGc();
}
