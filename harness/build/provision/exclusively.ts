/** One at a time at a folder that several commands may want to fill: who waits finds it filled. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

/** A lock that its holder has not renewed for so long was left behind by one that was killed. */
const staleAfterMs = 20_000;
const renewEveryMs = 5_000;
const askEveryMs = 100;

export interface Exclusive {
  /** Called once, when another has the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the work while nobody else, in this process or another, does any for that folder; the lock
 * is `<folder>.lock`. Should a holder be thought dead that is not, both work: what they do has to
 * be whole then, too (placeFolder). Throws what the work throws, or the signal's reason.
 */
export async function exclusively<Result>(
  folder: string,
  work: () => Promise<Result>,
  { onWait, signal }: Exclusive = {},
): Promise<Result> {
  await mkdir(dirname(folder), { recursive: true });
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
    return await lock(folder, {
      realpath: false,
      stale: staleAfterMs,
      update: renewEveryMs,
      onCompromised: () => {},
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED") return undefined;
    throw error;
  }
}
