/** The suite `stacks`: how deep each kind of recursion goes into the stack of the wasm. */

import type { Figures, Subject } from "../../harness/suite/case.ts";
import { equal, isWithin, matches } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import type { Suite } from "../../harness/suite/suite.ts";
import { stackBytes } from "../../runtime/abi/abi.ts";
import { configure } from "../memory-figures.ts";
import { rawCore } from "../raw-core.ts";
import { callerDepth } from "./caller-depth.ts";
import { type Way, ways } from "./ways.ts";

/** What is left is for frames that no recursion here has thought of. */
const stackPercentMax = 75;
/** A byte that hardly fills the stack by itself. */
const paint = 0xa5;

export const stacksSuite: Suite = {
  name: "stacks",
  cases: [
    ...ways.map((way) =>
      defineCase({
        id: `stacks/${way.name}`,
        title: `An error of Lua ends ${way.what}, at ${stackPercentMax} % of the stack at most`,
        limitMs: 30_000,
        run: ({ subject }) => recurse(subject, way),
      }),
    ),
    ...callerDepth,
  ],
  spread: "every-variant",
  entry: import.meta.url,
};

async function recurse(subject: Subject, { code, ends }: Way): Promise<Figures> {
  const raw = await rawCore(subject);
  configure(raw, { seed: 1 });
  equal(raw.status(raw.guest.init()), 0, "init");
  // Nothing runs: all of the stack is free.
  const stack = new Uint8Array(raw.guest.memory.buffer, 0, stackBytes);
  stack.fill(paint);
  const answer = raw.compute(code);
  const stackPeakBytes = stackBytes - stack.findIndex((byte) => byte !== paint);
  const stackPercent = Math.round((1000 * stackPeakBytes) / stackBytes) / 10;
  if (answer !== "OUT_OF_MEMORY") equal(answer, "RUNTIME_FAILED", "the code");
  matches(raw.values()[0], ends, "the error");
  isWithin(stackPercent, { max: stackPercentMax }, "percent of the stack");
  equal(raw.compute("return 6 * 7"), 25, "the next eval");
  return { stackPeakBytes, stackPercent };
}
