/** One of the places that work side by side: builds a subject, or runs the cases of a cell. */
import type { Artifact } from "../build/artifact.ts";
import type { Case, Outcome } from "../suite/case.ts";
import type { Builds, Partner } from "./builds.ts";
import type { ProbedEngine, RunContext } from "./context.ts";
import { inspectArtifact } from "./inspect.ts";
import { JobError, Lane } from "./lane.ts";
import type { OutcomeKey } from "./outcome-cache.ts";
import type { Cell, PlannedSubject } from "./plan.ts";
import type { Job, JobSubject } from "./protocol.ts";
import { cellName, type Recorder } from "./recorder.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface SlotOptions {
  readonly context: RunContext;
  readonly recorder: Recorder;
  readonly queue: WorkQueue;
  readonly builds: Builds;
  /** Artifacts of this run by subject; filled by whoever builds, read by whoever tests. */
  readonly artifacts: Map<string, Artifact>;
  readonly signal: AbortSignal;
}

export class Slot {
  readonly #options: SlotOptions;
  /** One kept worker per engine. */
  readonly #lanes = new Map<string, Lane>();

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Works until there is nothing left, or the signal ends it. */
  async serve(): Promise<void> {
    const { queue, signal } = this.#options;
    try {
      for (let work = await queue.take(); work !== undefined; work = await queue.take()) {
        if (signal.aborted) return;
        if (work.kind === "cell") await this.#runCell(work.cell);
        else await this.#build(work.subject);
      }
    } finally {
      for (const lane of this.#lanes.values()) lane.close();
    }
  }

  async #build(subject: PlannedSubject): Promise<void> {
    const { context, recorder, queue, builds, artifacts, signal } = this.#options;
    context.onEvent({ kind: "build-started", subject: subject.id });
    const result = await builds.of(subject, signal);
    if (!result.ok && signal.aborted) return;
    recorder.build(subject, result);
    const cells = context.plan.cells.filter((cell) => cell.subject === subject.id);
    if (!result.ok) {
      const reason = "the build failed";
      for (const cell of cells) recorder.settle(cell, { state: "not-run", reason });
      return queue.built([]);
    }
    const { artifact } = result;
    artifacts.set(subject.id, artifact);
    if (context.inspect) {
      const { axes } = subject;
      const { readWasm } = context;
      const sources = await context.sourceIndex();
      const records = await inspectArtifact({ artifact, axes, readWasm, sources });
      for (const record of records) context.onRecord(record);
    }
    return queue.built(cells);
  }

