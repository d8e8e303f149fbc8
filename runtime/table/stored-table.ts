/** How JavaScript reads and writes one external table: keys and values encoded and decoded. */

import { bytesOfKept, type KeptBytes } from "../bytes/kept-bytes.ts";
import { bytesOfLatin1, latin1Of } from "../bytes/latin1.ts";
import { IdMap } from "../map/id-map.ts";
import { lenientTextOf } from "../scalar/scalars.ts";
import { decodeEntry, decodeValue, type ValueMapping } from "../value/decode.ts";
import { encodeKey } from "../value/encode.ts";
import type { ExternalTable, LuaInput, LuaValue, TableBacking } from "../value/values.ts";
import type { TableStore } from "./table-store.ts";

/** What a table needs of the registry that it belongs to. */
interface Owner {
  readonly mapping: ValueMapping;
  readonly write: (store: TableStore, key: string, value: LuaInput) => void;
  /** Whether it was there. */
  readonly remove: (store: TableStore, key: string) => boolean;
  readonly clear: (store: TableStore) => void;
  readonly faceOf: (store: TableStore) => ExternalTable;
}

export class StoredTable implements TableBacking {
  readonly #owner: Owner;
  readonly #store: TableStore;

  constructor(owner: Owner, store: TableStore) {
    this.#owner = owner;
    this.#store = store;
  }

  get id(): number {
    return this.#store.id;
  }

  get name(): string | undefined {
    const { name } = this.#store;
    return name === undefined ? undefined : lenientTextOf(bytesOfLatin1(name));
  }

  get size(): number {
    return this.#store.entries.size;
  }

  get(key: LuaInput): LuaValue {
    const encoded = keyOf(key);
    const value = this.#store.entries.get(encoded);
    return value === undefined ? undefined : this.#decode(encoded, value);
  }

  has(key: LuaInput): boolean {
    return this.#store.entries.has(keyOf(key));
  }

  set(key: LuaInput, value: LuaInput): void {
    this.#owner.write(this.#store, keyOf(key), value);
  }

  delete(key: LuaInput): boolean {
    return this.#owner.remove(this.#store, keyOf(key));
  }

  clear(): void {
    this.#owner.clear(this.#store);
  }

  *entries(): IterableIterator<[LuaValue, LuaValue]> {
    const { mapping } = this.#owner;
    for (const [key, value] of this.#store.entries) {
      yield [
        decodeValue(bytesOfLatin1(key), { ...mapping, tableOf: () => undefined }),
        this.#decode(key, value),
      ];
    }
  }

  /** A table that was collected still knows the tables that it refers to. */
  #decode(key: string, value: KeptBytes): LuaValue {
    const references = this.#store.referencesOf(key);
    const byId = new IdMap(references.map((each) => [each.id, each]));
    return decodeEntry(bytesOfKept(value), {
      ...this.#owner.mapping,
      tableOf: (id) => {
        const reference = byId.get(id);
        return reference === undefined ? undefined : this.#owner.faceOf(reference);
      },
    });
  }
}

function keyOf(key: LuaInput): string {
  return latin1Of(encodeKey(key));
}
