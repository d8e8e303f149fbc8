/** The stage `build`: makes the artifacts of all subjects, some side by side. */
import { inParallel } from "../in-parallel.ts";
import type { PlannedSubject } from "../plan.ts";
import type { Stage, StageContext } from "../run.ts";

export function buildStage(subjects: readonly PlannedSubject[]): Stage {
  return {
    cells: [],
    run: async (context) => {
      const { jobs, signal } = context;
      const work = (subject: PlannedSubject, either: AbortSignal) =>
        buildOne(subject, context, either);
      await inParallel(buildOrder(subjects), { jobs, signal, work });
    },
  };
}

async function buildOne(
  subject: PlannedSubject,
  { artifacts, recorder, onEvent }: StageContext,
  signal: AbortSignal,
): Promise<void> {
  onEvent({ kind: "build-started", subject: subject.id });
  const result = await artifacts.of(subject, signal);
  if (!result.ok && signal.aborted) return;
  recorder.build(subject, result);
  if (!result.ok)
    recorder.settleSubject(subject.id, { state: "not-run", reason: "the build failed" });
}

/** All without post-processing first: the others then find their compilations done. */
function buildOrder(subjects: readonly PlannedSubject[]): readonly PlannedSubject[] {
  const isCompiledOnly = (subject: PlannedSubject): boolean => subject.axes["post"] === "none";
  return [...subjects.filter(isCompiledOnly), ...subjects.filter((each) => !isCompiledOnly(each))];
}
