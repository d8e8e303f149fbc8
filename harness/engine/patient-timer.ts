/**
 * A time limit on what a process could have run: while it stands in line for a processor, on a busy
 * machine, its time does not pass. A process that hangs or loops comes to its limit all the same.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface Patience {
  readonly limitMs: number;
  /** How long the process has stood in line since its start: see `queuedMs`. */
  readonly queuedMs: () => number;
  readonly onExpired: () => void;
}

/** Less of a queue than this is no reason to wait longer. */
const grainMs = 20;

/** Returns what cancels it. */
export function patientTimer({ limitMs, queuedMs, onExpired }: Patience): () => void {
  const atBeginMs = queuedMs();
  let grantedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const wait = (forMs: number): void => {
    timer = setTimeout(() => {
      const moreMs = queuedMs() - atBeginMs - grantedMs;
      if (moreMs < grainMs) return onExpired();
      grantedMs += moreMs;
      return wait(moreMs);
    }, forMs);
  };
  wait(limitMs);
  return () => clearTimeout(timer);
}

/**
 * The longest that a thread of the process, or of its children, has stood in line for a processor,
 * by Linux's scheduler (https://docs.kernel.org/scheduler/sched-stats.html); 0 where it can't be
 * known, and of a process that is gone. The longest, not the sum: threads stand in line at once.
 */
export function queuedMs(pid: number | undefined): number {
  let longest = 0;
  const pending = pid === undefined ? [] : [pid];
  for (let process = pending.pop(); process !== undefined; process = pending.pop()) {
    const tasks = `/proc/${process}/task`;
    for (const thread of entriesOf(tasks)) {
      const [, queuedNs = "0"] = textOf(`${tasks}/${thread}/schedstat`).split(" ");
      longest = Math.max(longest, Number(queuedNs) / 1_000_000);
      pending.push(...textOf(`${tasks}/${thread}/children`).split(" ").filter(Boolean).map(Number));
    }
  }
  return Number.isFinite(longest) ? longest : 0;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
