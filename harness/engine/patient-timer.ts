/**
 * A time limit on what a process could have run: while it stands in line for a processor, on a busy
 * machine, its time does not pass. A process that hangs or loops comes to its limit all the same.
 */
import { readdirSync, readFileSync } from "node:fs";

/** How long each thread has stood in line since its start, in milliseconds, by its id. */
export type Queues = ReadonlyMap<string, number>;

export interface Patience {
  readonly limitMs: number;
  readonly queues: () => Queues;
  readonly onExpired: () => void;
}

/** Less of a queue than this is no reason to wait longer. */
const grainMs = 20;
/** So many times the limit is the end, whoever stands in line. */
const factorMax = 20;

/** Returns what cancels it. */
export function patientTimer({ limitMs, queues, onExpired }: Patience): () => void {
  const atBegin = queues();
  let grantedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const wait = (forMs: number): void => {
    timer = setTimeout(() => {
      const queuedMs = Math.min(longestWait(atBegin, queues()), (factorMax - 1) * limitMs);
      const moreMs = queuedMs - grantedMs;
      if (moreMs < grainMs) return onExpired();
      grantedMs = queuedMs;
      return wait(moreMs);
    }, forMs);
  };
  wait(limitMs);
  return () => clearTimeout(timer);
}

/** Of one thread, not the sum: threads stand in line at once. */
function longestWait(before: Queues, now: Queues): number {
  const waits = [...now].map(([thread, queuedMs]) => queuedMs - (before.get(thread) ?? 0));
  return Math.max(0, ...waits);
}

/**
 * Of all threads of the process and of its children, by Linux's scheduler
 * (https://docs.kernel.org/scheduler/sched-stats.html); none where that can't be known, and of a
 * process that is gone.
 */
export function queuesOf(pid: number | undefined): Queues {
  const queues = new Map<string, number>();
  const pending = pid === undefined ? [] : [pid];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const tasks = `/proc/${next}/task`;
    for (const thread of entriesOf(tasks)) {
      const queuedNs = Number(textOf(`${tasks}/${thread}/schedstat`).split(" ")[1]);
      if (Number.isFinite(queuedNs)) queues.set(`${next}/${thread}`, queuedNs / 1_000_000);
      pending.push(...textOf(`${tasks}/${thread}/children`).split(" ").filter(Boolean).map(Number));
    }
  }
  return queues;
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
