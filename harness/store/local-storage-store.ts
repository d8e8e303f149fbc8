/** A store in a browser's localStorage, for a few small blobs: texts of base64. */

import { joined } from "../artifact/joined.ts";
import { bytesOfLatin1, latin1Of } from "../core/table-key.ts";
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

export interface LocalStorageStoreOptions extends WebLockOptions {
  /** The browser's `localStorage`. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  /** What the keys of this store begin with. */
  readonly prefix?: string;
}

/** Between what was written and what was appended: no character of base64. */
const separator = ".";

/**
 * Opens the keys of that prefix for one writer at a time: `whenHeld` says what happens while
 * another page, or another core in this one, has them open. Where the browser has no Web Locks,
 * opening always takes over, and two pages that write at the very same moment are not told.
 *
 * The browser writes to the disk when it likes: what was saved outlives the page, and most
 * probably a power cut. An append costs as much as the whole text.
 */
export async function openLocalStorageStore(options: LocalStorageStoreOptions): Promise<Store> {
  const { storage, prefix = "lua-persistent-wasm/" } = options;
  const lock = await takeWebLock(`localStorage/${prefix}`, options);
  const store = new LocalStorageStore({ storage, prefix, lock });
  followLock(lock, store);
  return store;
}

class LocalStorageStore implements Store {
  readonly #storage: LocalStorageStoreOptions["storage"];
  readonly #prefix: string;
  readonly #lock: WriterLock | undefined;
  readonly #turn: string | null;
  #ended: (() => StoreError) | undefined;

  /** `lock`: undefined where another one writes. */
  constructor(options: {
    readonly storage: LocalStorageStoreOptions["storage"];
    readonly prefix: string;
    readonly lock: WriterLock | undefined;
  }) {
    const { storage, prefix, lock } = options;
    this.#storage = storage;
    this.#prefix = prefix;
    this.#lock = lock;
    // No name is empty: the key that is the prefix alone counts who opened it to write.
    if (lock !== undefined) this.#takeTurn(Number(storage.getItem(prefix)));
    this.#turn = storage.getItem(prefix);
  }

  get isReadOnly(): boolean {
    return this.#lock === undefined;
  }

  /** Another one has taken over. */
  giveWay(): void {
    this.#end(takenOverError);
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const text = this.#storage.getItem(this.#keyOf(name));
    if (text === null) return undefined;
    return joined(text.split(separator).map((part) => bytesOfText(name, part)));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const key = this.#changedKey(name);
    checkSize(name, bytes.length);
    this.#set(key, textOfBytes(bytes));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const key = this.#changedKey(name);
    checkSize(name, bytes.length);
    const before = this.#storage.getItem(key);
    const text = textOfBytes(bytes);
    this.#set(key, before === null ? text : `${before}${separator}${text}`);
  }

  async remove(name: string): Promise<void> {
    this.#storage.removeItem(this.#changedKey(name));
  }

  async names(): Promise<readonly string[]> {
    if (this.#ended !== undefined) throw this.#ended();
    const names: string[] = [];
    for (let index = 0; index < this.#storage.length; index++) {
      const key = this.#storage.key(index);
      const isOurs = key?.startsWith(this.#prefix) === true && key !== this.#prefix;
      if (isOurs) names.push(key.slice(this.#prefix.length));
    }
    return names.sort();
  }

  async close(): Promise<void> {
    this.#end(closedError);
    await this.#lock?.release();
  }

  #end(reason: () => StoreError): void {
    this.#ended ??= reason;
    void this.#lock?.release();
  }

  #takeTurn(before: number): void {
    try {
      this.#storage.setItem(this.#prefix, String(turnAfter(before)));
    } catch {
      // A full storage must still be opened: to be read, and to remove something.
    }
  }

  #changedKey(name: string): string {
    const key = this.#keyOf(name);
    if (this.isReadOnly) throw readOnlyError();
    if (this.#storage.getItem(this.#prefix) !== this.#turn) {
      this.giveWay();
      throw takenOverError();
    }
    return key;
  }

  #keyOf(name: string): string {
    if (this.#ended !== undefined) throw this.#ended();
    checkName(name);
    return `${this.#prefix}${name}`;
  }

  /** One call sets all or nothing. */
  #set(key: string, text: string): void {
    try {
      this.#storage.setItem(key, text);
    } catch (cause) {
      throw new StoreError(
        "full",
        `localStorage has no room for ${key}, ${text.length} characters (browsers give a page ` +
          "about 5 million): it is as it was; remove something, or keep it in an IndexedDbStore",
        { cause },
      );
    }
  }
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
