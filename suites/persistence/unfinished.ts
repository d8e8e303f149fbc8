/** Coroutines in which memory ran out: what Lua had not finished then is not saved. */
import { equal, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { restores, saved } from "./saved-program.ts";

/** Each makes a coroutine `co` that comes to the end of the memory, whatever is left of it. */
const programs = [
  {
    name: "coroutine",
    what: "a coroutine without a stack",
    code: `co = coroutine.create(function()
      while true do kept = {coroutine.create(print), kept} end end)`,
  },
  {
    name: "coroutine-alive",
    what: "a coroutine without a stack, below a metamethod that waits",
    code: `waits = setmetatable({}, {__add = coroutine.yield})
      co = coroutine.create(function()
        pcall(function() while true do kept = {coroutine.create(print), kept} end end)
        kept = nil
        local x = waits + 1
        if not x then print(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18) end
      end)`,
  },
  {
    name: "function",
    what: "a function without its upvalues",
    code: `local function f() local a, b, c, d = 1, 2, 3, 4
        local g = function() return a, b, c, d, f end return (f()) end
      co = coroutine.create(f)`,
  },
  {
    name: "first-table",
    what: "a function that had not come to its first instruction",
    code: `local function f() local t = {} return (f()) end
      co = coroutine.create(f)`,
  },
  {
    name: "loaded-function",
    what: "a function whose code was being read",
    code: `local text = "return function() " .. ("x = {1, 2, y = z} "):rep(500) .. "end"
      co = coroutine.create(function() while true do kept = {assert(load(text)), kept} end end)`,
  },
] as const;

/** How much of the memory is taken before, in steps of 12.5 KB: where it ends is another place. */
const fills = Array.from({ length: 32 }, (_, step) => 48 + 2 * step);

export const unfinishedCases = programs.map(({ name, what, code }) =>
  defineCase({
    id: `persistence/unfinished-${name}`,
    title: `Where memory ran out in a coroutine and left ${what}, the state is saved and restored`,
    limitMs: 60_000,
    run: async ({ load }) => {
      let ended = 0;
      for (const fill of fills) {
        const core = await load({ seed: 1 });
        succeeded(core.compute(dirty(fill)), "filling the memory");
        const run = `${code} return coroutine.resume(co)`;
        const { values } = succeeded(core.compute(run), `the coroutine, filled by ${fill}`);
        if (String(values[1]).includes("memory")) ended += 1;
        succeeded(core.compute("filled = nil kept = nil"), "emptied");
        core.runGc();
        succeeded(core.compute("told = debug.traceback(co)"), "where it stands");
        const snapshot = saved(core, `filled by ${fill}`);
        const other = await load({ seed: 2 });
        restores(other, snapshot);
        const after = "return coroutine.status(co), debug.traceback(co) == told";
        const { values: status } = succeeded(core.compute("return coroutine.status(co)"), "status");
        succeeds(other.compute(after), [status[0], true], `restored, filled by ${fill}`);
        equal(other.diff(snapshot, saved(other)), [], "what differs when it is saved again");
        core.dispose();
        other.dispose();
      }
      isTrue(name === "coroutine-alive" || ended > 0, "memory ran out");
      return { ended };
    },
  }),
);

/** Lua code that has written to all of the memory once, and then keeps this much of it. */
function dirty(fill: number): string {
  return `local all = {}
    pcall(function() for i = 1, 1e5 do all[i] = ("\\x7f"):rep(100 + i % 200) end end)
    all = nil collectgarbage()
    filled = {} for i = 1, ${fill} do filled[i] = ("x"):rep(12500 + i) end`;
}
