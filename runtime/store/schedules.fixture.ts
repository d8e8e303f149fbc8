/** Random schedules of writers on one store, each killed now and then, and what is kept then. */
import type { WhenHeld } from "./store.ts";

/** Opens the store and saves; begins anew after it was killed, which may be at any moment. */
export interface Writer {
  /** "open", or why not. */
  readonly open: (whenHeld: WhenHeld) => Promise<string>;
  /** "saved", or why not. */
  readonly save: (token: string) => Promise<string>;
  readonly close: () => Promise<unknown>;
  readonly kill: () => Promise<unknown>;
}

export interface Schedule {
  readonly writers: readonly Writer[];
  readonly random: () => number;
  /** All tokens that are kept, each ended by ".", once all writers are gone. */
  readonly readKept: () => Promise<string>;
}

export interface Count {
  saved: number;
  kept: number;
  killed: number;
  /** Opened by a writer, or not. */
  open: number;
  locked: number;
}

const nothing: Count = { saved: 0, kept: 0, killed: 0, open: 0, locked: 0 };
const countNames = ["saved", "kept", "killed", "open", "locked"] as const;

interface Actor {
  readonly writer: Writer;
  isOpen: boolean;
  /** What it does now. */
  busy: Promise<unknown> | undefined;
}

const stepCount = 24;
const waysToOpen: readonly WhenHeld[] = ["refuse", "wait", "take-over", "take-over", "take-over"];

/** Throws unless all is kept that was told as saved, once, and nothing that nobody saved. */
export async function runSchedule(schedule: Schedule): Promise<Count> {
  const { writers, random, readKept } = schedule;
  const count: Count = { ...nothing };
  const begun = new Set<string>();
  const saved: string[] = [];
  const actors = writers.map((writer): Actor => ({ writer, isOpen: false, busy: undefined }));

  const open = async (actor: Actor): Promise<void> => {
    const way = waysToOpen[Math.floor(random() * waysToOpen.length)] ?? "refuse";
    const answer = await actor.writer.open(way);
    actor.isOpen = answer === "open";
    if (actor.isOpen) count.open += 1;
    else count.locked += 1;
  };
  const save = async (actor: Actor): Promise<void> => {
    const token = `${actors.indexOf(actor)}-${begun.size}.`;
    begun.add(token);
    const answer = await actor.writer.save(token);
    if (answer === "saved") saved.push(token);
    else actor.isOpen = false;
  };
  const close = async (actor: Actor): Promise<void> => {
    actor.isOpen = false;
    await actor.writer.close();
  };
  const kill = async (actor: Actor): Promise<void> => {
    await actor.writer.kill();
    await actor.busy;
    actor.isOpen = false;
    count.killed += 1;
  };
  const act = async (actor: Actor): Promise<void> => {
    if (!actor.isOpen) return await open(actor);
    return random() < 0.9 ? await save(actor) : await close(actor);
  };

  for (let step = 0; step < stepCount; step++) {
    const actor = actors[Math.floor(random() * actors.length)];
    if (actor === undefined) break;
    if (actor.busy === undefined) {
      actor.busy = act(actor).finally(() => {
        actor.busy = undefined;
      });
    }
    // What it does may go on beside the others, and end by itself or not.
    if (random() < 0.7) await Promise.race([actor.busy, delay(100)]);
    if (random() < 0.04) await delay(random() * 3).then(() => kill(actor));
  }
  const end = (actor: Actor): Promise<void> =>
    actor.busy !== undefined || random() < 0.3 ? kill(actor) : close(actor);
  await Promise.all(actors.map(end));
  const kept: readonly string[] = (await readKept()).match(/[^.]*\.|[^.]+$/g) ?? [];
  const twice = kept.filter((token, i) => kept.indexOf(token) !== i);
  const foreign = kept.filter((token) => !begun.has(token));
  const missing = saved.filter((token) => !kept.includes(token));
  if (twice.length + foreign.length + missing.length > 0) {
    throw new Error(
      `twice: ${twice.join("")}; nobody's: ${foreign.join("")}; saved, and missing: ` +
        `${missing.join("")}; kept: ${kept.join("")}`,
    );
  }
  return { ...count, saved: saved.length, kept: kept.length };
}

/** Of the first schedule; a campaign goes on where the last one ended. */
const firstSeed = Number(process.env["STORE_SEED"] ?? 1);

/** Many of them, each with a seed of its own, and what they came to in all. */
export async function runSchedules(
  count: number,
  run: (seed: number) => Promise<Count>,
): Promise<Count> {
  const sum: Count = { ...nothing };
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const each = await run(seed);
    for (const name of countNames) sum[name] += each[name];
  }
  return sum;
}

function delay(limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, limitMs);
  });
}
