/** The exact costs of one subject: each workload, and the same in every engine. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../bench/workload.ts";
import type { Artifact } from "../../build/artifact.ts";
import { sha256Of } from "../../build/cache.ts";
import type { EngineProgram } from "../../engine/engine-program.ts";
import type { MeterAnswer } from "../../meter/answer-request.ts";
import { namedFunctions } from "../../meter/cost.ts";
import { MeterError } from "../../meter/counters.ts";
import { costsIn } from "../../meter/engine-child.ts";
import { meterModule } from "../../meter/meter-module.ts";
import { asWriteError } from "../../record/kept-file.ts";
import type { CostRecord, MeteringRecord } from "../../record/record.ts";
import type { Outcome } from "../../suite/case.ts";
import { readModule } from "../../wasm/module.ts";
import type { BusyClock } from "../busy-clock.ts";
import type { CostCache, KeptCosts, WorkloadCost } from "../cost-cache.ts";
import type { PlannedSubject } from "../plan.ts";
import type { ResultKey } from "../result-cache.ts";

/** How often the first engine counts a subject that is compared. */
export const comparedRuns = 5;
const childLimitMs = 10 * 60_000;

export interface CostSubject {
  readonly subject: PlannedSubject;
  readonly artifact: Artifact;
  /** It is attributed to functions, and counted again, in every engine. */
  readonly isCompared: boolean;
}

/** An engine that counts; its version is part of each figure. */
export interface VersionedEngine extends EngineProgram {
  /** Empty where the engine is not there. */
  readonly version: string;
}

