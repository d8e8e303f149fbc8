/** The smoke of the benchmarks: every workload once, tiny, so that none rots unseen. */
import { readFile } from "node:fs/promises";
import { workloads } from "../../benchmarks/index.ts";
import { coreSubject } from "../bench/core-subject.ts";
import { type Measurement, measure } from "../bench/measure.ts";
import { randomOf } from "../bench/random.ts";
import { wasmoonSubject } from "../bench/wasmoon-subject.ts";
import { jobOf } from "../bench/workload.ts";
import { defaultSeed } from "../run/plan.ts";
import { quickVariants } from "../variant/list.ts";
import type { Invocation } from "./invocation.ts";
import { packageVersion } from "./machine.ts";
import { builtArtifacts } from "./run-context.ts";
import { subjectOf } from "./select.ts";

/**
 * Runs them on the smallest variant, built if need be, and on the peer: two implementations must
 * give the result that stands in benchmarks/index.ts. Throws BenchError for another one.
 */
export async function benchSmoke(invocation: Invocation): Promise<readonly Measurement[]> {
  const { root, signal, stderr } = invocation;
  const progress = (line: string): void => void stderr.write(`${line}\n`);
  const { artifactOf } = await builtArtifacts({ invocation, force: false, progress });
  const [variant] = quickVariants().map(subjectOf);
  if (variant === undefined) throw new Error("there is no quick variant");
  const built = await artifactOf(variant, { onStep: () => undefined, signal });
  if (!built.ok) throw new Error(built.message);
  const wasm = new Uint8Array(await readFile(built.artifact.wasmPath));
  const subjects = [
    await coreSubject({ name: variant.id, axes: variant.axes, wasm }),
    wasmoonSubject(await packageVersion({ root, name: "wasmoon" })),
  ];
  const measurements: Measurement[] = [];
  for (const workload of workloads) {
    const program = await readFile(workload.program, "utf8");
    const job = jobOf(workload, { scale: "smoke", program });
    const once = { roundsMin: 1, subjectMsMin: 0 };
    const random = randomOf(defaultSeed);
    measurements.push(await measure(job, subjects, { warmUp: once, timed: once, random, signal }));
  }
  return measurements;
}
