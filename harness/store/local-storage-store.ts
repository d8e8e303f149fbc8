/** A store in a browser's localStorage, for a few small blobs: texts of base64. */

import { joined } from "../artifact/joined.ts";
import { bytesOfLatin1, latin1Of } from "../core/table-key.ts";
import { checkName, checkSize, closedError, type Store, StoreError } from "./store.ts";

export interface LocalStorageStoreOptions {
  /** The browser's `localStorage`. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
  /** What the keys of this store begin with. */
  readonly prefix?: string;
}

/** Between what was written and what was appended: no character of base64. */
const separator = ".";

/**
 * The browser writes to the disk when it likes: what was saved outlives the page, and most
 * probably a power cut. An append costs as much as the whole text.
 */
export class LocalStorageStore implements Store {
  readonly #storage: LocalStorageStoreOptions["storage"];
  readonly #prefix: string;
  #isClosed = false;

  constructor({ storage, prefix = "lua-persistent-wasm/" }: LocalStorageStoreOptions) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const text = this.#storage.getItem(this.#keyOf(name));
    if (text === null) return undefined;
    return joined(text.split(separator).map((part) => bytesOfText(name, part)));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const key = this.#keyOf(name);
    checkSize(name, bytes.length);
    this.#set(key, textOfBytes(bytes));
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    const key = this.#keyOf(name);
    checkSize(name, bytes.length);
    const before = this.#storage.getItem(key);
    const text = textOfBytes(bytes);
    this.#set(key, before === null ? text : `${before}${separator}${text}`);
  }

  async remove(name: string): Promise<void> {
    this.#storage.removeItem(this.#keyOf(name));
  }

  async names(): Promise<readonly string[]> {
    if (this.#isClosed) throw closedError();
    const names: string[] = [];
    for (let index = 0; index < this.#storage.length; index++) {
      const key = this.#storage.key(index);
      if (key?.startsWith(this.#prefix) === true) names.push(key.slice(this.#prefix.length));
    }
    return names.sort();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #keyOf(name: string): string {
    if (this.#isClosed) throw closedError();
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
