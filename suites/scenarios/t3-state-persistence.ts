/** T3: state persists from one evaluation to the next. */

import { equal, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Core } from "../../runtime/core/core.ts";

function printsInTurn(core: Core, code: string, outputs: readonly string[]): void {
  for (const [i, output] of outputs.entries()) {
    equal(succeeds(core.compute(code), [], `run ${i + 1}`).output, output, `output ${i + 1}`);
  }
}

export const statePersistence = [
  defineCase({
    id: "scenarios/t3-as-written",
    title: 'T3 as written prints "Count: 1" twice: its local hides the global, in any Lua',
    tier: "smoke",
    run: async ({ load }) => {
      const code = 'local counter = (counter or 0) + 1\nprint("Count: " .. counter)';
      printsInTurn(await load(), code, ["Count: 1\n", "Count: 1\n"]);
    },
  }),
  defineCase({
    id: "scenarios/t3-global",
    title: 'T3 with a global counter prints "Count: 1", then "Count: 2"',
    tier: "smoke",
    run: async ({ load }) => {
      const code = 'counter = (counter or 0) + 1\nprint("Count: " .. counter)';
      printsInTurn(await load(), code, ["Count: 1\n", "Count: 2\n"]);
    },
  }),
  defineCase({
    id: "scenarios/t3-home",
    title: 'T3 with _home.counter prints "Count: 1", then "Count: 2", and JavaScript sees it',
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      const code = '_home.counter = (_home.counter or 0) + 1\nprint("Count: " .. _home.counter)';
      printsInTurn(core, code, ["Count: 1\n", "Count: 2\n"]);
      equal(core.tables.home.get("counter"), 2, "the counter in JavaScript");
    },
  }),
];
