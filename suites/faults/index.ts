/** The suite `faults`: memory runs out at every allocation that there is. */
import { defineCase } from "../../harness/suite/collect.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { lifeCases } from "./life.ts";
import { scenarios } from "./scenarios.ts";
import { sweep } from "./sweep.ts";

const sweepLimitMs = 120_000;

export const faultsSuite: Suite = {
  name: "faults",
  cases: [
    ...lifeCases,
    ...scenarios.map((scenario) =>
      defineCase({
        id: `faults/oom-${scenario.name}`,
        title: `Whichever allocations fail while ${scenario.title}: a code, no leak, usable after`,
        limitMs: sweepLimitMs,
        run: ({ subject }) => sweep(subject, scenario),
      }),
    ),
  ],
  spread: "representatives",
  entry: import.meta.url,
};
