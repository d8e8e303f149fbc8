/** What an engine is asked, and what it answers: jobs in, exact costs out, all of it JSON. */

import { messageOf } from "../../runtime/check/errors.ts";
import type { Job } from "../bench/workload.ts";
import { type Cost, costOf } from "./cost.ts";
import { MeterError } from "./counters.ts";
import { timeRatioOf } from "./overhead.ts";

/** The files are read by whoever runs the child: this module runs in every engine. */
export interface MeterRequest {
  /** The wasm as it is shipped: whether the engine compiles it tells what it supports. */
  readonly plainPath: string;
  readonly meteredPath: string;
  readonly jobs: readonly Job[];
  /** To tell what metering costs in time; absent, it is not timed. */
  readonly overhead?: { readonly jobs: readonly Job[]; readonly rounds: number };
}

export type MeterAnswer =
  | {
      readonly state: "measured";
      readonly costs: readonly JobCost[];
      /** Time metered to time as shipped; there where the request asks for it. */
      readonly timeRatio?: number;
    }
  /** The engine's own words on why it does not compile the plain wasm. */
  | { readonly state: "unsupported"; readonly evidence: string };

export type JobCost =
  | { readonly workload: string; readonly cost: Cost }
  | { readonly workload: string; readonly failure: string };

/** One job after the other, each with cores of its own; a failure is charged to its job. */
export async function answerRequest(
  { jobs, overhead }: MeterRequest,
  {
    plain,
    metered,
    nowMs,
  }: Readonly<Record<"plain" | "metered", Uint8Array<ArrayBuffer>>> & {
    readonly nowMs: () => number;
  },
): Promise<MeterAnswer> {
  const evidence = refusal(plain);
  if (evidence !== undefined) return { state: "unsupported", evidence };
  const bug = refusal(metered);
  if (bug !== undefined) throw new MeterError(`the metered module alone is refused: ${bug}`);
  const costs: JobCost[] = [];
  for (const job of jobs) {
    const { workload } = job;
    try {
      costs.push({ workload, cost: await costOf(job, metered) });
    } catch (error) {
      costs.push({ workload, failure: messageOf(error) });
    }
  }
  // A job that fails has no time, and a failure of its own among the costs.
  if (overhead === undefined || costs.some((each) => "failure" in each)) {
    return { state: "measured", costs };
  }
  try {
    const timeRatio = await timeRatioOf({ plain, metered }, { ...overhead, nowMs });
    return { state: "measured", costs, timeRatio };
  } catch (error) {
    const failed = { workload: "time beside the plain core", failure: messageOf(error) };
    return { state: "measured", costs: [...costs, failed] };
  }
}

/** Why the engine does not compile a wasm; undefined when it does. */
function refusal(wasm: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    new WebAssembly.Module(wasm);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
