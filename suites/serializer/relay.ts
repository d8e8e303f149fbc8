/** Relays: a program that is saved on its way, and goes on in another variant each time. */

import {
  type Answer,
  answerOf,
  type FuzzSubject,
  freshCore,
  nativeName,
  type Side,
  type Sides,
} from "../../harness/fuzz/side.ts";
import type { Core } from "../../runtime/core/core.ts";
import type { Result } from "../../runtime/instance/result.ts";
import { FormatError, throughTypeScript } from "./through-type-script.ts";

/**
 * One uninterrupted run, on the first subject, and a relay for each: it ends there where the
 * program pauses once, and goes round them all where it pauses more often.
 */
export function relaySides(subjects: readonly FuzzSubject[]): Sides {
  const [first] = subjects;
  if (first === undefined) throw new TypeError("a relay has at least one variant");
  return {
    native: uninterrupted(first),
    others: subjects.map(({ name }, place) => {
      // The last of them is where it goes on after the first pause.
      const ring = [...subjects.slice(place), ...subjects.slice(0, place)];
      return relay(name, [...ring.slice(-1), ...ring.slice(0, -1)]);
    }),
  };
}

/** The programs of one batch, one after the other, on a core that is where the last one left it. */
interface Runner {
  core: Core;
  readonly atPause: () => Promise<void>;
}

function uninterrupted(subject: FuzzSubject): Side {
  return sideOf(nativeName, async () => {
    const core = await freshCore(subject);
    // A snapshot collects: weak tables and finalizers show it.
    return { core, atPause: async () => void core.runGc() };
  });
}

/** Begins on the first subject of the ring. */
function relay(name: string, ring: readonly FuzzSubject[]): Side {
  const cores = new Map<FuzzSubject, Core>();
  return sideOf(name, async () => {
    cores.clear();
    let place = 0;
    const coreAt = async (): Promise<Core> => {
      const subject = ring[place % ring.length];
      if (subject === undefined) throw new TypeError("a relay has at least one variant");
      const core = cores.get(subject) ?? (await freshCore(subject));
      cores.set(subject, core);
      return core;
    };
    const runner: Runner = {
      core: await coreAt(),
      atPause: async () => {
        const snapshot = throughTypeScript(savedBytes(runner.core));
        place += 1;
        runner.core = await coreAt();
        const restored = runner.core.restore(snapshot, { bytecode: "trusted" });
        if (!restored.ok) throw new RelayError(`restored: ${restored.code}: ${restored.error}`);
      },
    };
    return runner;
  });
}

/** A state that can't be saved or restored: what a program finds by it. */
class RelayError extends Error {
  override readonly name = "RelayError";
}

function savedBytes(core: Core): Uint8Array {
  const saved = core.snapshot();
  if (saved.ok) return saved.bytes;
  throw new RelayError(`saved: ${saved.code}: ${String(saved.error)}`);
}

function sideOf(name: string, start: () => Promise<Runner>): Side {
  let ready: Promise<Runner> | undefined;
  // Programs may be asked for side by side, but a pause lets none of the others in.
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (program: string): Promise<Answer> => {
    ready ??= start();
    const answered = await answerAt(await ready, program);
    if (answered.kind === "broken") ready = undefined;
    return answered;
  };
  return {
    name,
    renew: async () => {
      ready = start();
      await ready;
    },
    answer: (program) => {
      const next = last.then(() => answer(program));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

async function answerAt(runner: Runner, program: string): Promise<Answer> {
  try {
    let result = runner.core.compute(program);
    while (isPaused(result)) {
      await runner.atPause();
      result = runner.core.compute("return proceed()");
    }
    return answerOf(result);
  } catch (error) {
    if (error instanceof RelayError || error instanceof FormatError)
      return { kind: "broken", text: error.message };
    throw error;
  }
}

function isPaused(result: Result): boolean {
  return result.ok && result.values.length === 1 && result.values[0] === false;
}
