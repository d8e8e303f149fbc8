/** The exact costs of a run: each workload on each variant, and the same in every engine. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../bench/workload.ts";
import type { Artifact } from "../build/artifact.ts";
import { npmRun } from "../build/shell-word.ts";
import type { MeterAnswer } from "../meter/answer-request.ts";
import { namedFunctions } from "../meter/cost.ts";
import { costsIn, type MeterEngine } from "../meter/engine-child.ts";
import { meterModule } from "../meter/meter-module.ts";
import { asWriteError } from "../record/kept-file.ts";
import type { CostRecord, MeteringRecord, OutcomeRecord } from "../record/record.ts";
import type { Outcome } from "../suite/case.ts";
import { readModule } from "../wasm/module.ts";
import type { BusyClock } from "./busy-clock.ts";
import type { CostCache, KeptCosts, WorkloadCost } from "./cost-cache.ts";
import type { PlannedSubject } from "./plan.ts";

/** The suite that the outcomes of this stage are reported as. */
export const costSuite = "exact-cost";
/** How often a variant of the quick set is counted again in the first engine. */
const repeats = 5;
const childLimitMs = 10 * 60_000;

export interface CostSubject {
  readonly subject: PlannedSubject;
  readonly artifact: Artifact;
  /** It is attributed to functions, and counted again, in every engine. */
  readonly isCompared: boolean;
}

