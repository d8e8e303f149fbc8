/** The smoke of the benchmarks: every workload once, tiny, so that none rots unseen. */
import { readFile } from "node:fs/promises";
import { workloads } from "../../benchmarks/index.ts";
import { coreSubject } from "../../harness/bench/core-subject.ts";
import { peerNames, peerSubjects } from "../../harness/bench/peers/peers.ts";
import { type JobRounds, timeRounds } from "../../harness/bench/rounds.ts";
import { jobOf } from "../../harness/bench/workload.ts";
import { defaultSeed } from "../../harness/run/plan.ts";
import { randomOf } from "../../harness/statistics/random.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Invocation } from "../command/invocation.ts";
import { linesTo } from "../command/lines.ts";
import { peerFacts } from "../subject/peer-facts.ts";
import { builtArtifacts } from "../subject/run-context.ts";
import { subjectOf } from "../subject/select.ts";

/**
 * Runs them on the smallest variant, built if need be, and on the peers: each implementation must
 * give the result that stands in benchmarks/. Throws BenchError for another one.
 */
export async function benchSmoke(invocation: Invocation): Promise<readonly JobRounds[]> {
  const { signal, stderr } = invocation;
  const progress = linesTo(stderr);
  const { artifactOf, tools } = await builtArtifacts({ invocation, force: false, progress });
  const [variant] = quickVariants().map(subjectOf);
  if (variant === undefined) throw new Error("there is no quick variant");
  const built = await artifactOf(variant, { onStep: () => undefined, signal });
  if (!built.ok) throw new Error(built.message);
  const wasm = new Uint8Array(await readFile(built.artifact.wasmPath));
  const subjects = [
    await coreSubject({ name: variant.id, axes: variant.axes, wasm }),
    ...peerSubjects(await peerFacts(invocation, tools), peerNames),
  ];
  const timed: JobRounds[] = [];
  for (const workload of workloads) {
    const program = await readFile(workload.program, "utf8");
    const job = jobOf(workload, { scale: "smoke", program });
    const options = {
      ...{ budgetMs: 0, rounds: 1, resolutionMs: 0, random: randomOf(defaultSeed) },
      ...{ now: () => performance.now(), signal },
    };
    timed.push(await timeRounds(job, subjects, options));
  }
  return timed;
}
