/** Saving and restoring where memory is short: a full heap, and allocations that fail. */

import type { Figures } from "../../harness/suite/case.ts";
import { equal, fails, isTrue, isWithin, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { savedPrograms } from "./programs.ts";
import { untouched } from "./refusals.ts";
import {
  begun,
  endsAsExpected,
  type Load,
  preparedFor,
  restores,
  type SavedProgram,
  saved,
} from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;
/** Far above what a restore allocates: a sweep that passes it does not end. */
const allocationsMax = 20_000;
/** The programs whose states have one of each kind of object between them. */
const swept = ["shared-upvalue", "in-metamethods", "weak-tables", "finalizers", "random"];

export const memoryCases = [
  defineCase({
    id: "persistence/full-heap",
    title: "A heap that is 95 % full is saved, and restored in a heap of the same size",
    limitMs: 60_000,
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `list = {} function fill() local part = {} list[#list + 1] = part
        for i = 1, 50 do part[i] = {i, #list .. "/" .. i .. string.rep("x", 40)} end end`;
      succeeded(core.compute(code), "the code");
      let heapPercent = 0;
      while (heapPercent < 95) {
        succeeded(core.call("fill"), "filling it");
        core.runGc();
        heapPercent = filledPercent(core.memoryStats());
      }
      const snapshot = saved(core);
      const other = await load({ seed: 2 });
      restores(other, snapshot);
      const check = `local n = 0 for _, part in ipairs(list) do for _, e in ipairs(part) do
        n = n + #e[2] + e[1] end end return n, #list`;
      const sums = succeeded(core.compute(check), "the sum").values;
      succeeds(other.compute(check), sums, "the sum, restored");
      equal(other.diff(snapshot, saved(other)), [], "what differs when it is saved again");
      return { heapPercent, snapshotBytes: snapshot.length };
    },
  }),
  defineCase({
    id: "persistence/many-objects",
    title: "More objects than the map of a restore has in its buffer come back, and it is let go",
    limitMs: 60_000,
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `list = {} for i = 1, 26000 do list[i] = "n" .. i end`;
      succeeded(core.compute(code), "the objects");
      const snapshot = saved(core);
      restores(core, snapshot);
      const check = `for i = 1, #list do if list[i] ~= "n" .. i then return i end end return #list`;
      succeeds(core.compute(check), [26_000], "the objects");
      equal(core.diff(snapshot, saved(core)), [], "what differs when it is saved again");
      const usedBytesWithout = () => {
        succeeded(core.compute("list = nil"), "without them");
        // Each collection halves the table of all strings.
        for (let i = 0; i < 16; i++) core.runGc();
        return core.memoryStats().heapUsedBytes;
      };
      const kept = usedBytesWithout();
      restores(core, saved(core));
      const leftBytes = kept - usedBytesWithout();
      isWithin(Math.abs(leftBytes), { max: 4096 }, "bytes that the restore of many left");
      return { leftBytes };
    },
  }),
  ...savedPrograms
    .filter(({ name }) => swept.includes(name))
    .map((program) =>
      defineCase({
        id: `persistence/oom-restore-${program.name}`,
        title: `Whichever allocation of a restore fails, the old state stays: ${program.title}`,
        tier: program.name === "shared-upvalue" ? "standard" : "exhaustive",
        limitMs: 120_000,
        run: async ({ load }) => await sweep(program, load),
      }),
    ),
];

/** Fails each allocation of a restore: alone, and with all that follow it. */
async function sweep(program: SavedProgram, load: Load): Promise<Figures> {
  const snapshot = saved(await begun(program, load));
  const { core, check } = await untouched(await preparedFor(program, load, 2));
  let injections = 0;
  for (; ; injections++) {
    isTrue(injections < allocationsMax, `a restore makes less than ${allocationsMax} allocations`);
    const failing = { failAllocation: injections + 1, failCount: 0 };
    const result = core.restore(snapshot, { ...trusted, ...failing });
    if (result.ok) break;
    fails(result, "OUT_OF_MEMORY", `allocation ${injections + 1} and all after it`);
    check(`after the failure of allocation ${injections + 1}`);
  }
  endsAsExpected(core, program, "restored at last");
  isTrue(injections > 100, `${injections} allocations failed`);
  let survived = 0;
  for (let failAllocation = 1; failAllocation <= injections; failAllocation++) {
    const what = `allocation ${failAllocation} alone`;
    const other = await untouched(await preparedFor(program, load, 2));
    const result = other.core.restore(snapshot, { ...trusted, failAllocation, failCount: 1 });
    if (result.ok) {
      // Lua collected, in the middle of the restore, and had what it needed at its second try.
      survived += 1;
      endsAsExpected(other.core, program, what);
    } else {
      fails(result, "OUT_OF_MEMORY", what);
      other.check(what);
    }
    other.core.dispose();
  }
  return { injections: 2 * injections, survived };
}

function filledPercent(stats: {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
}): number {
  return Math.floor((stats.heapUsedBytes * 100) / stats.heapTotalBytes);
}
