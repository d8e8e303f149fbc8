/** One writer at a time among the pages and workers of an origin, by the browser's Web Locks. */
import { lockedError, ownLock, type WriterLock, type WriterOptions } from "./store.ts";

/** What of the browser's `navigator.locks` is used. */
export type WebLocks = Pick<LockManager, "request">;

export interface WebLockOptions extends WriterOptions {
  /** The browser's `navigator.locks`; by default what `navigator` has. */
  readonly locks?: WebLocks | undefined;
}

/**
 * Takes the lock of that name as `whenHeld` says; "take-over" takes it at once, whatever the other
 * page does. Where there are no Web Locks everybody gets it. Gives undefined for "read" where
 * another page holds it. Throws StoreError "locked", the reason of `signal`, or what the browser
 * throws.
 */
export async function takeWebLock(
  name: string,
  options: WebLockOptions,
): Promise<WriterLock | undefined> {
  const { locks = globalThis.navigator?.locks, whenHeld = "refuse", signal } = options;
  signal?.throwIfAborted();
  if (locks === undefined) return ownLock();
  const taken = new AbortController();
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
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
        taken: taken.signal,
        release: async () => {
          release();
          await ended.catch(() => undefined);
        },
      });
      await released;
    });
    ended.catch((error: unknown) => {
      // Rejects when it is stolen, and when waiting was given up.
      if (isHeld) taken.abort();
      else reject(signal?.aborted === true ? signal.reason : error);
    });
  });
}

const turnMax = 2 ** 32;

/** The turn after one that was kept, which may be anything: another than that, in any case. */
export function turnAfter(kept: number): number {
  return Number.isInteger(kept) && kept >= 0 ? (kept + 1) % turnMax : 1;
}

/** Whether a browser's storage says that there is no room; Firefox has a name of its own. */
export function isQuotaError(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false;
  return error.name === "QuotaExceededError" || error.name === "NS_ERROR_DOM_QUOTA_REACHED";
}
