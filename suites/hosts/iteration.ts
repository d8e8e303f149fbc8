/** pairs over external tables: in insertion order, live, from Lua and JavaScript at once. */

import { succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaTable } from "../../runtime/value/values.ts";

export const iteration = [
  defineCase({
    id: "hosts/pairs-order",
    title: "pairs visits in insertion order; an assigned entry keeps its place",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table()
        t.c = 1; t.a = 2; t[10] = 3; t.b = 4; t.c = 5
        local seen = {}
        for k, v in pairs(t) do seen[#seen + 1] = tostring(k) .. "=" .. v end
        return table.concat(seen, " ")`;
      succeeds(core.compute(code), ["c=5 a=2 10=3 b=4"], "order");
    },
  }),
  defineCase({
    id: "hosts/pairs-writes",
    title: "Entries may be assigned and deleted on the way: each that stays is seen once",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table()
        for i = 1, 100 do t[i] = i end
        local seen = 0
        for k, v in pairs(t) do
          seen = seen + 1
          t[k] = -v
          if k % 10 == 0 then t[k + 1] = nil end
        end
        local left = #t
        for k in pairs(t) do t[k] = nil end
        return seen, left, #t`;
      // 11, 21, … 91 are deleted before the loop comes to them.
      succeeds(core.compute(code), [91, 91, 0], "entries seen, left, left after deleting all");
    },
  }),
  defineCase({
    id: "hosts/pairs-nested",
    title: "Two loops over one table do not disturb each other, and break ends one",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table()
        t.a = 1; t.b = 2; t.c = 3
        local seen = {}
        for k in pairs(t) do
          for l in pairs(t) do
            seen[#seen + 1] = k .. l
            if l == "b" then break end
          end
        end
        return table.concat(seen, " ")`;
      succeeds(core.compute(code), ["aa ab ba bb ca cb"], "pairs of keys");
    },
  }),
  defineCase({
    id: "hosts/pairs-from-both-sides",
    title: "A host function writes to the table that Lua iterates over: the loop sees it",
    run: async ({ load }) => {
      const core = await load();
      const table = core.tables.named("live").set("first", 1).set("gone", 2);
      core.register("touch", (key) => {
        if (key !== "first") return;
        table.delete("gone");
        table.set("added", 3);
      });
      const code = `local seen = {}
        for k, v in pairs(ext.table("live")) do seen[#seen + 1] = k; touch(k) end
        return seen`;
      const expected = new LuaTable([[1, "first"] as const, [2, "added"] as const]);
      succeeds(core.compute(code), [expected], "keys seen");
    },
  }),
  defineCase({
    id: "hosts/pairs-large-entries",
    title: "Entries larger than any buffer are visited like small ones",
    run: async ({ load }) => {
      const core = await load();
      // From JavaScript: Lua has no buffer yet that such an entry would fit into.
      core.tables.named("t").set("a", "small").set("big", "x".repeat(90_000));
      core.tables.named("t").set("k".repeat(70_000), "long key").set("z", "end");
      const code = `local seen = {}
        for k, v in pairs(ext.table("t")) do seen[#seen + 1] = #k .. ":" .. #v end
        return table.concat(seen, " ")`;
      succeeds(core.compute(code), ["1:5 3:90000 70000:8 1:3"], "sizes");
    },
  }),
  defineCase({
    id: "hosts/pairs-20000",
    title: "A loop over 20,000 entries needs no room for its keys",
    run: async ({ load }) => {
      const core = await load();
      const table = core.tables.named("large");
      for (let i = 1; i <= 20_000; i++) table.set(i, i);
      const code = `local n, sum = 0, 0
        for k, v in pairs(ext.table("large")) do n = n + 1; sum = sum + v end
        return n, sum`;
      succeeds(core.compute(code), [20_000, 200_010_000], "entries and their sum");
    },
  }),
];