  async #runCell(cell: Cell): Promise<void> {
    const { context } = this.#options;
    context.onEvent({ kind: "cell-started", cell: cellName(cell), cases: cell.cases.length });
    const engine = context.engines.get(cell.engine);
    if (engine === undefined) throw new JobError(`the run was given no engine "${cell.engine}"`);
    const runnable = this.#supported(cell, engine);
    const partners = await this.#partnersOf(cell, runnable);
    if (partners === undefined) return;
    const open = await this.#withoutReused(cell, runnable, partners);
    if (open.length > 0) await this.#runCases(cell, { cases: open, partners, engine });
    const reused = runnable.length - open.length;
    context.onEvent({ kind: "cell-finished", cell: cellName(cell), reused });
  }

  /** Records as unsupported what the engine cannot do; the rest is to run. */
  #supported(cell: Cell, { engine, probe }: ProbedEngine): readonly Case[] {
    const { recorder } = this.#options;
    if (probe.state === "unsupported") {
      const evidence = `${engine.name}: ${probe.evidence} (mend: ${probe.remedy})`;
      recorder.settle(cell, { state: "unsupported", evidence });
      return [];
    }
    return cell.cases.filter(({ id, needs = [] }) => {
      const lacking = needs.filter((need) => !engine.features.includes(need));
      if (lacking.length === 0) return true;
      const evidence = `the engine ${engine.name} has no ${lacking.join(", no ")}`;
      recorder.outcome(cell, id, { state: "unsupported", evidence });
      return false;
    });
  }

  /** Undefined where one can't be built: then the cases have their outcome already. */
  async #partnersOf(cell: Cell, cases: readonly Case[]): Promise<readonly Partner[] | undefined> {
    const { context, recorder, builds, signal } = this.#options;
    if (cell.suite.hasPartners === undefined || cases.length === 0) return [];
    const result = await builds.partners(signal);
    if (result.ok) return result.partners;
    for (const { id } of cases) {
      recorder.outcome(cell, id, { state: "not-run", reason: result.message });
    }
    context.onEvent({ kind: "cell-finished", cell: cellName(cell), reused: 0 });
    return undefined;
  }

  /** Records what the cache knows; the rest is to run. */
  async #withoutReused(
    cell: Cell,
    cases: readonly Case[],
    partners: readonly Partner[],
  ): Promise<readonly Case[]> {
    const { context, recorder } = this.#options;
    if (context.force) return cases;
    const open: Case[] = [];
    for (const each of cases) {
      const outcome = await context.cache.find(await this.#keyOf(cell, each.id, partners));
      if (outcome === undefined) open.push(each);
      else recorder.outcome(cell, each.id, outcome, true);
    }
    return open;
  }

  async #runCases(
    cell: Cell,
    asked: {
      readonly cases: readonly Case[];
      readonly partners: readonly Partner[];
      readonly engine: ProbedEngine;
    },
  ): Promise<void> {
    const { context, recorder, signal } = this.#options;
    const { cases, partners } = asked;
    const { engine } = asked.engine;
    const lane = this.#lanes.get(engine.name) ?? new Lane(engine);
    this.#lanes.set(engine.name, lane);
    // Made before, so that an outcome is written in the moment in which it is known.
    const keys = new Map<string, OutcomeKey>();
    for (const { id } of cases) keys.set(id, await this.#keyOf(cell, id, partners));
    const onOutcome = (caseId: string, outcome: Outcome): void => {
      const key = keys.get(caseId);
      if (key !== undefined) context.cache.add(key, outcome);
      recorder.outcome(cell, caseId, outcome);
    };
    const order = {
      job: this.#jobOf(cell, partners),
      cases,
      signal,
      onStart: (caseId: string) =>
        context.onEvent({ kind: "case-started", cell: cellName(cell), case: caseId }),
      onOutcome,
    };
    await context.busy.during(() => lane.run(order));
  }

  #jobOf(cell: Cell, partners: readonly Partner[]): Omit<Job, "kind" | "cases"> {
    const { context } = this.#options;
    const { wasmPath } = this.#artifactOf(cell);
    return {
      suitesUrl: context.suitesUrl,
      subject: jobSubject({ id: cell.subject, axes: this.#axesOf(cell) }, wasmPath),
      partners: partners.map(({ subject, artifact }) => jobSubject(subject, artifact.wasmPath)),
      luaPath: context.luaPath,
      seed: context.seed,
    };
  }

  async #keyOf(cell: Cell, caseId: string, partners: readonly Partner[]): Promise<OutcomeKey> {
    const { context } = this.#options;
    const probe = context.engines.get(cell.engine)?.probe;
    return {
      sha256: this.#artifactOf(cell).sha256,
      ...(partners.length === 0
        ? {}
        : { partners: partners.map(({ artifact }) => artifact.sha256).join("+") }),
      axes: Object.values(this.#axesOf(cell)).join("-"),
      case: caseId,
      closure: await context.closureOf(cell.suite),
      engine: cell.engine,
      engineVersion: probe?.state === "available" ? probe.version : "",
      seed: context.seed,
    };
  }

  #axesOf(cell: Cell): Readonly<Record<string, string>> {
    return this.#options.context.plan.subjects.find(({ id }) => id === cell.subject)?.axes ?? {};
  }

  #artifactOf(cell: Cell): Artifact {
    const artifact = this.#options.artifacts.get(cell.subject);
    if (artifact === undefined) throw new JobError(`${cell.subject} is tested before it is built`);
    return artifact;
  }
}

/** An artifact of unknown origin has no axes. */
function jobSubject({ id, axes }: PlannedSubject, wasmPath: string): JobSubject {
  const { target, optimize, unwind, post } = axes;
  const known =
    target !== undefined && optimize !== undefined && unwind !== undefined && post !== undefined;
  return { id, wasmPath, ...(known ? { axes: { target, optimize, unwind, post } } : {}) };
}
