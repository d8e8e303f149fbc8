/** A store in a browser's IndexedDB: each call is one transaction, strict where it changes. */

import { joined } from "../artifact/joined.ts";
import { messageOf } from "../core/errors.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { checkName, checkSize, closedError, type Store, StoreError } from "./store.ts";

export interface IndexedDbStoreOptions {
  /** The browser's `indexedDB`. */
  readonly factory: IDBFactory;
  /** Name of the database, this library's alone. */
  readonly database?: string;
}

/** Keys are [name, 0] for what was written and [name, 1], [name, 2], … for what was appended. */
const partsStore = "parts";
const databaseVersion = 1;

/** Opens the database, and makes it when it is new. One tab at a time should write to it. */
export async function openIndexedDbStore({
  factory,
  database = "lua-persistent-wasm",
}: IndexedDbStoreOptions): Promise<Store> {
  return await explained(`the IndexedDB ${database} can't be opened`, async () => {
    const opening = factory.open(database, databaseVersion);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(partsStore);
    };
    return new IndexedDbStore(await answerOf(opening));
  });
}

class IndexedDbStore implements Store {
  readonly #database: IDBDatabase;
  readonly #queue = new OneAtATime();
  #isClosed = false;

  constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab wants to change or delete the database: this one must not be in its way.
    database.onversionchange = () => this.#end();
    database.onclose = () => this.#end();
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkName(name);
    return await this.#transact(`${name} can't be read`, "readonly", async (parts) => {
      const kept: unknown[] = await answerOf(parts.getAll(rangeOf(name)));
      return kept.length === 0 ? undefined : joined(kept.map((part) => checkedPart(name, part)));
    });
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    checkSize(name, bytes.length);
    const copy = bytes.slice();
    await this.#transact(`${name} can't be written`, "readwrite", async (parts) => {
      parts.delete(rangeOf(name));
      parts.put(copy, [name, 0]);
    });
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    checkSize(name, bytes.length);
    const copy = bytes.slice();
    await this.#transact(`${name} can't be appended to`, "readwrite", async (parts) => {
      const last = await answerOf(parts.openKeyCursor(rangeOf(name), "prev"));
      parts.add(copy, [name, last === null ? 0 : indexOf(last.key) + 1]);
    });
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    await this.#transact(`${name} can't be removed`, "readwrite", async (parts) => {
      parts.delete(rangeOf(name));
    });
  }

  async names(): Promise<readonly string[]> {
    return await this.#transact("the names can't be read", "readonly", async (parts) => {
      const keys = await answerOf(parts.getAllKeys());
      const names = keys.map((key) => (Array.isArray(key) ? String(key[0]) : ""));
      return [...new Set(names)].sort();
    });
  }

  async close(): Promise<void> {
    await this.#queue.run(async () => this.#end());
  }

  #end(): void {
    this.#isClosed = true;
    this.#database.close();
  }

  /** Resolves when the transaction is complete: with "strict", when it is on the disk. */
  async #transact<Answer>(
    failing: string,
    mode: "readonly" | "readwrite",
    work: (parts: IDBObjectStore) => Promise<Answer>,
  ): Promise<Answer> {
    return await this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      return await explained(failing, async () => {
        const options = { durability: "strict" } as const;
        const transaction = this.#database.transaction(partsStore, mode, options);
        const ended = endOf(transaction);
        const [answer] = await Promise.all([work(transaction.objectStore(partsStore)), ended]);
        return answer;
      });
    });
  }
}

function rangeOf(name: string): IDBKeyRange {
  // An array is greater than any number.
  return IDBKeyRange.bound([name], [name, []]);
}

function indexOf(key: IDBValidKey): number {
  const index = Array.isArray(key) ? key[1] : undefined;
  return typeof index === "number" ? index : 0;
}

function checkedPart(name: string, part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part;
  throw new StoreError(
    "damaged",
    `${name} holds something that no store wrote: remove the name, or delete the database`,
  );
}

async function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function endOf(transaction: IDBTransaction): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("it was aborted"));
  });
}

async function explained<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const isFull = cause instanceof DOMException && cause.name === "QuotaExceededError";
    const remedy = isFull
      ? "the origin's room is used up; remove what is not needed"
      : "what was saved before is still there; reload the page and save again";
    throw new StoreError(isFull ? "full" : "failed", `${what}: ${messageOf(cause)}; ${remedy}`, {
      cause,
    });
  }
}
