/** The stage `inspect`: measures all that was built, without running it. */
import { inParallel } from "../in-parallel.ts";
import type { PlannedSubject } from "../plan.ts";
import type { Stage } from "../run.ts";
import { inspectArtifact } from "./inspect-artifact.ts";

export function inspectStage(subjects: readonly PlannedSubject[]): Stage {
  return {
    cells: [],
    run: async ({ artifacts, jobs, signal, readWasm, sourceIndex, onRecord }) => {
      const built = await artifacts.builtOf(subjects, signal);
      const sources = await sourceIndex();
      await inParallel(built, {
        jobs,
        signal,
        work: async ({ subject: { axes }, artifact }) => {
          const records = await inspectArtifact({ artifact, axes, readWasm, sources });
          for (const record of records) onRecord(record);
        },
      });
    },
  };
}
