/** What a store is: named blobs that are replaced or appended to, whole or not at all. */
import { messageOf } from "../check/errors.ts";
import { shown } from "../check/shown.ts";

/** Why a store refused or failed. */
export type StoreFailure =
  /** No room: a full disk, a quota. */
  | "full"
  /** Another one has it open for writing, or has taken it over; or it was opened to be read. */
  | "locked"
  /** What is kept can't be read as what was written. */
  | "damaged"
  /** A name, or bytes, that no store takes. */
  | "bad-request"
  /** It was closed before. */
  | "closed"
  /** Kept values that only a caller who trusts them may have. */
  | "untrusted"
  /** The system below failed; `cause` says how. */
  | "failed";

/** Everything that goes wrong in a store. The message says what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly reason: StoreFailure;

  constructor(reason: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Named blobs. All methods reject with StoreError and nothing else; calls take effect in the order
 * in which they were made. Once `write`, `append` or `remove` has resolved, its effect outlives the
 * process (and a power cut, where the store says so). When one fails or is interrupted, a later
 * `read` gives what was before or what was to be: never a mixture, never neither.
 */
export interface Store {
  /** A copy of all bytes of that name: the last ones written, and those appended since. */
  readonly read: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Replaces all bytes of that name. */
  readonly write: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Adds bytes at the end, at a cost of their own length; a new name begins with them. */
  readonly append: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Does nothing when there is no such name. */
  readonly remove: (name: string) => Promise<void>;
  /** All names, sorted. */
  readonly names: () => Promise<readonly string[]>;
  /** Lets go of what the store holds; later calls reject. May be called twice. */
  readonly close: () => Promise<void>;
  /** true: another one writes, and `write`, `append` and `remove` reject with "locked". */
  readonly isReadOnly?: boolean;
}

/**
 * What opening does while another one writes: it throws "locked" ("refuse"), waits until that one
 * is closed or ends ("wait"), asks it to close, and waits ("take-over"), or opens the store to be
 * read alone ("read").
 */
export type WhenHeld = "refuse" | "wait" | "take-over" | "read";

export interface WriterOptions {
  /** By default "refuse". */
  readonly whenHeld?: WhenHeld | undefined;
  /** Ends the waiting: opening rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What the one writer of a store holds. */
export interface WriterLock {
  /** Aborted when another one takes over, or asks to. */
  readonly taken: AbortSignal;
  /** Throws StoreError "locked" once the lock is another's, or nobody's, for whatever reason. */
  readonly confirm?: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/** The lock of what nobody else can open. */
export function ownLock(): WriterLock {
  return { taken: new AbortController().signal, release: async () => undefined };
}

/** More of a name than any snapshot or image needs, and still a length that all stores take. */
export const blobBytesMax = 2 ** 30;

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Lower case only: some file systems can't tell cases apart. No separators, so no way out. */
export function isName(name: unknown): name is string {
  return typeof name === "string" && namePattern.test(name) && !name.includes("..");
}

export function checkName(name: unknown): void {
  if (isName(name)) return;
  throw new StoreError(
    "bad-request",
    `${shown(name)} is no name for a store: take a text of 1 to 64 of a-z, 0-9, "-", "_" and ` +
      '".", a letter or digit first, and no ".."',
  );
}

/** Throws StoreError when a blob of that many bytes is more than a store takes. */
export function checkSize(name: string, bytes: number): void {
  if (bytes <= blobBytesMax) return;
  throw new StoreError(
    "bad-request",
    `${name} would have ${bytes} bytes; a store takes ${blobBytesMax} under one name`,
  );
}

/** What a call rejects with that was given what no store takes. */
export function badRequest(cause: unknown): StoreError {
  return new StoreError("bad-request", messageOf(cause), { cause });
}

/** What any call on a closed store rejects with. */
export function closedError(): StoreError {
  return new StoreError("closed", "the store is closed; open it again");
}

/** `holder`: who has it, in words. */
export function lockedError(holder: string): StoreError {
  return new StoreError(
    "locked",
    `${holder} has this store open; close it there, or open it here with whenHeld: "wait", ` +
      '"take-over" or "read"',
  );
}

export function readOnlyError(): StoreError {
  return new StoreError(
    "locked",
    "the store is open to be read, since another one writes to it; open it again once that one " +
      "is closed",
  );
}

/** For calls on a store that another one took over, or whose folder is no longer its own. */
export function takenOverError(): StoreError {
  return new StoreError(
    "locked",
    "another one has taken this store over, or its place was moved, emptied or replaced: what " +
      "came later is not saved; open it again, and bring the tables back",
  );
}
