/** What one external table holds: encoded keys and values, as they came from Lua or JavaScript. */

import type { KeptBytes } from "../bytes/kept-bytes.ts";
import { KeyMap } from "../map/key-map.ts";
import type { ExternalTable } from "../value/values.ts";
import { type Growth, overheadBytesOf, type QuotaAccount, tableBytesOf } from "./quota.ts";

export type PutChange = "added" | "replaced" | "over-quota";

/** No Map of V8 has more than 2^24 entries. */
const entriesMax = 15_000_000;
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
      bytes: this.#encodedBytes + this.#overheadBytes + tableBytesOf(this.#counts()),
      encodedBytes: this.#encodedBytes,
      entries: this.#counts().entries,
    };
  }

  get withheld(): Iterable<readonly [string, KeptBytes]> {
    return this.#withheld ?? [];
  }

  /** Keeps an entry, with what it refers to, out of reach; returns what it counts. */
  withhold(entry: Entry): Growth {
    const before = this.usage;
    this.#withheld ??= new KeyMap();
    this.#withheld.set(entry.key, entry.value);
    this.#encodedBytes += entry.key.length + entry.value.length;
    this.#overheadBytes += overheadBytesOf(entry);
    this.#refer(entry.key, entry.references);
    return growthOf(before, this.usage);
  }

  /** What is kept out of reach under a key that is not among the entries. */
  withheldEntry(key: string): Entry | undefined {
    const value = this.#withheld?.get(key);
    return value === undefined ? undefined : { key, value, references: this.referencesOf(key) };
  }

  /** Unless the account, where there is one, refuses: then nothing has changed. */
  put(entry: Entry, account?: QuotaAccount): PutChange {
    const { key, value, references } = entry;
    const place = this.entries.placeOf(key);
    const counts = this.#counts();
    const after = { ...counts };
    let encodedBytes = key.length + value.length;
    let overheadBytes = overheadBytesOf(entry);
    if (references.length > 0) after.referring += 1;
    if (place === undefined) {
      if (this.entries.size >= entriesMax) return "over-quota";
      after.entries += 1;
    } else {
      const old = {
        key,
        value: this.entries.valueAt(place) ?? "",
        references: this.referencesOf(key),
      };
      encodedBytes = value.length - old.value.length;
      overheadBytes -= overheadBytesOf(old);
      if (old.references.length > 0) after.referring -= 1;
    }
    const entries = after.entries - counts.entries;
    const tableBytes = tableBytesOf(after) - tableBytesOf(counts);
    const bytes = encodedBytes + overheadBytes + tableBytes;
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
    const value = this.entries.get(key) ?? this.#withheld?.get(key);
    if (value === undefined) return undefined;
    const before = this.usage;
    this.#encodedBytes -= key.length + value.length;
    this.#overheadBytes -= overheadBytesOf({ key, value, references: this.referencesOf(key) });
    this.#refer(key, noReferences);
    this.entries.delete(key);
    this.#withheld?.delete(key);
    return growthOf(this.usage, before);
  }

  clear(): void {
    this.entries.clear();
    this.#withheld = undefined;
    this.#references = undefined;
    this.#encodedBytes = 0;
    this.#overheadBytes = 0;
  }

  #counts(): { entries: number; referring: number; readonly holes: number } {
    const entries = this.entries.size + (this.#withheld?.size ?? 0);
    return { entries, referring: this.#references?.size ?? 0, holes: this.entries.holes };
  }

  #refer(key: string, references: readonly TableStore[]): void {
    if (references.length > 0) {
      this.#references ??= new KeyMap();
      this.#references.set(key, references);
    } else {
      this.#references?.delete(key);
      if (this.#references?.size === 0) this.#references = undefined;
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

function growthOf(before: Growth, after: Growth): Growth {
  return {
    bytes: after.bytes - before.bytes,
    encodedBytes: after.encodedBytes - before.encodedBytes,
    entries: after.entries - before.entries,
  };
}
