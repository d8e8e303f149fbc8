/** The live iterators that the Lua of one instance has on external tables, by `pairs`. */
import { idMax } from "../abi/abi.ts";
import { type KeptBytes, writeKept } from "../bytes/kept-bytes.ts";
import { IdMap } from "../map/id-map.ts";
import type { KeyCursor } from "../map/key-map.ts";
import { TableHandles } from "./table-handles.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";

interface LiveIterator {
  readonly store: TableStore;
  readonly cursor: KeyCursor<KeptBytes>;
}

/** A place where iterators stand. */
export interface IteratorPlace {
  readonly tableId: number;
  /** The key that comes next, encoded, one character for each byte; undefined behind the last. */
  readonly nextKey: string | undefined;
  /** Ascending, at least one. */
  readonly ids: readonly number[];
}

export class TableIterators {
  readonly #iterators = new IdMap<LiveIterator>();
  /** A loop keeps its table alive, even when nothing else in Lua does. */
  readonly #handles: TableHandles;
  readonly #registry: TableRegistry;
  #nextId = 1;

  constructor(registry: TableRegistry) {
    this.#registry = registry;
    this.#handles = new TableHandles(registry);
  }

  /** How many are open. */
  get size(): number {
    return this.#iterators.size;
  }

  open(store: TableStore): number {
    // After 2^30 loops numbers are used again, those of loops that are open left out.
    while (this.#iterators.has(this.#nextId) || this.#nextId > idMax) {
      this.#nextId = this.#nextId > idMax ? 1 : this.#nextId + 1;
    }
    const id = this.#nextId;
    this.#add(id, { store, cursor: store.entries.begin() });
    return id;
  }

  close(id: number): boolean {
    const iterator = this.#iterators.get(id);
    if (iterator === undefined) return false;
    this.#handles.release(iterator.store);
    return this.#iterators.delete(id);
  }

  closeAll(): void {
    this.#handles.releaseAll();
    this.#iterators.clear();
  }

  /**
   * Writes the next key and value into `room` and returns their length, 0 at the end; when they
   * do not fit, the room they need, and they are next again. undefined: no such iterator.
   */
  next(id: number, room: Uint8Array): number | undefined {
    const iterator = this.#iterators.get(id);
    if (iterator === undefined) return undefined;
    const { cursor } = iterator;
    const { key, value } = cursor;
    if (key === undefined || value === undefined) return 0;
    const length = key.length + value.length;
    if (length > room.length) return length;
    writeKept(key, room, 0);
    writeKept(value, room, key.length);
    cursor.step();
    return length;
  }

  /** Where the iterators stand, each place once, by ascending id. */
  places(): readonly IteratorPlace[] {
    const places = new Map<TableStore, Map<number, IteratorPlace & { readonly ids: number[] }>>();
    const all: IteratorPlace[] = [];
    for (const [id, { store, cursor }] of [...this.#iterators].sort(([a], [b]) => a - b)) {
      const ofStore = places.get(store) ?? new Map();
      places.set(store, ofStore);
      const { key: nextKey, at } = cursor;
      const known = ofStore.get(at);
      if (known !== undefined) {
        known.ids.push(id);
        continue;
      }
      const place = { tableId: store.id, nextKey, ids: [id] };
      ofStore.set(at, place);
      all.push(place);
    }
    return all;
  }

  /**
   * Opens the iterators of a snapshot at their places. Where the table has no such key any more
   * nothing tells how to go on: there is no iterator then, and the loop ends in an error.
   */
  reopen(places: readonly IteratorPlace[]): void {
    for (const { tableId, nextKey, ids } of places) {
      const store = this.#registry.find(tableId);
      for (const id of ids) {
        this.#nextId = Math.max(this.#nextId, id + 1);
        const cursor =
          nextKey === undefined ? store?.entries.beginAtEnd() : store?.entries.beginAt(nextKey);
        if (store !== undefined && cursor !== undefined) this.#add(id, { store, cursor });
      }
    }
  }

  #add(id: number, iterator: LiveIterator): void {
    this.#iterators.set(id, iterator);
    this.#handles.retain(iterator.store);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }
}
