/** What one external table holds: encoded keys and values, as they came from Lua or JavaScript. */
import type { ExternalTable } from "./external-table.ts";
import type { KeptBytes } from "./kept-bytes.ts";
import { KeyMap } from "./key-map.ts";
import { type Growth, overheadBytesOf, type QuotaAccount } from "./quota.ts";

export type PutChange = "added" | "replaced" | "over-quota";

const noReferences: readonly TableStore[] = [];

export class TableStore {
  /** Never given to another table, so that one that was collected can be registered again. */
  readonly id: number;
  /** The bytes of its name, one character each; a named table is never collected. */
  readonly name: string | undefined;
  /** Encoded key, one character for each byte, to encoded value. Insertion order is the order. */
  readonly entries = new KeyMap<KeptBytes>();
  /** Entries that no program can read: kept until their keys are set or removed. */
  #withheld: KeyMap<KeptBytes> | undefined;
  /** The tables that the value of a key refers to: a table keeps them alive, as JavaScript does. */
  #references: KeyMap<readonly TableStore[]> | undefined;
  /** Of all keys and values. */
  #encodedBytes = 0;
  /** What keeping them takes beside that. */
  #overheadBytes = 0;
  /** How many handles Lua has on it. */
  handles = 0;
  /** Whether the registry finds it by its id. Off once it was collected. */
  isRegistered = false;
  /** What JavaScript sees of it, once it asked. */
  face: ExternalTable | undefined;

  constructor({ id, name }: { readonly id: number; readonly name: string | undefined }) {
    this.id = id;
    this.name = name;
  }

  /** What its entries count for the quota. */
  get usage(): Growth {
    return {
      bytes: this.#encodedBytes + this.#overheadBytes,
      encodedBytes: this.#encodedBytes,
      entries: this.entries.size + (this.#withheld?.size ?? 0),
    };
  }

  get withheld(): Iterable<readonly [string, KeptBytes]> {
    return this.#withheld ?? [];
  }

  /** Keeps an entry, with what it refers to, out of reach; returns what it counts. */
  withhold({ key, value, references }: Entry): Growth {
    this.#withheld ??= new KeyMap();
    this.#withheld.set(key, value);
    const encodedBytes = key.length + value.length;
    const overheadBytes = overheadBytesOf(value, references);
    this.#encodedBytes += encodedBytes;
    this.#overheadBytes += overheadBytes;
    this.#refer(key, references);
    return { bytes: encodedBytes + overheadBytes, encodedBytes, entries: 1 };
  }

  /** What is kept out of reach under a key that is not among the entries. */
  withheldEntry(key: string): Entry | undefined {
    const value = this.#withheld?.get(key);
    return value === undefined ? undefined : { key, value, references: this.referencesOf(key) };
  }

  /** Unless the account, where there is one, refuses: then nothing has changed. */
  put({ key, value, references }: Entry, account?: QuotaAccount): PutChange {
    const place = this.entries.placeOf(key);
    let encodedBytes = key.length + value.length;
    let overheadBytes = overheadBytesOf(value, references);
    if (place !== undefined) {
      const old = this.entries.valueAt(place) ?? "";
      encodedBytes = value.length - old.length;
      overheadBytes -= overheadBytesOf(old, this.referencesOf(key));
    }
    const entries = place === undefined ? 1 : 0;
    const bytes = encodedBytes + overheadBytes;
    if (account?.add({ bytes, encodedBytes, entries }) === false) return "over-quota";
    this.#encodedBytes += encodedBytes;
    this.#overheadBytes += overheadBytes;
    if (place === undefined) this.entries.add(key, value);
    else this.entries.replaceAt(place, value);
    // The text that the entries have: a long one is there once.
    if (references.length > 0 || this.#references !== undefined) {
      this.#refer(this.keptKey(key), references);
    }
    return place === undefined ? "added" : "replaced";
  }

  /** A key as the entries have it, so that who keeps it keeps no other text. */
  keptKey(key: string): string {
    const place = this.entries.placeOf(key);
    return (place === undefined ? undefined : this.entries.keyAt(place)) ?? key;
  }

  /** What it counted; undefined where there is none. */
  remove(key: string): Growth | undefined {
    const old = this.entries.get(key) ?? this.#withheld?.get(key);
    if (old === undefined) return undefined;
    const encodedBytes = key.length + old.length;
    const overheadBytes = overheadBytesOf(old, this.referencesOf(key));
    this.#encodedBytes -= encodedBytes;
    this.#overheadBytes -= overheadBytes;
    this.#references?.delete(key);
    if (this.#references?.size === 0) this.#references = undefined;
    this.entries.delete(key);
    this.#withheld?.delete(key);
    return { bytes: encodedBytes + overheadBytes, encodedBytes, entries: 1 };
  }

  clear(): void {
    this.entries.clear();
    this.#withheld = undefined;
    this.#references = undefined;
    this.#encodedBytes = 0;
    this.#overheadBytes = 0;
  }

  #refer(key: string, references: readonly TableStore[]): void {
    if (references.length === 0) this.#references?.delete(key);
    else {
      this.#references ??= new KeyMap();
      this.#references.set(key, references);
    }
  }

  /** The tables that the value of this key refers to. */
  referencesOf(key: string): readonly TableStore[] {
    return this.#references?.get(key) ?? noReferences;
  }

  /** All tables that its values refer to. */
  *references(): Iterable<TableStore> {
    for (const [, stores] of this.#references ?? []) yield* stores;
  }
}

export interface Entry {
  readonly key: string;
  readonly value: KeptBytes;
  readonly references: readonly TableStore[];
}