export interface Counting {
  /** The first counts all; the others must count the same. */
  readonly engines: readonly VersionedEngine[];
  /** `timed`: by them it is told what metering costs in time. */
  readonly jobs: Readonly<Record<"full" | "smoke" | "timed", readonly Job[]>>;
  /** The file that engines run to count. */
  readonly workerPath: string;
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

export type CostsRecord = CostRecord | MeteringRecord;

/** What a subject came to: figures, and whether they are what they should be. */
export interface SubjectCosts {
  readonly records: readonly CostsRecord[];
  readonly outcomes: readonly CostOutcome[];
}

export interface CostOutcome {
  /** The name of an engine, in which the subject costs the same; or all workloads in the first. */
  readonly of: "workloads" | { readonly engine: string };
  readonly outcome: Outcome;
  readonly isReused: boolean;
}

/** Counts one subject. Throws the signal's reason. */
export async function costsOfSubject(
  subject: CostSubject,
  counting: Counting,
): Promise<SubjectCosts> {
  await mkdir(counting.directory, { recursive: true });
  const own = await mkdtemp(join(counting.directory, "metered-"));
  try {
    return await new SubjectCounter(subject, counting, own).all();
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** An engine that dies over its work costs its own outcome alone. */
type Answer = MeterAnswer | { readonly state: "failed"; readonly message: string };

interface Counted {
  readonly costs: readonly WorkloadCost[];
  readonly failures: readonly string[];
}

interface Compared extends SubjectCosts {
  /** Time metered to time as shipped. */
  readonly timeRatio: number | undefined;
}

interface Metered {
  readonly paths: { readonly plainPath: string; readonly meteredPath: string };
  readonly plain: Uint8Array;
  readonly meteredBytes: number;
}

class SubjectCounter {
  readonly #subject: CostSubject;
  readonly #counting: Counting;
  readonly #directory: string;
  #totalMade: Promise<Metered> | undefined;

  constructor(subject: CostSubject, counting: Counting, directory: string) {
    this.#subject = subject;
    this.#counting = counting;
    this.#directory = directory;
  }

  async all(): Promise<SubjectCosts> {
    const records: CostsRecord[] = [];
    const startMs = performance.now();
    const { counted, meteredBytes, isReused } = await this.#full();
    const [engine] = this.#counting.engines;
    if (engine === undefined) return { records, outcomes: [] };
    const workloads: CostOutcome = {
      of: "workloads",
      outcome: outcomeOf(counted.failures, startMs),
      isReused,
    };
    const { records: compared, outcomes, timeRatio } = await this.#compared();
    records.push({
      ...{ kind: "metering", ...this.#place() },
      ...{ bytes: this.#subject.artifact.sizes.raw, meteredBytes },
      ...(timeRatio === undefined ? {} : { timeRatio }),
    });
    records.push(...counted.costs.map((cost) => this.#record(cost, engine, "full")));
    return { records: [...records, ...compared], outcomes: [workloads, ...outcomes] };
  }

  /** Full size, in the first engine; from the cache, if nothing that counts has changed. */
  async #full(): Promise<{ counted: Counted; meteredBytes: number; isReused: boolean }> {
    const { cache } = this.#counting;
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
    const [engine] = this.#counting.engines;
    const answer = await this.#ask(engine, { ...paths, jobs: this.#counting.jobs.full });
    const counted = countedIn(answer, profiled && readModule(profiled.plain));
    const fresh: KeptCosts = { meteredBytes, costs: [...counted.costs] };
    if (counted.failures.length === 0) cache.add(key, fresh);
    return { counted, meteredBytes, isReused: false };
  }

  #key(): ResultKey {
    const { closure, engines, jobs } = this.#counting;
    const { artifact, isCompared } = this.#subject;
    const parts = [closure, engines[0]?.version, isCompared, jobs.full];
    return { sha256: artifact.sha256, rest: sha256Of(JSON.stringify(parts)) };
  }

  /** A wasm of the artifact, metered into a file that children read. */
  async #metered(plainPath: string, mode: "functions" | "total"): Promise<Metered> {
    const plain = new Uint8Array(await this.#counting.readWasm(plainPath));
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
    const records: CostsRecord[] = [];
    const outcomes: CostOutcome[] = [];
    if (!this.#subject.isCompared) return { records, outcomes, timeRatio: undefined };
    const { paths } = await this.#total();
    const request = { ...paths, jobs: this.#counting.jobs.smoke };
    const { timed } = this.#counting.jobs;
    let timeRatio: number | undefined;
    let expected: readonly WorkloadCost[] = [];
    for (const [index, engine] of this.#counting.engines.entries()) {
      const startMs = performance.now();
      const runs = index === 0 ? comparedRuns : 1;
      const differences: string[] = [];
      let evidence: string | undefined;
      for (let run = 0; run < runs && evidence === undefined; run++) {
        const isTimed = index === 0 && run === 0;
        const overhead = isTimed ? { overhead: { jobs: timed, rounds: timedRounds } } : {};
        const answer = await this.#ask(engine, { ...request, ...overhead });
        if (answer.state === "unsupported") evidence = answer.evidence;
        if (answer.state === "measured") timeRatio ??= answer.timeRatio;
        const { costs, failures } = countedIn(answer, undefined);
        if (index === 0 && run === 0) expected = costs;
        differences.push(...failures);
        if (evidence === undefined) differences.push(...differencesOf(expected, costs));
        if (run === 0) records.push(...costs.map((cost) => this.#record(cost, engine, "smoke")));
      }
      let outcome: Outcome = outcomeOf(differences, startMs);
      if (evidence !== undefined) outcome = { state: "unsupported", evidence };
      else if (index > 0 && expected.length === 0) {
        outcome = { state: "not-run", reason: "the first engine gave nothing to compare with" };
      }
      outcomes.push({ of: { engine: engine.name }, outcome, isReused: false });
    }
    return { records, outcomes, timeRatio };
  }

  async #ask(
    engine: EngineProgram | undefined,
    request: Parameters<typeof costsIn>[1],
  ): Promise<Answer> {
    if (engine === undefined) return { state: "unsupported", evidence: "no engine was given" };
    const { workerPath, environment, signal, busy } = this.#counting;
    const directory = this.#directory;
    const options = { workerPath, directory, environment, limitMs: childLimitMs, signal };
    try {
      return await busy.during(() => costsIn(engine, request, options));
    } catch (error) {
      if (!(error instanceof MeterError)) throw error;
      return { state: "failed", message: error.message };
    }
  }

  #place() {
    const { subject } = this.#subject;
    return { variant: subject.id, axes: { ...subject.axes } };
  }

  #record(
    cost: WorkloadCost,
    { name, version }: VersionedEngine,
    scale: "full" | "smoke",
  ): CostRecord {
    return {
      kind: "cost",
      ...this.#place(),
      engine: name,
      engineVersion: version,
      scale,
      ...cost,
    };
  }
}

function countedIn(
  answer: Answer,
  named: Parameters<typeof namedFunctions>[1] | undefined,
): Counted {
  if (answer.state === "unsupported") return { costs: [], failures: [answer.evidence] };
  if (answer.state === "failed") return { costs: [], failures: [answer.message] };
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

function outcomeOf(failures: readonly string[], startMs: number): Outcome {
  const durationMs = performance.now() - startMs;
  if (failures.length === 0) return { state: "pass", durationMs };
  return { state: "fail", durationMs, message: failures.slice(0, 5).join("; ") };
}
