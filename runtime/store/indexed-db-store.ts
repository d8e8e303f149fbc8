/** A store in a browser's IndexedDB: each call is one transaction, strict where it changes. */

import { joined } from "../bytes/joined.ts";
import { messageOf } from "../check/errors.ts";
import { type Rules, readOptions } from "../check/read-options.ts";
import { type Keeper, openChecked, whenAborted } from "./checked-store.ts";
import { anObjectWith, aText, required, webLockRules } from "./option-rules.ts";
import { type Store, StoreError, takenOverError } from "./store.ts";
import { isQuotaError, takeWebLock, turnAfter, type WebLockOptions } from "./web-lock.ts";

export interface IndexedDbStoreOptions extends WebLockOptions {
  /** The browser's `indexedDB`. */
  readonly factory: IDBFactory;
  /** Name of the database, this library's alone. */
  readonly database?: string;
}

const rules: Rules<IndexedDbStoreOptions> = {
  ...webLockRules,
  factory: required(anObjectWith("open")),
  database: aText,
};

/**
 * Keys are [name, 0], [name, 1], … for the parts of what was written, and of what was appended
 * since: the bytes of a name are those of all its parts, in order. `turnKey` is the key of the
 * number of times that the database was opened to be written.
 */
const partsStore = "parts";
const turnKey = "turn";
const databaseVersion = 1;
/** Chromium takes no value above 127 MiB, so that long ones are kept in several parts. */
const partBytesMax = 2 ** 25;

/**
 * Opens the database, and makes it when it is new, for one writer at a time: `whenHeld` says what
 * happens while another page, or another core in this one, has it open. Where the browser has no
 * Web Locks, opening always takes over. Each change sees in its own transaction whether the store
 * is still this one's to write: a store that was taken over rejects with "locked". Throws
 * StoreError, the reason of `signal`, or UsageError for a wrong option.
 */
export async function openIndexedDbStore(options: IndexedDbStoreOptions): Promise<Store> {
  const own = readOptions<IndexedDbStoreOptions>(options, { of: "openIndexedDbStore", rules });
  const { factory, database: name = "lua-persistent-wasm" } = own;
  const gone = new AbortController();
  const store = await openChecked({
    what: `the IndexedDB ${name} can't be opened`,
    explain,
    signal: own.signal,
    takeLock: () => takeWebLock(`lua-persistent-wasm/${name}`, own),
    keeperOf: async (lock) => {
      const database = await openDatabase(factory, name, own.signal);
      // Another tab wants to change or delete the database: this one must not be in its way.
      database.onversionchange = () => gone.abort();
      database.onclose = () => gone.abort();
      try {
        const turn = await (lock === undefined ? turnSeen(database) : turnTaken(database));
        return new IndexedDbKeeper(database, turn);
      } catch (error) {
        database.close();
        throw error;
      }
    },
  });
  whenAborted(gone.signal, () => void store.close().catch(() => undefined));
  return store;
}

/** Rejects with the reason of `signal`; a database that is open only then is closed again. */
async function openDatabase(
  factory: IDBFactory,
  name: string,
  signal: AbortSignal | undefined,
): Promise<IDBDatabase> {
  const opening = factory.open(name, databaseVersion);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(partsStore);
  };
  return await new Promise((resolve, reject) => {
    const over = new AbortController();
    if (signal !== undefined) whenAborted(signal, () => reject(signal.reason), over.signal);
    const answered = answerOf(opening).finally(() => over.abort());
    answered.then((database) => {
      if (signal?.aborted === true) database.close();
      else resolve(database);
    }, reject);
  });
}

/** Whose turn it is to write: the number that is kept, and whether it is this one's. */
interface Turn {
  readonly number: number;
  readonly isOwn: boolean;
}

/** Whoever had the turn before can't change anything from now on. */
async function turnTaken(database: IDBDatabase): Promise<Turn> {
  try {
    return await transact(database, "readwrite", takeTurn);
  } catch (error) {
    // A full database must still be opened: to be read, and to remove something.
    if (!isQuotaError(error)) throw error;
    return await turnSeen(database);
  }
}

async function turnSeen(database: IDBDatabase): Promise<Turn> {
  const number = await transact(database, "readonly", keptTurn);
  return { number, isOwn: false };
}

async function takeTurn(parts: IDBObjectStore): Promise<Turn> {
  const number = turnAfter(await keptTurn(parts));
  parts.put(number, turnKey);
  return { number, isOwn: true };
}

async function keptTurn(parts: IDBObjectStore): Promise<number> {
  return Number((await answerOf(parts.get(turnKey))) ?? 0);
}

