/** T2: an external table is made in Lua and seen in JavaScript. */
import { equal, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

const asWritten = `local data = ext.table()
data["name"] = "Alice"
data["age"] = 30
return data["name"]`;

export const externalTable = [
  defineCase({
    id: "scenarios/t2-external-table",
    title: 'T2 returns "Alice", and the JavaScript Map of table 2 holds name and age',
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute(asWritten), ["Alice"], "T2");
      const table = core.tables.get(2);
      equal(table?.get("name"), "Alice", "name in JavaScript");
      equal(table?.get("age"), 30, "age in JavaScript");
      equal(table?.size, 2, "entries in JavaScript");
    },
  }),
];
