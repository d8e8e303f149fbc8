/** The stage `cost`: the exact cost of each workload on all that was built. */
import { type EngineProgram, probeProgram } from "../../engine/engine-program.ts";
import { inParallel } from "../in-parallel.ts";
import type { Cell, PlannedSubject } from "../plan.ts";
import type { Stage } from "../run.ts";
import { type CostOutcome, type Counting, comparedRuns, costsOfSubject } from "./subject-costs.ts";

/** The suite that the outcomes of this stage are reported as. */
const suite = { name: "exact-cost" };

export interface CostOptions
  extends Pick<Counting, "jobs" | "workerPath" | "cache" | "directory" | "environment"> {
  readonly engines: readonly EngineProgram[];
  /** Whether a subject is attributed to functions, and counted again, in every engine. */
  readonly isCompared: (subject: string) => boolean;
  /** Hash of the code that counts. */
  readonly closure: () => Promise<string>;
}

export function costStage(subjects: readonly PlannedSubject[], options: CostOptions): Stage {
  const cells = subjects.map(({ id }) => cellOf(id, options));
  return {
    cells,
    run: async (context) => {
      const { artifacts, recorder, jobs, signal, readWasm, busy, onRecord, onLine } = context;
      const built = await artifacts.builtOf(subjects, signal);
      const engines = await Promise.all(
        options.engines.map(async (engine) => {
          const probe = await probeProgram(engine.command);
          return { ...engine, version: probe.state === "available" ? probe.version : "" };
        }),
      );
      const counting = { ...options, closure: await options.closure(), engines };
      let done = 0;
      await inParallel(built, {
        jobs,
        signal,
        work: async ({ subject, artifact }, either) => {
          const costs = await costsOfSubject(
            { subject, artifact, isCompared: options.isCompared(subject.id) },
            { ...counting, readWasm, busy, signal: either },
          );
          for (const record of costs.records) onRecord(record);
          const cell = cells.find((each) => each.subject === subject.id);
          for (const { of, outcome, isReused } of costs.outcomes) {
            if (cell !== undefined) recorder.outcome(cell, caseId(of), outcome, isReused);
          }
          done += 1;
          onLine(`counted ${subject.id} (${done}/${built.length})`);
        },
      });
      await options.cache.trim();
    },
  };
}

function cellOf(subject: string, { isCompared, engines }: CostOptions): Cell {
  const all = {
    id: caseId("workloads"),
    title: "Each workload gives its result on the metered core, and its exact cost",
  };
  const compared = engines.map(({ name }, index) => ({
    id: caseId({ engine: name }),
    title:
      index === 0
        ? `Exact cost is the same in ${comparedRuns} runs in ${name}`
        : `Exact cost is the same in ${name}`,
  }));
  const cases = isCompared(subject) ? [all, ...compared] : [all];
  return { subject, engine: "node", suite, cases, stage: "cost" };
}

function caseId(of: CostOutcome["of"]): string {
  return `${suite.name}/${of === "workloads" ? of : `same-in-${of.engine}`}`;
}
