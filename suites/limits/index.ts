/** The suite `limits`: how much memory there is, how it lasts, and what ends when there is none. */
import type { Suite } from "../../harness/suite/suite.ts";
import { bombCases } from "./bombs.ts";
import { churn } from "./churn.ts";
import { fragmentation } from "./fragmentation.ts";
import { fullHeap } from "./full-heap.ts";
import { heapLimits } from "./heap-limits.ts";

export const limitsSuite: Suite = {
  name: "limits",
  cases: [...churn, ...fragmentation, ...heapLimits, ...fullHeap, ...bombCases],
  spread: "representatives",
  entry: import.meta.url,
};
