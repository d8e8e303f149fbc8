/** A store in a browser's localStorage, for a few small blobs: texts of base64. */

import { joined } from "../bytes/joined.ts";
import { bytesOfLatin1, latin1Of } from "../bytes/latin1.ts";
import { messageOf } from "../check/errors.ts";
import { type Rules, readOptions } from "../check/read-options.ts";
import { type Keeper, openChecked } from "./checked-store.ts";
import { anObjectWith, aText, required, webLockRules } from "./option-rules.ts";
import { type Store, StoreError, takenOverError } from "./store.ts";
import { isQuotaError, takeWebLock, turnAfter, type WebLockOptions } from "./web-lock.ts";

export interface LocalStorageStoreOptions extends WebLockOptions {
  /** The browser's `localStorage`. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  /** What the keys of this store begin with. */
  readonly prefix?: string;
}

const rules: Rules<LocalStorageStoreOptions> = {
  ...webLockRules,
  storage: required(anObjectWith("getItem", "setItem", "removeItem", "key")),
  prefix: aText,
};

/** Between what was written and what was appended: no character of base64. */
const separator = ".";

/**
 * Opens the keys of that prefix for one writer at a time: `whenHeld` says what happens while
 * another page, or another core in this one, has them open. Where the browser has no Web Locks,
 * opening always takes over, and two pages that write at the very same moment are not told.
 *
 * The browser writes to the disk when it likes: what was saved outlives the page, and most
 * probably a power cut. An append costs as much as the whole text. Throws StoreError, the reason of
 * `signal`, or UsageError for a wrong option.
 */
export async function openLocalStorageStore(options: LocalStorageStoreOptions): Promise<Store> {
  const own = readOptions<LocalStorageStoreOptions>(options, {
    ...{ of: "openLocalStorageStore", rules },
  });
  const { storage, prefix = "lua-persistent-wasm/" } = own;
  return await openChecked({
    what: "localStorage can't be opened as a store",
    explain,
    signal: own.signal,
    takeLock: () => takeWebLock(`localStorage/${prefix}`, own),
    keeperOf: async (lock) => {
      const keeper = new LocalStorageKeeper(storage, prefix);
      if (lock !== undefined) keeper.takeTurnIfThereIsRoom();
      return keeper;
    },
  });
}

type TextPlace = LocalStorageStoreOptions["storage"];

/** As wide as the last turn there is: the next one never needs more room than the one before. */
const turnCharacters = 10;

class LocalStorageKeeper implements Keeper {
  readonly #storage: TextPlace;
  readonly #prefix: string;
  /** The turn as it is stored, and whether this page took it. */
  #turn: { readonly text: string | null; readonly isOwn: boolean };

  constructor(storage: TextPlace, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#turn = { text: storage.getItem(prefix), isOwn: false };
  }

  /** A full storage must still be opened: to be read, and to remove something. */
  takeTurnIfThereIsRoom(): void {
    try {
      this.#takeTurn();
    } catch (error) {
      if (!isQuotaError(error)) throw error;
    }
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const text = this.#storage.getItem(this.#keyOf(name));
    if (text === null) return undefined;
    return joined(piecesOf(text).map((piece) => bytesOfText(name, piece)));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#claimTurn(name);
    this.#set(this.#keyOf(name), textOfBytes(bytes));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    this.#claimTurn(name);
    const key = this.#keyOf(name);
    const before = this.#storage.getItem(key);
    const text = textOfBytes(bytes);
    this.#set(key, before === null ? text : `${before}${separator}${text}`);
  }

  async remove(name: string): Promise<void> {
    this.#checkTurn();
    this.#storage.removeItem(this.#keyOf(name));
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for (let index = 0; index < this.#storage.length; index++) {
      const key = this.#storage.key(index);
      if (key?.startsWith(this.#prefix) === true) names.push(key.slice(this.#prefix.length));
    }
    return names;
  }

  async close(): Promise<void> {
    // Nothing is held but the lock.
  }

  readonly explain = explain;

  #checkTurn(): void {
    if (this.#storage.getItem(this.#prefix) !== this.#turn.text) throw takenOverError();
  }

  /** Before bytes are stored: without a turn of this page, no other would learn of them. */
  #claimTurn(name: string): void {
    this.#checkTurn();
    if (this.#turn.isOwn) return;
    try {
      this.#takeTurn();
    } catch (cause) {
      throw isQuotaError(cause) ? fullError(this.#keyOf(name), cause) : cause;
    }
  }

  /** No name is empty: the key that is the prefix alone counts who opened it to write. */
  #takeTurn(): void {
    const before = Number(this.#storage.getItem(this.#prefix));
    const text = String(turnAfter(before)).padStart(turnCharacters, "0");
    this.#storage.setItem(this.#prefix, text);
    this.#turn = { text, isOwn: true };
  }

  #keyOf(name: string): string {
    return `${this.#prefix}${name}`;
  }

  /** One call sets all or nothing. */
  #set(key: string, text: string): void {
    try {
      this.#storage.setItem(key, text);
    } catch (cause) {
      throw isQuotaError(cause) ? fullError(`${key}, ${text.length} characters`, cause) : cause;
    }
  }
}

/** `what`: what there is no room for. */
function fullError(what: string, cause: unknown): StoreError {
  return new StoreError(
    "full",
    `localStorage has no room for ${what} (browsers give a page about 5 million): it is as it ` +
      "was; remove something, or keep it in an IndexedDbStore",
    { cause },
  );
}

/** Those that are not empty: a text may be millions of separators, which are no bytes. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(separator, start);
    const end = found === -1 ? text.length : found;
    if (end > start) pieces.push(text.slice(start, end));
    start = end + 1;
  }
  return pieces;
}

function explain(what: string, cause: unknown): StoreError {
  const remedy = "let this page keep data (site settings), or keep it in an IndexedDbStore";
  return new StoreError("failed", `${what}: ${messageOf(cause)}; ${remedy}`, { cause });
}

function textOfBytes(bytes: Uint8Array): string {
  return btoa(latin1Of(bytes));
}

function bytesOfText(name: string, text: string): Uint8Array {
  try {
    return bytesOfLatin1(atob(text));
  } catch (cause) {
    throw new StoreError(
      "damaged",
      `localStorage holds no bytes of this library under ${name}: remove the name`,
      { cause },
    );
  }
}
