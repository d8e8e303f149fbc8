/** One writer at a time among the pages and workers of an origin, by the browser's Web Locks. */
import { lockedError, type WriterOptions } from "./store.ts";

export interface WebLock {
  readonly release: () => Promise<void>;
}

/** What of the browser's `navigator.locks` is used. */
export type WebLocks = Pick<LockManager, "request">;

/**
 * Takes the lock of that name as `whenHeld` says. `onTaken`: another page has taken it over, at
 * once, whatever this one does. Gives undefined for "read" where another page holds it. Throws
 * StoreError "locked", or the reason of `signal`.
 */
export async function takeWebLock(
  locks: WebLocks,
  name: string,
  options: WriterOptions & { readonly onTaken: () => void },
): Promise<WebLock | undefined> {
  const { whenHeld = "refuse", signal, onTaken } = options;
  signal?.throwIfAborted();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const asked = {
    refuse: { ifAvailable: true },
    read: { ifAvailable: true },
    "take-over": { steal: true },
    wait: signal === undefined ? {} : { signal },
  }[whenHeld];
  return await new Promise((resolve, reject) => {
    let isHeld = false;
    const ended = locks.request(name, asked, async (lock) => {
      if (lock === null) {
        if (whenHeld === "read") return resolve(undefined);
        return reject(lockedError("another page of this origin, or another core in this one,"));
      }
      isHeld = true;
      resolve({
        release: async () => {
          release();
          await ended.catch(() => undefined);
        },
      });
      await released;
    });
    ended.catch((error: unknown) => {
      // Rejects when it is stolen, and when waiting was given up.
      if (isHeld) onTaken();
      else reject(signal?.aborted === true ? signal.reason : error);
    });
  });
}

/** For what has no Web Locks. */
export const noLock: WebLock = { release: async () => undefined };
