/** A store in memory: for tests, and for what need not outlive the process. */
import { joined } from "../bytes/joined.ts";
import { messageOf } from "../check/errors.ts";
import { CheckedStore, type Keeper } from "./checked-store.ts";
import { checkSize, ownLock, StoreError } from "./store.ts";

/** What was written under a name, and appended since: joined when it is read. */
interface MemoryBlob {
  readonly parts: Uint8Array<ArrayBuffer>[];
  bytes: number;
}

export type MemoryContents = Map<string, MemoryBlob>;

export class MemoryStore extends CheckedStore {
  /** `contents`: what the store begins with, and where it keeps what it holds. */
  constructor(contents: MemoryContents = new Map()) {
    super({ keeper: keeperIn(contents), lock: ownLock() });
  }
}

function keeperIn(blobs: MemoryContents): Keeper {
  return {
    read: async (name) => {
      const blob = blobs.get(name);
      return blob === undefined ? undefined : joined(blob.parts);
    },
    write: async (name, bytes) => {
      blobs.set(name, { parts: [bytes], bytes: bytes.length });
    },
    append: async (name, bytes) => {
      const blob = blobs.get(name) ?? { parts: [], bytes: 0 };
      checkSize(name, blob.bytes + bytes.length);
      blob.parts.push(bytes);
      blob.bytes += bytes.length;
      blobs.set(name, blob);
    },
    remove: async (name) => {
      blobs.delete(name);
    },
    names: async () => [...blobs.keys()],
    close: async () => undefined,
    explain: (what, cause) =>
      new StoreError("failed", `${what}: ${messageOf(cause)}; keep less in memory`, { cause }),
  };
}
