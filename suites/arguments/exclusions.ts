/** What the fuzzer of arguments does not compare, and why: each entry is a decision. */
import type { Exclusion } from "../../harness/fuzz/target.ts";

export const argumentsExclusions: readonly Exclusion[] = [
  {
    what: "memory that ran out, C calls that nest too deep, sizes near that of the memory",
    why:
      "the core has 2 MiB, a size_t of 32 bits, 150 levels of C calls in ReleaseFast: where all " +
      "sides end at a limit they are the same, whatever it is called",
    differsBy: /\(limit\)|not enough memory/,
  },
  {
    what: "an iterator of gmatch that is called again after an error",
    why: "stock 5.4.8 has no limit of depth then, and may overflow C's stack; ours has",
    differsBy: /pattern too complex/,
  },
];
