/** Scripts that fill the heap where the core itself is at work: the reserve stays the core's. */

import type { Figures } from "../../harness/suite/case.ts";
import { equal, fails, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";

/** `fill()` takes blocks of all sizes, down to the smallest, until nothing is left. */
const prepare = `kept, n = {}, 0
  for i = 1, 4000 do kept[i] = false end
  function fill()
    for _, length in ipairs {20000, 8000, 4000, 2000, 1000, 500, 200, 100, 60, 41, 8} do
      while n < 3900 do
        if not pcall(function() kept[n + 1] = ("x"):rep(length) .. n end) then break end
        n = n + 1
      end
    end
    local chain = false
    pcall(function() while true do chain = {chain} kept[4000] = chain end end)
  end
  function clean() kept = nil end`;

interface Way {
  readonly name: string;
  readonly title: string;
  readonly go: (core: Core) => void;
}

const ways: readonly Way[] = [
  { name: "script", title: "a script", go: (core) => void core.compute("fill()") },
  {
    name: "finalizer",
    title: "a finalizer that runGc runs",
    go: (core) => {
      succeeds(core.compute("fill() kept[1] = false"), [], "filled");
      succeeds(core.compute("setmetatable({}, {__gc = fill}) return n > 0"), [true], "the object");
      core.runGc();
    },
  },
  {
    name: "finalizers",
    title: "finalizers that make another of their kind",
    go: (core) => {
      const code = "function again() setmetatable({}, {__gc = function() again() fill() end}) end";
      succeeds(core.compute(`${code} again()`), [], "the object");
      for (let i = 0; i < 5; i++) core.runGc();
    },
  },
  {
    name: "error-object",
    title: "the __tostring of an error object",
    go: (core) =>
      void core.compute("error(setmetatable({}, {__tostring = function() fill() return 'e' end}))"),
  },
];

export const fullHeap = ways.map(({ name, title, go }) =>
  defineCase({
    id: `limits/full-by-${name}`,
    title: `When ${title} left nothing, a call cleans up, and all is there again`,
    run: async ({ load }) => cleaned(await load({ seed: 1 }), go),
  }),
);

function cleaned(core: Core, go: (core: Core) => void): Figures {
  succeeds(core.compute(prepare), [], "prepared");
  go(core);
  const { heapUsedBytes, heapTotalBytes } = core.memoryStats();
  fails(core.compute("return ('x'):rep(100000)"), "OUT_OF_MEMORY", "100 KB of a full heap");
  succeeds(core.call("clean"), [], "the call that cleans up");
  core.runGc();
  equal(core.compute("return #('x'):rep(100000)").ok, true, "100 KB");
  return { usedBytes: heapUsedBytes, leftBytes: heapTotalBytes - heapUsedBytes };
}
