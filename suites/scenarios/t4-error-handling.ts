/** T4: a syntax error is reported with its line, and the core goes on. */
import { fails, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

export const errorHandling = [
  defineCase({
    id: "scenarios/t4-error-handling",
    title: "T4 answers COMPILE_FAILED with the line, and good code runs after it",
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      const first = fails(core.compute("invalid syntax here"), "COMPILE_FAILED", "T4");
      matches(first.error, /^eval:1: .*near 'syntax'/, "the message");
      const third = fails(core.compute("\n\ninvalid syntax here"), "COMPILE_FAILED", "on line 3");
      matches(third.error, /^eval:3: /, "the message");
      succeeds(core.compute("1 + 1"), [2], "good code afterwards");
    },
  }),
];
