/** The stage `bench` as the project has it: which variants are timed, for how long. */
import { workloads } from "../../benchmarks/index.ts";
import { peerNames } from "../../harness/bench/peers/peers.ts";
import type { Tools } from "../../harness/build/provision/provision.ts";
import type { PlannedSubject } from "../../harness/run/plan.ts";
import type { Stage } from "../../harness/run/run.ts";
import { timesStage } from "../../harness/run/stages/times.ts";
import type { VariantId } from "../../harness/variant/variant.ts";
import { standard } from "../bench/options.ts";
import { processesOf } from "../bench/run.ts";
import type { Invocation } from "../command/invocation.ts";
import { peerFacts } from "../subject/peer-facts.ts";

/** What people ship first: all others are compared with it. Then one change of an axis each. */
const timedVariants: readonly VariantId[] = [
  "freestanding-small-js-opt",
  "freestanding-fast-exnref-opt",
  "freestanding-fast-js-opt",
  "freestanding-small-exnref-opt",
  "wasi-fast-exnref-opt",
  "freestanding-safe-exnref-opt",
];
const budgetMs = 360_000;

export interface TimesRun {
  readonly seed: number;
  /** What the native peer is built with; absent where nothing is built. */
  readonly tools: Tools | undefined;
  readonly invocation: Invocation;
}

export function timesStageOf(
  subjects: readonly PlannedSubject[],
  { seed, tools, invocation }: TimesRun,
): Stage {
  const timed = timedVariants.flatMap((id) => subjects.filter((subject) => subject.id === id));
  return timesStage(timed, {
    workloads: workloads.map(({ name }) => name),
    budgetMs,
    ...standard,
    seed,
    peers: [...peerNames],
    facts: async () => (tools === undefined ? {} : await peerFacts(invocation, tools)),
    ...processesOf(invocation),
  });
}
