/** The run: one stage after the other, each over what was built, each telling its records. */
import { Artifacts } from "./artifacts.ts";
import type { RunContext } from "./context.ts";
import type { Cell } from "./plan.ts";
import { Recorder } from "./recorder.ts";

/** What a stage works with: the run's context, and what earlier stages made. */
export interface StageContext extends RunContext {
  readonly artifacts: Artifacts;
  readonly recorder: Recorder;
}

export interface Stage {
  /** Each of their cases gets one outcome, whatever becomes of it. */
  readonly cells: readonly Cell[];
  /** Rejects with faults of the harness; what goes wrong in the work itself is a record. */
  readonly run: (context: StageContext) => Promise<void>;
}

/**
 * Runs the stages to their end, or until the context's signal ends them: cases that have not run
 * then are recorded as such. Each planned case gets exactly one outcome record. Rejects only with
 * faults of the harness.
 */
export async function run(stages: readonly Stage[], context: RunContext): Promise<void> {
  const recorder = new Recorder(
    context,
    stages.flatMap(({ cells }) => cells),
  );
  const shared = { ...context, recorder, artifacts: new Artifacts(context) };
  const { signal } = context;
  for (const stage of stages) {
    if (signal.aborted) break;
    try {
      await stage.run(shared);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  if (signal.aborted) recorder.settleAll({ state: "not-run", reason: "interrupted" });
  await context.cache.trim();
}
