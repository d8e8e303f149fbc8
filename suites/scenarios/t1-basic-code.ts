/** T1: basic code runs, prints, and gives its value. */
import { equal, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

const asWritten = 'local x = 5 + 3\nprint("Result: " .. x)';

export const basicCode = [
  defineCase({
    id: "scenarios/t1-as-written",
    title: 'T1 as written prints "Result: 8" (it returns nothing, in any Lua)',
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      equal(succeeds(core.compute(asWritten), [], "T1").output, "Result: 8\n", "output");
    },
  }),
  defineCase({
    id: "scenarios/t1-with-return",
    title: 'T1 with "return x" appended prints "Result: 8" and returns 8',
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      const result = succeeds(core.compute(`${asWritten}\nreturn x`), [8], "T1");
      equal(result.output, "Result: 8\n", "output");
    },
  }),
  defineCase({
    id: "scenarios/print-keeps-newline",
    title: 'print("hello"); print("world") prints two lines (the request joins them)',
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      const result = succeeds(core.compute('print("hello"); print("world")'), [], "prints");
      equal(result.output, "hello\nworld\n", "output");
    },
  }),
];
