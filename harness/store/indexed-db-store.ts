/** A store in a browser's IndexedDB: each call is one transaction, strict where it changes. */

import { joined } from "../artifact/joined.ts";
import { messageOf } from "../core/errors.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import {
  checkName,
  checkSize,
  closedError,
  followLock,
  readOnlyError,
  type Store,
  StoreError,
  takenOverError,
  type WriterLock,
} from "./store.ts";
import { takeWebLock, turnAfter, type WebLockOptions } from "./web-lock.ts";

export interface IndexedDbStoreOptions extends WebLockOptions {
  /** The browser's `indexedDB`. */
  readonly factory: IDBFactory;
  /** Name of the database, this library's alone. */
  readonly database?: string;
}

/**
 * Keys are [name, 0] for what was written, [name, 1], [name, 2], … for what was appended, and
 * `turnKey` for the number of times that the database was opened to be written.
 */
const partsStore = "parts";
const turnKey = "turn";
const databaseVersion = 1;

/**
 * Opens the database, and makes it when it is new, for one writer at a time: `whenHeld` says what
 * happens while another page, or another core in this one, has it open. Where the browser has no
 * Web Locks, opening always takes over. Each change sees in its own transaction whether the store
 * is still this one's to write: a store that was taken over rejects with "locked".
 */
export async function openIndexedDbStore(options: IndexedDbStoreOptions): Promise<Store> {
  const { factory, database = "lua-persistent-wasm" } = options;
  const lock = await takeWebLock(`lua-persistent-wasm/${database}`, options);
  return await explained(`the IndexedDB ${database} can't be opened`, async () => {
    try {
      const opening = factory.open(database, databaseVersion);
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore(partsStore);
      };
      const opened = await answerOf(opening);
      const turn = lock === undefined ? 0 : await nextTurn(opened);
      const store = new IndexedDbStore(opened, lock, turn);
      followLock(lock, store);
      return store;
    } catch (error) {
      await lock?.release();
      throw error;
    }
  });
}

/** Whoever had the turn before can't change anything from now on. */
async function nextTurn(database: IDBDatabase): Promise<number> {
  const transaction = database.transaction(partsStore, "readwrite");
  const ended = endOf(transaction);
  const parts = transaction.objectStore(partsStore);
  const turn = turnAfter(Number((await answerOf(parts.get(turnKey))) ?? 0));
  parts.put(turn, turnKey);
  await ended;
  return turn;
}

class IndexedDbStore implements Store {
  readonly #database: IDBDatabase;
  readonly #lock: WriterLock | undefined;
  readonly #turn: number;
  readonly #queue = new OneAtATime();
  #ended: (() => StoreError) | undefined;

  /** `lock`: undefined where another one writes. */
  constructor(database: IDBDatabase, lock: WriterLock | undefined, turn: number) {
    this.#database = database;
    this.#lock = lock;
    this.#turn = turn;
    // Another tab wants to change or delete the database: this one must not be in its way.
    database.onversionchange = () => this.#end(closedError);
    database.onclose = () => this.#end(closedError);
  }

  get isReadOnly(): boolean {
    return this.#lock === undefined;
  }

  /** Another one has taken over. */
  giveWay(): void {
    this.#end(takenOverError);
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
    await this.#change(`${name} can't be written`, async (parts) => {
      parts.delete(rangeOf(name));
      parts.put(copy, [name, 0]);
    });
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    checkSize(name, bytes.length);
    const copy = bytes.slice();
    await this.#change(`${name} can't be appended to`, async (parts) => {
      const last = await answerOf(parts.openKeyCursor(rangeOf(name), "prev"));
      parts.add(copy, [name, last === null ? 0 : indexOf(last.key) + 1]);
    });
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    await this.#change(`${name} can't be removed`, async (parts) => {
      parts.delete(rangeOf(name));
    });
  }

  async names(): Promise<readonly string[]> {
    return await this.#transact("the names can't be read", "readonly", async (parts) => {
      const keys = await answerOf(parts.getAllKeys());
      const names = keys.flatMap((key) => (Array.isArray(key) ? [String(key[0])] : []));
      return [...new Set(names)].sort();
    });
  }

  async close(): Promise<void> {
    await this.#queue.run(async () => this.#end(closedError));
    await this.#lock?.release();
  }

  #end(reason: () => StoreError): void {
    this.#ended ??= reason;
    this.#database.close();
    void this.#lock?.release();
  }

  /** Changes nothing once another one has had its turn: that is seen in the same transaction. */
  async #change(failing: string, work: (parts: IDBObjectStore) => Promise<void>): Promise<void> {
    if (this.isReadOnly && this.#ended === undefined) throw readOnlyError();
    await this.#transact(failing, "readwrite", async (parts) => {
      if ((await answerOf(parts.get(turnKey))) !== this.#turn) {
        this.giveWay();
        throw takenOverError();
      }
      await work(parts);
    });
  }

  /** Resolves when the transaction is complete: with "strict", when it is on the disk. */
  async #transact<Answer>(
    failing: string,
    mode: "readonly" | "readwrite",
    work: (parts: IDBObjectStore) => Promise<Answer>,
  ): Promise<Answer> {
    return await this.#queue.run(async () => {
      if (this.#ended !== undefined) throw this.#ended();
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
