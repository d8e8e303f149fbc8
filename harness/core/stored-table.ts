/** How JavaScript reads and writes one external table: keys and values encoded and decoded. */
import { decodeEntry, decodeValue } from "./decode.ts";
import { encodeKey } from "./encode.ts";
import type { TableBacking } from "./external-table.ts";
import { IdMap } from "./id-map.ts";
import { bytesOfKept, type KeptBytes } from "./kept-bytes.ts";
import { lenientTextOf } from "./scalars.ts";
import { bytesOfLatin1, latin1Of } from "./table-key.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";
import type { LuaInput, LuaValue } from "./values.ts";

export class StoredTable implements TableBacking {
  readonly #registry: TableRegistry;
  readonly #store: TableStore;

  constructor(registry: TableRegistry, store: TableStore) {
    this.#registry = registry;
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
    this.#registry.write(this.#store, keyOf(key), value);
  }

  delete(key: LuaInput): boolean {
    return this.#registry.remove(this.#store, keyOf(key));
  }

  clear(): void {
    this.#registry.clear(this.#store);
  }

  *entries(): IterableIterator<[LuaValue, LuaValue]> {
    const { mapping } = this.#registry;
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
      ...this.#registry.mapping,
      tableOf: (id) => {
        const reference = byId.get(id);
        return reference === undefined ? undefined : this.#registry.faceOf(reference);
      },
    });
  }
}

function keyOf(key: LuaInput): string {
  return latin1Of(encodeKey(key));
}