export interface CostStage {
  /** The first counts all; the others must count the same. */
  readonly engines: readonly MeterEngine[];
  readonly engineVersion: string;
  /** `timed`: by them it is told what metering costs in time. */
  readonly jobs: Readonly<Record<"full" | "smoke" | "timed", readonly Job[]>>;
  /** Hash of the code that counts. */
  readonly closure: string;
  readonly cache: CostCache;
  /** Where wasm lies while children read it. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readWasm: (path: string) => Promise<Uint8Array>;
  readonly signal: AbortSignal;
  readonly busy: BusyClock;
}

const timedRounds = 7;

type CostStageRecord = CostRecord | MeteringRecord | OutcomeRecord;

/** The cases that a subject has here: what a plan names. */
export function costCases(
  { isCompared }: Pick<CostSubject, "isCompared">,
  engines: readonly MeterEngine[],
): readonly string[] {
  const compared = engines.map(({ name }) => `${costSuite}/same-in-${name}`);
  return [`${costSuite}/workloads`, ...(isCompared ? compared : [])];
}

/** Counts one subject. Throws MeterError, and the signal's reason. */
export async function costsOfSubject(
  subject: CostSubject,
  stage: CostStage,
): Promise<readonly CostStageRecord[]> {
  await mkdir(stage.directory, { recursive: true });
  const own = await mkdtemp(join(stage.directory, "metered-"));
  try {
    return await new SubjectCosts(subject, stage, own).all();
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

interface Counted {
  readonly costs: readonly WorkloadCost[];
  readonly failures: readonly string[];
}

interface Compared {
  readonly records: readonly CostStageRecord[];
  /** Time metered to time as shipped. */
  readonly timeRatio: number | undefined;
}

interface Metered {
  readonly paths: { readonly plainPath: string; readonly meteredPath: string };
  readonly plain: Uint8Array;
  readonly meteredBytes: number;
}

class SubjectCosts {
  readonly #subject: CostSubject;
  readonly #stage: CostStage;
  readonly #directory: string;
  #totalMade: Promise<Metered> | undefined;

  constructor(subject: CostSubject, stage: CostStage, directory: string) {
    this.#subject = subject;
    this.#stage = stage;
    this.#directory = directory;
  }

  async all(): Promise<readonly CostStageRecord[]> {
    const records: CostStageRecord[] = [];
    const startMs = performance.now();
    const { counted, meteredBytes, isReused } = await this.#full();
    const [engine] = this.#stage.engines;
    if (engine === undefined) return records;
    const { records: compared, timeRatio } = await this.#compared();
    records.push({
      ...{ kind: "metering", ...this.#place() },
      ...{ bytes: this.#subject.artifact.sizes.raw, meteredBytes },
      ...(timeRatio === undefined ? {} : { timeRatio }),
    });
    records.push(...counted.costs.map((cost) => this.#record(cost, engine.name, "full")));
    records.push(
      this.#outcome("workloads", {
        title: "Each workload gives its result on the metered core, and its exact cost",
        ...stateOf(counted.failures),
        ...{ startMs, isReused },
      }),
    );
    return [...records, ...compared];
  }

  /** Full size, in the first engine; from the cache, if nothing that counts has changed. */
  async #full(): Promise<{ counted: Counted; meteredBytes: number; isReused: boolean }> {
    const { cache } = this.#stage;
    const key = this.#key();
    const kept = await cache.find(key);
    if (kept !== undefined) {
      const { costs, meteredBytes } = kept;
      return { counted: { costs, failures: [] }, meteredBytes, isReused: true };
    }
    const { artifact, isCompared } = this.#subject;
    const total = await this.#total();
    const { meteredBytes } = total;
    // The named twin has the shipped code, and names.
    const { namedPath = artifact.wasmPath } = artifact;
    const profiled = isCompared ? await this.#metered(namedPath, "functions") : undefined;
    const { paths } = profiled ?? total;
    const [engine] = this.#stage.engines;
    const answer = await this.#ask(engine, { ...paths, jobs: this.#stage.jobs.full });
    const counted = countedIn(answer, profiled && readModule(profiled.plain));
    const fresh: KeptCosts = { meteredBytes, costs: [...counted.costs] };
    if (counted.failures.length === 0) cache.add(key, fresh);
    return { counted, meteredBytes, isReused: false };
  }

  #key(): string {
    const { closure, engineVersion, jobs } = this.#stage;
    const { artifact, isCompared } = this.#subject;
    const parts = [artifact.sha256, closure, engineVersion, isCompared, jobs.full];
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  }

  /** A wasm of the artifact, metered into a file that children read. */
  async #metered(plainPath: string, mode: "functions" | "total"): Promise<Metered> {
    const plain = new Uint8Array(await this.#stage.readWasm(plainPath));
    const { wasm } = meterModule(plain, { mode });
    const meteredPath = join(this.#directory, `${mode}.wasm`);
    await writeFile(meteredPath, wasm).catch((error: unknown) => {
      throw asWriteError(error, meteredPath);
    });
    return { paths: { plainPath, meteredPath }, plain, meteredBytes: wasm.length };
  }

  /** The shipped wasm, once, whoever asks first. */
  #total(): Promise<Metered> {
    this.#totalMade ??= this.#metered(this.#subject.artifact.wasmPath, "total");
    return this.#totalMade;
  }

  /** Small size: several times in the first engine, once in each other one. */
  async #compared(): Promise<Compared> {
    const records: CostStageRecord[] = [];
    if (!this.#subject.isCompared) return { records, timeRatio: undefined };
    const { paths } = await this.#total();
    const request = { ...paths, jobs: this.#stage.jobs.smoke };
    const { timed } = this.#stage.jobs;
    let timeRatio: number | undefined;
    let expected: readonly WorkloadCost[] = [];
    for (const [index, engine] of this.#stage.engines.entries()) {
      const startMs = performance.now();
      const runs = index === 0 ? repeats : 1;
      const differences: string[] = [];
      let evidence: string | undefined;
      for (let run = 0; run < runs && evidence === undefined; run++) {
        const isTimed = index === 0 && run === 0;
        const overhead = isTimed ? { overhead: { jobs: timed, rounds: timedRounds } } : {};
        const answer = await this.#ask(engine, { ...request, ...overhead });
        if (answer.state === "unsupported") evidence = answer.evidence;
        else timeRatio ??= answer.timeRatio;
        const { costs, failures } = countedIn(answer, undefined);
        if (index === 0 && run === 0) expected = costs;
        differences.push(...failures);
        if (evidence === undefined) differences.push(...differencesOf(expected, costs));
        if (run === 0)
          records.push(...costs.map((cost) => this.#record(cost, engine.name, "smoke")));
      }
      records.push(
        this.#outcome(`same-in-${engine.name}`, {
          title: titleOf(engine.name, runs),
          ...(evidence === undefined
            ? stateOf(differences)
            : { state: "unsupported" as const, message: evidence }),
          ...{ startMs, isReused: false },
        }),
      );
    }
    return { records, timeRatio };
  }

  async #ask(
    engine: MeterEngine | undefined,
    request: Parameters<typeof costsIn>[1],
  ): Promise<MeterAnswer> {
    if (engine === undefined) return { state: "unsupported", evidence: "no engine was given" };
    const { environment, signal, busy } = this.#stage;
    const directory = this.#directory;
    const options = { directory, environment, limitMs: childLimitMs, signal };
    return await busy.during(() => costsIn(engine, request, options));
  }

  #place() {
    const { subject } = this.#subject;
    return { variant: subject.id, axes: { ...subject.axes } };
  }

  #record(cost: WorkloadCost, engine: string, scale: "full" | "smoke"): CostRecord {
    const { engineVersion, engines } = this.#stage;
    const version = engine === engines[0]?.name ? engineVersion : "";
    return { kind: "cost", ...this.#place(), engine, engineVersion: version, scale, ...cost };
  }

  #outcome(
    name: string,
    found: {
      readonly title: string;
      readonly state: Outcome["state"];
      readonly message?: string;
      readonly startMs: number;
      readonly isReused: boolean;
    },
  ): OutcomeRecord {
    const { title, state, message, startMs, isReused } = found;
    const { subject } = this.#subject;
    const { id, file } = subject;
    const chosen = file === undefined ? ["--filter", id] : ["--wasm", file];
    return {
      ...{ kind: "outcome", ...this.#place(), engine: "node" },
      ...{ engineVersion: this.#stage.engineVersion, suite: costSuite, title, state },
      case: `${costSuite}/${name}`,
      durationMs: performance.now() - startMs,
      ...(message === undefined ? {} : { message }),
      repro: npmRun("matrix", ["--stage", "cost", ...chosen]),
      reused: isReused,
    };
  }
}

function titleOf(engine: string, runs: number): string {
  return runs === 1
    ? `Exact cost is the same in ${engine}`
    : `Exact cost is the same in ${runs} runs in ${engine}`;
}

function countedIn(
  answer: MeterAnswer,
  named: Parameters<typeof namedFunctions>[1] | undefined,
): Counted {
  if (answer.state === "unsupported") return { costs: [], failures: [answer.evidence] };
  const costs: WorkloadCost[] = [];
  const failures: string[] = [];
  for (const each of answer.costs) {
    if ("failure" in each) {
      failures.push(`${each.workload}: ${each.failure}`);
      continue;
    }
    const { functions: _, ...figures } = each.cost;
    const functions = named === undefined ? undefined : namedFunctions(each.cost, named);
    costs.push({
      ...{ workload: each.workload, ...figures },
      ...(functions === undefined
        ? {}
        : { functions: functions.map(([name, count]): [string, number] => [name, count]) }),
    });
  }
  return { costs, failures };
}

/** A line for each workload that cost something else. */
function differencesOf(
  expected: readonly WorkloadCost[],
  found: readonly WorkloadCost[],
): readonly string[] {
  const others = new Map(found.map((each) => [each.workload, each]));
  return expected.flatMap((each) => {
    const other = others.get(each.workload);
    if (JSON.stringify(each) === JSON.stringify(other)) return [];
    const counts = other === undefined ? "nothing" : `${other.instructions} instructions`;
    return [`${each.workload}: ${each.instructions} instructions, and ${counts}`];
  });
}

function stateOf(failures: readonly string[]) {
  return failures.length === 0
    ? { state: "pass" as const }
    : { state: "fail" as const, message: failures.slice(0, 5).join("; ") };
}
