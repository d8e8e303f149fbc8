/** What was saved loads: there is room for it, and the external tables that it refers to. */

import { fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { MemoryStore } from "../../runtime/store/memory-store.ts";
import { persistTables } from "../../runtime/store/table-persistence.ts";
import { restores, saved } from "./saved-program.ts";

/** What fills a heap, and how many bytes are left free in steps. */
const fillings = [
  ["closures", "function() return i end"],
  ["tables", "{}"],
  ["strings", '("x" .. i)'],
  ["pairs", "{i}"],
  ["records", "{a = i}"],
  ["coroutines", "coroutine.create(print)"],
] as const;
const freeBytes = [0, 5_000, 10_000, 20_000, 40_000, 80_000] as const;

export const whatLoads = [
  ...fillings.map(([name, made]) =>
    defineCase({
      id: `persistence/full-of-${name}`,
      title: `A heap full of ${name} is restored once it was saved, or saving says that it can't`,
      run: async ({ load }) => {
        let restoredCount = 0;
        for (const free of freeBytes) {
          const core = await load({ seed: 1 });
          const code = `local room = ("x"):rep(${free}) all = {}
            pcall(function() local i = 0 while true do i = i + 1 all[i] = ${made} end end)
            room = nil collectgarbage() return #all`;
          const { values } = succeeded(core.compute(code), `${free} bytes left`);
          const taken = core.snapshot();
          if (!taken.ok) {
            fails(taken, "NOT_PERSISTABLE", "what has no room");
            matches(taken.error, /could not be restored: not enough memory/, "why");
            continue;
          }
          restores(core, taken.bytes);
          succeeds(core.compute("return #all"), values, `restored with ${free} bytes left`);
          restoredCount += 1;
        }
        isTrue(restoredCount > 0, "some are restored");
        return { restored: restoredCount };
      },
    }),
  ),
  defineCase({
    id: "persistence/tables-that-wait",
    title:
      "Tables that a store brought back stay until the snapshot that refers to them is restored",
    run: async ({ load }) => {
      const store = new MemoryStore();
      const first = await load({ seed: 1 });
      const kept = await persistTables({ tables: first.tables, store });
      succeeds(first.compute("hidden = ext.table() hidden.x = 7"), [], "a table without a name");
      await kept.save();
      const snapshot = saved(first);
      kept.stop();

      const second = await load({ seed: 2 });
      const again = await persistTables({ tables: second.tables, store });
      const work = `do local t = ext.table() t.y = 1 end collectgarbage()
        for i = 1, 3000 do local t = ext.table() end collectgarbage()`;
      succeeds(second.compute(work), [], "work before it is restored");
      second.runGc();
      await again.save();
      restores(second, snapshot);
      succeeds(second.compute("return hidden.x"), [7], "the table");
      succeeds(second.compute("hidden = nil"), [], "nobody refers to it");
      second.runGc();
      isTrue([...second.tables].length === 1, "it goes, once it may");
      again.stop();
    },
  }),
];
