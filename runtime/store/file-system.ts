/** What a file store needs of a file system: each method is one step that can fail. */
import { isA } from "../check/errors.ts";

/** `create`: a new file for writing, in the place of one. `change`: to write into what is there. */
export type OpenMode = "create" | "change";

export interface OpenFile {
  /** The length of the file when it was opened. */
  readonly sizeBytes: number;
  /** Writes at a position and returns how many bytes it took: some systems take fewer. */
  readonly write: (bytes: Uint8Array, position: number) => Promise<number>;
  /** Cuts the file off at a length. */
  readonly truncate: (length: number) => Promise<void>;
  /** Resolves when content and length are on the disk. */
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Methods reject with the system's error, whose `code` tells the kind (ENOSPC, EEXIST, …), or with
 * a StoreError that says more. No link is followed, and nothing but files is opened.
 */
export interface FileSystem {
  /**
   * Makes no folder when it is there; the one above it must be. Gives its absolute path without
   * links: it stays the same folder's when a link, or the process's own folder, is changed.
   */
  readonly makeFolder: (path: string) => Promise<string>;
  /** The names of the files in a folder. */
  readonly list: (path: string) => Promise<readonly string[]>;
  /** undefined when there is no such file. */
  readonly read: (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  readonly open: (path: string, mode: OpenMode) => Promise<OpenFile>;
  /** Replaces `to` in one step when it is there. */
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Does nothing when there is no such file. */
  readonly remove: (path: string) => Promise<void>;
  /** Resolves when the folder's entries are on the disk. */
  readonly syncFolder: (path: string) => Promise<void>;
}

/** The system's word for what went wrong: "ENOSPC"; undefined for an error without one. */
export function errorCodeOf(error: unknown): string | undefined {
  if (!isA(error, Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
