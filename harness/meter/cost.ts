/** Exact cost: what one execution of a job is, the same on every engine and machine. */

import type { CoreOptions } from "../../runtime/core/options.ts";
import { coreSubject } from "../bench/core-subject.ts";
import { BenchError, type Execution } from "../bench/subject.ts";
import type { Job } from "../bench/workload.ts";
import type { WasmModule } from "../wasm/module.ts";
import { countsSince } from "./counters.ts";
import { MeteredCores } from "./metered-cores.ts";

export interface Cost {
  /** Executed, with what bulk operations count for their lengths. */
  readonly instructions: number;
  /** Moved in the guest's memory by memory.copy, memory.fill and memory.init. */
  readonly bulkBytes: number;
  readonly hostCalls: number;
  readonly bytesToHost: number;
  readonly bytesFromHost: number;
  /** The most that Lua's heap has held since its core was made. */
  readonly heapPeakBytes: number;
  /** Instructions by function index, where the module counts them so; largest first. */
  readonly functions: readonly (readonly [index: number, instructions: number])[];
}

const functionsMax = 40;

/** As a record has them: the largest, by name. `plain`: the named twin that was metered. */
export function namedFunctions(
  { functions }: Cost,
  plain: WasmModule,
): readonly (readonly [name: string, instructions: number])[] {
  const names = new Map(plain.functions.map(({ index, name }) => [index, name]));
  return functions
    .slice(0, functionsMax)
    .map(([index, instructions]) => [names.get(index) ?? `function ${index}`, instructions]);
}

/** Nothing that a run could see changes from run to run. */
export const frozenOptions: CoreOptions = { seed: 1, time: () => 1_700_000_000, clock: () => 0 };

/**
 * The cost of the second execution, in the state that the first one left, with its garbage
 * collected; both are checked. `wasm`: a metered core. Throws BenchError when a result is wrong.
 */
export async function costOf(job: Job, wasm: Uint8Array<ArrayBuffer>): Promise<Cost> {
  const cores = new MeteredCores();
  const subject = await coreSubject({
    ...{ name: "metered", axes: {}, wasm },
    ...{ options: frozenOptions, load: cores.load },
  });
  const prepared = await subject.prepare(job);
  if (prepared.state === "unsupported") throw new BenchError(prepared.reason);
  using execution = prepared.execution;
  await executeOnce(execution, job);
  execution.settle();
  const before = cores.tally();
  const answer = await execution.run();
  const after = cores.tally();
  check(execution.read(answer), job);
  const { instructions, bulkBytes, functions } = countsSince(after.counts, before.counts);
  return {
    ...{ instructions, bulkBytes },
    hostCalls: after.hostCalls - before.hostCalls,
    bytesToHost: after.bytesToHost - before.bytesToHost,
    bytesFromHost: after.bytesFromHost - before.bytesFromHost,
    heapPeakBytes: after.heapPeakBytes,
    functions: [...functions].sort(([a, costA], [b, costB]) => costB - costA || a - b),
  };
}

async function executeOnce(execution: Execution, job: Job): Promise<void> {
  execution.settle();
  check(execution.read(await execution.run()), job);
}

function check(actual: unknown, { workload, expected }: Job): void {
  if (Object.is(actual, expected)) return;
  throw new BenchError(
    `${workload}, metered: expected ${JSON.stringify(expected)}, got ${String(actual)}`,
  );
}
