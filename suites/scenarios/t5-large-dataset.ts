/** T5: a large data set lies in the JavaScript Map, every item of it. */
import { equal, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

const asWritten = `local t = ext.table()
for i = 1, 1000 do
  t["item_" .. i] = "value_" .. i
end
return "Stored 1000 items"`;

export const largeDataset = [
  defineCase({
    id: "scenarios/t5-large-dataset",
    title: "T5 returns its message, and all 1000 items are in the JavaScript Map, in order",
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute(asWritten), ["Stored 1000 items"], "T5");
      const expected = Array.from({ length: 1000 }, (_, i) => [`item_${i + 1}`, `value_${i + 1}`]);
      equal([...(core.tables.get(2) ?? [])], expected, "items in JavaScript");
    },
  }),
];
