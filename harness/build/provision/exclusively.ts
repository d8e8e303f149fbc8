/** One at a time at a folder that several commands may want to fill: who waits finds it filled. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { asProvisionError } from "./provision-error.ts";

/** A lock that its holder has not renewed for so long was left behind by one that was killed. */
const staleAfterMs = 20_000;
const renewEveryMs = 5_000;
const askEveryMs = 100;

export interface Exclusive {
  /** Called once, when another has the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Wanted<Found> extends Exclusive {
  /** What is there already; undefined when it has to be made. */
  readonly find: () => Promise<Found | undefined>;
  readonly make: () => Promise<Found>;
}

/** What is found, or made once for all that want it at the same time. Throws as `exclusively`. */
export async function foundOrMade<Found>(
  folder: string,
  { find, make, ...exclusive }: Wanted<Found>,
): Promise<Found> {
  const orMake = async () => (await find()) ?? (await make());
  return (await find()) ?? (await exclusively(folder, orMake, exclusive));
}

/**
 * Does the work while nobody else, in this process or another, does any for that folder; the lock
 * is `<folder>.lock`. Should a holder be thought dead that is not, both work: what they do has to
 * be whole then, too (placeFolder). Throws what the work throws, ProvisionError where no lock can
 * be written, or the signal's reason.
 */
export async function exclusively<Result>(
  folder: string,
  work: () => Promise<Result>,
  { onWait, signal }: Exclusive = {},
): Promise<Result> {
  let hasWaited = false;
  for (;;) {
    const release = await lockNow(folder);
    if (release !== undefined) {
      try {
        return await work();
      } finally {
        // One that is lost already has another holder: not ours to remove.
        await release().catch(() => {});
      }
    }
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await sleep(askEveryMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    signal?.throwIfAborted();
  }
}

async function lockNow(folder: string): Promise<(() => Promise<void>) | undefined> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    return await lock(folder, {
      realpath: false,
      stale: staleAfterMs,
      update: renewEveryMs,
      onCompromised: () => {},
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED") return undefined;
    throw asProvisionError(error, folder);
  }
}
