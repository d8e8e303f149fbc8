/** The run: subjects are built side by side, and each is tested as soon as it is there. */
import type { Artifact } from "../build/artifact.ts";
import { Builds } from "./builds.ts";
import type { RunContext } from "./context.ts";
import { Recorder } from "./recorder.ts";
import { Slot } from "./slot.ts";
import { WorkQueue } from "./work-queue.ts";

/**
 * Runs the plan to its end, or until the context's signal ends it: cases that have not run then
 * are recorded as such. Each planned case gets exactly one outcome record. Rejects only with
 * faults of the harness; what a build or a case does wrong is a record.
 */
export async function run(context: RunContext): Promise<void> {
  const recorder = new Recorder(context);
  const queue = new WorkQueue(context.plan.subjects);
  const builds = new Builds(context);
  const artifacts = new Map<string, Artifact>();
  const fault = new AbortController();
  const signal = AbortSignal.any([context.signal, fault.signal]);
  signal.addEventListener("abort", () => queue.close());
  if (signal.aborted) queue.close();
  const slots = Array.from({ length: context.jobs }, async () => {
    try {
      await new Slot({ context, recorder, queue, builds, artifacts, signal }).serve();
    } catch (error) {
      // What the others throw because of this abort comes after, and adds nothing.
      fault.abort(error);
    }
  });
  await Promise.all(slots);
  if (fault.signal.aborted && !context.signal.aborted) throw fault.signal.reason;
  recorder.settleAll({ state: "not-run", reason: "interrupted" });
  await context.cache.trim();
}
