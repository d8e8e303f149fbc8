/** What one external table holds: encoded keys and values, as they came from Lua or JavaScript. */
import type { EntryOrder } from "./entry-order.ts";
import type { KeptBytes } from "./kept-bytes.ts";
import { TextMap } from "./text-map.ts";

export class TableStore {
  /** Never given to another table, so that one that was collected can be registered again. */
  readonly id: number;
  /** The bytes of its name, one character each; a named table is never collected. */
  readonly name: string | undefined;
  /** Encoded key, one character for each byte, to encoded value. Insertion order is the order. */
  readonly entries = new TextMap<KeptBytes>();
  /** Where iterators that were saved or brought back stand; undefined while there are none. */
  order: EntryOrder | undefined;
  /** The tables that the value of a key refers to: a table keeps them alive, as JavaScript does. */
  readonly #references = new TextMap<readonly TableStore[]>();
  /** Of all keys and values, for the quota. */
  bytes = 0;
  /** How many handles Lua has on it. */
  handles = 0;
  /** Whether the registry finds it by its id. Off once it was collected. */
  isRegistered = false;

  constructor({ id, name }: { readonly id: number; readonly name: string | undefined }) {
    this.id = id;
    this.name = name;
  }

  put({ key, value, references, growthBytes }: Entry): void {
    this.bytes += growthBytes;
    const sizeBefore = this.entries.size;
    this.entries.set(key, value);
    if (this.order !== undefined && this.entries.size > sizeBefore) {
      this.order.added(this.entries.keyOf(key) ?? key);
    }
    if (references.length > 0) this.#references.set(key, references);
    else if (this.#references.size > 0) this.#references.delete(key);
  }

  remove(key: string): boolean {
    const old = this.entries.get(key);
    if (old === undefined) return false;
    this.bytes -= key.length + old.length;
    this.#references.delete(key);
    this.order?.removed(this.entries.keyOf(key) ?? key);
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.order?.cleared();
    this.#references.clear();
    this.bytes = 0;
  }

  /** The tables that the value of this key refers to. */
  referencesOf(key: string): readonly TableStore[] {
    return this.#references.get(key) ?? [];
  }

  /** All tables that its values refer to. */
  *references(): Iterable<TableStore> {
    for (const stores of this.#references.values()) yield* stores;
  }
}

export interface Entry {
  readonly key: string;
  readonly value: KeptBytes;
  readonly references: readonly TableStore[];
  /** By how much it makes the table larger; negative where it replaces a larger value. */
  readonly growthBytes: number;
}
