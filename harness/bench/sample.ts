/** One sample: tinybench times the executions, the schedule says when and of what. */
import { Bench } from "tinybench";
import type { Execution, Sample } from "./subject.ts";

/** Times `repeats` executions in a row as one span; what one throws is thrown. */
export async function sample(execution: Execution, repeats: number): Promise<Sample> {
  if (execution.timeItself !== undefined) return await execution.timeItself(repeats);
  const answers: unknown[] = [];
  const bench = new Bench({
    ...{ time: 0, iterations: 1, warmup: false },
    ...{ retainSamples: true, throws: true },
  });
  const name = "sample";
  if (execution.isAsync) {
    const runAll = async () => {
      for (let i = 0; i < repeats; i++) answers.push(await execution.run());
    };
    await bench.add(name, runAll, { async: true }).run();
  } else {
    const runAll = () => {
      for (let i = 0; i < repeats; i++) answers.push(execution.run());
    };
    bench.add(name, runAll, { async: false }).runSync();
  }
  const result = bench.getTask(name)?.result;
  const spanMs = result?.state === "completed" ? result.latency.samples?.[0] : undefined;
  if (spanMs === undefined) throw new Error(`tinybench gave no sample: ${result?.state}`);
  return { durationMs: spanMs / repeats, answers };
}
