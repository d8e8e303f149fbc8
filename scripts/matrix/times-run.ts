/** The stage `bench` of a run: the named variants that are among its subjects, and the peers. */
import { workloads } from "../../benchmarks/index.ts";
import type { ResultRecord } from "../../harness/record/record.ts";
import type { PlannedSubject } from "../../harness/run/plan.ts";
import { coreLineup } from "../bench/lineup.ts";
import { parseBenchOptions } from "../bench/options.ts";
import { runStage } from "../bench/run.ts";
import type { Invocation } from "../command/invocation.ts";
import { peerFacts } from "../subject/peer-facts.ts";

/** What people ship first: all others are compared with it. Then one change of an axis each. */
const timedVariants = [
  "freestanding-small-js-opt",
  "freestanding-fast-exnref-opt",
  "freestanding-fast-js-opt",
  "freestanding-small-exnref-opt",
  "wasi-fast-exnref-opt",
  "freestanding-safe-exnref-opt",
];
const budgetSeconds = 360;

/** Throws BenchError when a result is wrong, BuildFailedError. */
export async function runTimes(run: {
  readonly subjects: readonly PlannedSubject[];
  readonly seed: number;
  readonly invocation: Invocation;
  readonly onRecord: (record: ResultRecord) => void;
}): Promise<void> {
  const { subjects, seed, invocation, onRecord } = run;
  const known = new Set(subjects.map(({ id }) => id));
  const ids = timedVariants.filter((id) => known.has(id));
  if (ids.length === 0) return;
  const line = [...ids, "--budget", `${budgetSeconds}`, "--seed", `${seed}`];
  const request = parseBenchOptions(line, workloads);
  if (request.kind !== "run") throw new Error("the stage bench asked for a text");
  const { options } = request;
  const { cores, tools } = await coreLineup(options, invocation);
  const facts = await peerFacts(invocation, tools);
  const lineup = { cores, peers: [...options.peers], facts };
  await runStage({ options, lineup, invocation, versions: {}, onRecord });
}
