/** Which display shows the progress of a run: a live board on a terminal, lines in a log. */
import type { Invocation } from "../command/invocation.ts";
import { Board } from "./board.ts";
import type { Display } from "./display.ts";
import { LineLog } from "./line-log.ts";
import type { Totals } from "./tally.ts";

/** A live board on a terminal; in CI, in a pipe and on a dumb terminal plain lines. */
export function openDisplay(invocation: Invocation, totals: Totals): Display {
  const { stderr, nowMs } = invocation;
  return isLive(invocation)
    ? new Board({ stream: stderr, totals, nowMs, colored: isColored(invocation, stderr) })
    : new LineLog({ stream: stderr, totals, nowMs });
}

/** Somebody watches: progress is shown each second; a log is read later. */
export function isLive({ stderr, environment }: Invocation): boolean {
  return stderr.isTTY === true && environment["CI"] === undefined && environment["TERM"] !== "dumb";
}

/** https://no-color.org: any value but the empty one switches colours off. */
export function isColored(
  { environment }: Pick<Invocation, "environment">,
  stream: { readonly isTTY?: boolean },
): boolean {
  const refused = environment["NO_COLOR"];
  return stream.isTTY === true && (refused === undefined || refused === "");
}
