/** The stage `cost` as the project has it: who is counted, on which engines, what is kept. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { workloads } from "../../benchmarks/index.ts";
import { type Job, jobOf, type Workload } from "../../harness/bench/workload.ts";
import { importClosureHash } from "../../harness/build/import-closure.ts";
import { enginePrograms } from "../../harness/engine/engines.ts";
import { costCache } from "../../harness/run/cost-cache.ts";
import type { PlannedSubject } from "../../harness/run/plan.ts";
import type { Stage } from "../../harness/run/run.ts";
import { costStage } from "../../harness/run/stages/cost.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";
import { engineSettings } from "../subject/select.ts";

/** Reads the workloads. */
export async function costStageOf(
  subjects: readonly PlannedSubject[],
  invocation: Invocation,
): Promise<Stage> {
  const { root, environment } = invocation;
  const { cache } = projectPaths(root);
  return costStage(subjects, {
    engines: enginePrograms(engineSettings(invocation)),
    workerPath: fileURLToPath(workerUrl),
    isCompared: (id) => quickVariants().some((variant) => variant.id === id),
    jobs: {
      full: await jobsOf(counted, "full"),
      smoke: await jobsOf(counted, "smoke"),
      timed: await jobsOf(timed, "full"),
    },
    closure: () =>
      importClosureHash({
        roots: [workerUrl, new URL("../../harness/meter/meter-module.ts", import.meta.url)],
        base: pathToFileURL(`${root}/`),
      }),
    cache: costCache(join(cache, "costs")),
    directory: join(cache, "metered"),
    environment: { ...environment, DENO_DIR: join(cache, "deno") },
  });
}

const workerUrl = new URL("../worker/meter-worker.ts", import.meta.url);

/** What takes long is left out: its cost says no more than that of its smaller kin. */
const counted = workloads.filter(({ isLong }) => isLong === undefined);
/** Calls, arithmetic, strings, garbage. */
const timed = ["fib", "n-body", "patterns", "closures"].map((name) => {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new TypeError(`there is no workload "${name}"`);
  return found;
});

async function jobsOf(
  chosen: readonly Workload[],
  scale: "full" | "smoke",
): Promise<readonly Job[]> {
  return await Promise.all(
    chosen.map(async (workload) => {
      const program = await readFile(workload.program, "utf8");
      return jobOf(workload, { scale, program });
    }),
  );
}
