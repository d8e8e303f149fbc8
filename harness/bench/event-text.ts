/** What a measurement tells while it goes on, as a line for a person. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { StageEvent } from "./stage.ts";

/** undefined for what needs no line. `processes`: how many there are at most. */
export function eventText(event: StageEvent, processes: number): string | undefined {
  switch (event.kind) {
    case "process":
      return `process ${event.process + 1}/${processes}: ${event.workloads} workloads`;
    case "decided":
      return `${event.workload}: clear after ${event.processes} processes`;
    case "wrong":
      return `${event.message}: not timed any more`;
    case "workload":
    case "unsettled":
    case "unsupported":
      return undefined;
    default:
      return assertNever(event);
  }
}
