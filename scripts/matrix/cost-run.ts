/** The stage `cost` of a run: who is counted, on which engines, with what is kept for the next. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { workloads } from "../../benchmarks/index.ts";
import { type Job, jobOf, type Workload } from "../../harness/bench/workload.ts";
import { type MeterEngine, meterEngines } from "../../harness/meter/engine-child.ts";
import type { ResultRecord, RunRecord } from "../../harness/record/record.ts";
import type { BusyClock } from "../../harness/run/busy-clock.ts";
import type { ArtifactSource } from "../../harness/run/context.ts";
import { CostCache } from "../../harness/run/cost-cache.ts";
import {
  type CostStage,
  type CostSubject,
  costCases,
  costSuite,
  costsOfSubject,
} from "../../harness/run/cost-stage.ts";
import { importClosureHash } from "../../harness/run/import-closure.ts";
import type { PlannedSubject } from "../../harness/run/plan.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";

export interface CostRun {
  readonly subjects: readonly PlannedSubject[];
  readonly artifactOf: ArtifactSource;
  readonly invocation: Invocation;
  readonly jobs: number;
  readonly busy: BusyClock;
  readonly onRecord: (record: ResultRecord) => void;
  readonly progress: (line: string) => void;
}

/** What a run record plans of this stage. */
export function plannedCosts(
  subjects: readonly PlannedSubject[],
  invocation: Invocation,
): NonNullable<RunRecord["planned"]> {
  const groups = Map.groupBy(subjects, ({ id }) => isCompared(id));
  return [...groups].map(([compared, group]) => ({
    ...{ engine: "node", suite: costSuite },
    cases: [...costCases({ isCompared: compared }, enginesOf(invocation))],
    variants: group.map(({ id }) => id),
  }));
}

/** Counts all that was built, some side by side. Throws MeterError, and the signal's reason. */
export async function runCosts(run: CostRun): Promise<void> {
  const { invocation, progress, artifactOf } = run;
  const stage = await stageOf(run);
  const left = [...run.subjects];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let subject = left.shift(); subject !== undefined; subject = left.shift()) {
      const hooks = { onStep: () => undefined, signal: invocation.signal };
      const built = await artifactOf(subject, hooks);
      if (!built.ok) continue;
      const { artifact } = built;
      const counted: CostSubject = { subject, artifact, isCompared: isCompared(subject.id) };
      for (const record of await costsOfSubject(counted, stage)) run.onRecord(record);
      done += 1;
      progress(`counted ${subject.id} (${done}/${run.subjects.length})`);
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, work));
  await stage.cache.trim();
}

function isCompared(id: string): boolean {
  return quickVariants().some((variant) => variant.id === id);
}

/** The engines as npm installed them; deno's own package lacks some platforms, so PATH is next. */
export function enginesOf({
  root,
  nodePath,
}: Pick<Invocation, "root" | "nodePath">): readonly MeterEngine[] {
  const packages = join(root, "node_modules");
  const deno = join(packages, "@deno", "linux-x64-glibc", "deno");
  return meterEngines({
    node: nodePath,
    bun: join(packages, ".bin", "bun"),
    deno: existsSync(deno) ? deno : "deno",
    workerPath: fileURLToPath(workerUrl),
  });
}

const workerUrl = new URL("../worker/meter-worker.ts", import.meta.url);

async function stageOf({ invocation, busy }: CostRun): Promise<CostStage> {
  const { root, environment, nodeVersion, signal } = invocation;
  const { cache } = projectPaths(root);
  return {
    engines: enginesOf(invocation),
    engineVersion: nodeVersion,
    jobs: {
      full: await jobsOf(counted, "full"),
      smoke: await jobsOf(counted, "smoke"),
      timed: await jobsOf(timed, "full"),
    },
    closure: await importClosureHash({
      roots: [workerUrl, new URL("../../harness/meter/meter-module.ts", import.meta.url)],
      base: pathToFileURL(`${root}/`),
      read: async (url) => await readFile(url, "utf8"),
    }),
    cache: new CostCache(join(cache, "costs")),
    directory: join(cache, "metered"),
    environment: { ...environment, DENO_DIR: join(cache, "deno") },
    readWasm: async (path) => await readFile(path),
    ...{ signal, busy },
  };
}

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
