/** The stage `test`: runs the cases of all cells on workers that are kept. */
import { interfaceNamed } from "../../../runtime/abi/abi.ts";
import type { Artifact } from "../../build/artifact.ts";
import type { Case, Outcome } from "../../suite/case.ts";
import type { BuiltSubject } from "../artifacts.ts";
import type { ProbedEngine } from "../context.ts";
import { inParallel } from "../in-parallel.ts";
import { JobError, Lanes } from "../lane.ts";
import type { OutcomeKey } from "../outcome-cache.ts";
import type { TestCell } from "../plan.ts";
import type { Job, JobSubject } from "../protocol.ts";
import { cellName } from "../recorder.ts";
import type { Stage, StageContext } from "../run.ts";

export function testStage(cells: readonly TestCell[]): Stage {
  return {
    cells,
    run: async (context) => {
      const { jobs, signal } = context;
      using lanes = new Lanes();
      await inParallel(cells, {
        jobs,
        signal,
        work: async (cell, either) => {
          const built = await builtOf(cell, { ...context, signal: either });
          if (built === undefined) return;
          await new CellRun(cell, built, { ...context, signal: either }, lanes).all();
        },
      });
    },
  };
}

/** undefined where the build failed: then the cases have their outcome already. */
async function builtOf(cell: TestCell, context: StageContext): Promise<BuiltSubject | undefined> {
  const subject = context.plan.subjects.find(({ id }) => id === cell.subject);
  if (subject === undefined) throw new JobError(`${cell.subject} is no subject of the plan`);
  const result = await context.artifacts.of(subject, context.signal);
  return result.ok ? { subject, artifact: result.artifact } : undefined;
}

/** The cases of one cell: what is known of them, and the rest on a worker. */
class CellRun {
  readonly #cell: TestCell;
  readonly #built: BuiltSubject;
  readonly #context: StageContext;
  readonly #lanes: Lanes;

  constructor(cell: TestCell, built: BuiltSubject, context: StageContext, lanes: Lanes) {
    this.#cell = cell;
    this.#built = built;
    this.#context = context;
    this.#lanes = lanes;
  }

  async all(): Promise<void> {
    const { engines, onEvent } = this.#context;
    const cell = this.#cell;
    onEvent({ kind: "cell-started", cell: cellName(cell), cases: cell.cases.length });
    const engine = engines.get(cell.engine);
    if (engine === undefined) throw new JobError(`the run was given no engine "${cell.engine}"`);
    const runnable = this.#supported(engine);
    const partners = await this.#partnersOf(runnable);
    if (partners === undefined) return;
    const open = await this.#withoutReused(runnable, partners);
    if (open.length > 0) await this.#runCases({ cases: open, partners, engine });
    const reused = runnable.length - open.length;
    onEvent({ kind: "cell-finished", cell: cellName(cell), reused });
  }

  /** Records as unsupported what the engine cannot do; the rest is to run. */
  #supported({ engine, probe }: ProbedEngine): readonly Case[] {
    const { recorder } = this.#context;
    if (probe.state === "unsupported") {
      const evidence = `${engine.name}: ${probe.evidence} (mend: ${probe.remedy})`;
      recorder.settle(this.#cell, { state: "unsupported", evidence });
      return [];
    }
    return this.#cell.cases.filter(({ id, needs = [] }) => {
      const lacking = needs.filter((need) => !engine.features.includes(need));
      if (lacking.length === 0) return true;
      const evidence = `the engine ${engine.name} has no ${lacking.join(", no ")}`;
      recorder.outcome(this.#cell, id, { state: "unsupported", evidence });
      return false;
    });
  }

  /** Undefined where one can't be built: then the cases have their outcome already. */
  async #partnersOf(cases: readonly Case[]): Promise<readonly BuiltSubject[] | undefined> {
    const { recorder, artifacts, signal, onEvent } = this.#context;
    const cell = this.#cell;
    if (cell.suite.hasPartners === undefined || cases.length === 0) return [];
    const result = await artifacts.partners(signal);
    if (result.ok) return result.partners;
    for (const { id } of cases) {
      recorder.outcome(cell, id, { state: "not-run", reason: result.message });
    }
    onEvent({ kind: "cell-finished", cell: cellName(cell), reused: 0 });
    return undefined;
  }

  /** Records what the cache knows; the rest is to run. */
  async #withoutReused(
    cases: readonly Case[],
    partners: readonly BuiltSubject[],
  ): Promise<readonly Case[]> {
    const { force, cache, recorder } = this.#context;
    if (force) return cases;
    const open: Case[] = [];
    for (const each of cases) {
      const outcome = await cache.find(await this.#keyOf(each.id, partners));
      if (outcome === undefined) open.push(each);
      else recorder.outcome(this.#cell, each.id, outcome, true);
    }
    return open;
  }

  async #runCases(asked: {
    readonly cases: readonly Case[];
    readonly partners: readonly BuiltSubject[];
    readonly engine: ProbedEngine;
  }): Promise<void> {
    const { recorder, signal, cache, busy, onEvent } = this.#context;
    const { cases, partners } = asked;
    const cell = this.#cell;
    // Made before, so that an outcome is written in the moment in which it is known.
    const keys = new Map<string, OutcomeKey>();
    for (const { id } of cases) keys.set(id, await this.#keyOf(id, partners));
    const onOutcome = (caseId: string, outcome: Outcome): void => {
      const key = keys.get(caseId);
      if (key !== undefined) cache.add(key, outcome);
      recorder.outcome(cell, caseId, outcome);
    };
    const order = {
      job: this.#jobOf(partners),
      cases,
      signal,
      onStart: (caseId: string) =>
        onEvent({ kind: "case-started", cell: cellName(cell), case: caseId }),
      onOutcome,
    };
    await busy.during(() => this.#lanes.run(asked.engine.engine, order));
  }

  #jobOf(partners: readonly BuiltSubject[]): Omit<Job, "kind" | "cases"> {
    const { suitesUrl, luaPath, seed } = this.#context;
    return {
      suitesUrl,
      subject: jobSubject(this.#built),
      partners: partners.map(jobSubject),
      luaPath,
      seed,
    };
  }

  async #keyOf(caseId: string, partners: readonly BuiltSubject[]): Promise<OutcomeKey> {
    const { engines, closureOf, seed } = this.#context;
    const { subject, artifact } = this.#built;
    const probe = engines.get(this.#cell.engine)?.probe;
    return {
      sha256: artifact.sha256,
      ...(partners.length === 0 ? {} : { partners: partners.map(sha256Of).join("+") }),
      axes: Object.values(subject.axes).join("-"),
      case: caseId,
      closure: await closureOf(this.#cell.suite),
      engine: this.#cell.engine,
      engineVersion: probe?.state === "available" ? probe.version : "",
      seed,
    };
  }
}

function sha256Of({ artifact }: { readonly artifact: Artifact }): string {
  return artifact.sha256;
}

/** An artifact of unknown origin has no axes. */
function jobSubject({ subject, artifact }: BuiltSubject): JobSubject {
  const { id, axes } = subject;
  const { optimize, post } = axes;
  const known = interfaceNamed(axes);
  return {
    id,
    wasmPath: artifact.wasmPath,
    ...(known === undefined || optimize === undefined || post === undefined
      ? {}
      : { axes: { ...known, optimize, post } }),
  };
}