class IndexedDbKeeper implements Keeper {
  readonly #database: IDBDatabase;
  #turn: Turn;

  constructor(database: IDBDatabase, turn: Turn) {
    this.#database = database;
    this.#turn = turn;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await transact(this.#database, "readonly", async (parts) => {
      const kept: unknown[] = await answerOf(parts.getAll(rangeOf(name)));
      return kept.length === 0 ? undefined : joined(kept.map((part) => checkedPart(name, part)));
    });
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#put(async (parts) => {
      parts.delete(rangeOf(name));
      putParts(parts, bytes, { name, first: 0 });
    });
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    await this.#put(async (parts) => {
      const last = await answerOf(parts.openKeyCursor(rangeOf(name), "prev"));
      putParts(parts, bytes, { name, first: last === null ? 0 : indexOf(name, last.key) + 1 });
    });
  }

  async remove(name: string): Promise<void> {
    // It makes room, and so is not kept from it by a turn for which there is none.
    await this.#change(async (parts) => {
      parts.delete(rangeOf(name));
      return this.#turn;
    });
  }

  async names(): Promise<readonly string[]> {
    return await transact(this.#database, "readonly", async (parts) => {
      const keys = await answerOf(parts.getAllKeys());
      const names = keys.map((key) => (Array.isArray(key) ? key[0] : undefined));
      return names.filter((name) => typeof name === "string");
    });
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  readonly explain = explain;

  /** A change that stores bytes: a page that has no turn yet takes one first. */
  async #put(work: (parts: IDBObjectStore) => Promise<void>): Promise<void> {
    await this.#change(async (parts) => {
      const turn = this.#turn.isOwn ? this.#turn : await takeTurn(parts);
      await work(parts);
      return turn;
    });
  }

  /** Changes nothing once another one has had its turn: that is seen in the same transaction. */
  async #change(work: (parts: IDBObjectStore) => Promise<Turn>): Promise<void> {
    this.#turn = await transact(this.#database, "readwrite", async (parts) => {
      if (!Object.is(await keptTurn(parts), this.#turn.number)) throw takenOverError();
      return await work(parts);
    });
  }
}

/**
 * Resolves when the transaction is complete: with "strict", when it is on the disk. It is undone
 * where the work throws: what was asked for before would be kept without what was to follow.
 */
async function transact<Answer>(
  database: IDBDatabase,
  mode: "readonly" | "readwrite",
  work: (parts: IDBObjectStore) => Promise<Answer>,
): Promise<Answer> {
  const transaction = database.transaction(partsStore, mode, { durability: "strict" });
  const ended = isCompleteAtEnd(transaction);
  let cause: unknown = new Error("it was aborted");
  try {
    const answer = await work(transaction.objectStore(partsStore));
    if (await ended) return answer;
  } catch (error) {
    cause = error;
    abort(transaction);
    await ended;
  }
  // The browser knows better: that there is no room, for one.
  throw transaction.error ?? cause;
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

function putParts(
  parts: IDBObjectStore,
  bytes: Uint8Array,
  { name, first }: { readonly name: string; readonly first: number },
): void {
  const count = Math.max(1, Math.ceil(bytes.length / partBytesMax));
  for (let index = 0; index < count; index++) {
    const start = index * partBytesMax;
    // Of a view, the whole memory behind it would be kept.
    const part = count === 1 ? bytes : bytes.slice(start, start + partBytesMax);
    parts.put(part, [name, first + index]);
  }
}

function rangeOf(name: string): IDBKeyRange {
  // An array is greater than any number.
  return IDBKeyRange.bound([name], [name, []]);
}

/** Behind a key of another's making a part would take the place of one that is there. */
function indexOf(name: string, key: IDBValidKey): number {
  const index = Array.isArray(key) && key.length === 2 ? key[1] : undefined;
  if (typeof index === "number" && Number.isSafeInteger(index) && index >= 0) return index;
  throw foreign(name);
}

function checkedPart(name: string, part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part;
  throw foreign(name);
}

function foreign(name: string): StoreError {
  return new StoreError(
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

async function isCompleteAtEnd(transaction: IDBTransaction): Promise<boolean> {
  return await new Promise((resolve) => {
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  });
}

function explain(what: string, cause: unknown): StoreError {
  // Chromium's word for a disk without room.
  const isFull = isQuotaError(cause) || messageOf(cause).includes("NO_SPACE");
  const remedy = isFull
    ? "the room of this origin, or the disk's, is used up; remove what is not needed"
    : "what was saved before is still there; reload the page and save again";
  const message = `${what}: ${messageOf(cause)}; ${remedy}`;
  return new StoreError(isFull ? "full" : "failed", message, { cause });
}
