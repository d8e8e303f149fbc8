/** The live iterators that Lua's `pairs` holds on external tables. */
import { writeKept } from "./kept-bytes.ts";
import type { TableStore } from "./table-store.ts";

interface LiveIterator {
  readonly store: TableStore;
  readonly keys: Iterator<string>;
  /** A key that did not fit: it is next again. */
  pending: string | undefined;
}

export class TableIterators {
  readonly #iterators = new Map<number, LiveIterator>();
  #nextId = 1;

  open(store: TableStore): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#iterators.set(id, { store, keys: store.entries.keys(), pending: undefined });
    return id;
  }

  close(id: number): boolean {
    return this.#iterators.delete(id);
  }

  /**
   * Writes the next key and value into `room` and returns their length, 0 at the end; when they
   * do not fit, the room they need, and they are next again. undefined: no such iterator.
   */
  next(id: number, room: Uint8Array): number | undefined {
    const iterator = this.#iterators.get(id);
    if (iterator === undefined) return undefined;
    for (;;) {
      const key = nextKey(iterator);
      if (key === undefined) return 0;
      const value = iterator.store.entries.get(key);
      if (value === undefined) continue; // It did not fit, and was deleted since.
      const length = key.length + value.length;
      if (length > room.length) {
        iterator.pending = key;
        return length;
      }
      writeKept(key, room, 0);
      writeKept(value, room, key.length);
      return length;
    }
  }
}

function nextKey(iterator: LiveIterator): string | undefined {
  const { pending } = iterator;
  iterator.pending = undefined;
  if (pending !== undefined) return pending;
  const { done, value } = iterator.keys.next();
  return done === true ? undefined : value;
}
