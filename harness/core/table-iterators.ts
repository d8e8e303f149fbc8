/** The live iterators that the Lua of one instance has on external tables, by `pairs`. */
import { writeKept } from "./kept-bytes.ts";
import { TableHandles } from "./table-handles.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";

interface LiveIterator {
  readonly store: TableStore;
  keys: Iterator<string>;
  /** A key that did not fit: it is next again. */
  pending: string | undefined;
}

/** Where an iterator stands. */
export interface IteratorPlace {
  readonly id: number;
  readonly tableId: number;
  /** The key that comes next, encoded, one character for each byte; undefined behind the last. */
  readonly nextKey: string | undefined;
}

export class TableIterators {
  readonly #iterators = new Map<number, LiveIterator>();
  /** A loop keeps its table alive, even when nothing else in Lua does. */
  readonly #handles: TableHandles;
  #nextId = 1;

  constructor(registry: TableRegistry) {
    this.#handles = new TableHandles(registry);
  }

  open(store: TableStore): number {
    const id = this.#nextId;
    this.#add(id, { store, keys: store.entries.keys(), pending: undefined });
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

  /** Where each iterator stands, by ascending id. All go on as if nobody had asked. */
  places(): readonly IteratorPlace[] {
    return [...this.#iterators]
      .map(([id, iterator]) => ({ id, tableId: iterator.store.id, nextKey: peek(iterator) }))
      .sort((a, b) => a.id - b.id);
  }

  /**
   * Opens an iterator of a snapshot at its place. Where the table has no such key any more nothing
   * tells how to go on: there is no iterator then, and the loop ends in an error.
   */
  reopen({ id, nextKey: key }: IteratorPlace, store: TableStore): void {
    const keys = keysFrom(store, key);
    if (keys === undefined) this.#nextId = Math.max(this.#nextId, id + 1);
    else this.#add(id, { store, keys, pending: undefined });
  }

  #add(id: number, iterator: LiveIterator): void {
    this.#iterators.set(id, iterator);
    this.#handles.retain(iterator.store);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }
}

function nextKey(iterator: LiveIterator): string | undefined {
  const { pending } = iterator;
  iterator.pending = undefined;
  if (pending !== undefined) return pending;
  const { done, value } = iterator.keys.next();
  return done === true ? undefined : value;
}

/**
 * The key that comes next. An iterator of a Map can't be asked without moving it, and one at the
 * end sees nothing that is added later: a new one is put in its place.
 */
function peek(iterator: LiveIterator): string | undefined {
  for (;;) {
    const key = nextKey(iterator);
    const keys = keysFrom(iterator.store, key);
    if (keys === undefined) continue; // It did not fit, and was deleted since.
    iterator.keys = keys;
    return key;
  }
}

/** A live iterator whose next key is `first`, or behind the last one; undefined: no such key. */
function keysFrom({ entries }: TableStore, first: string | undefined) {
  if (first !== undefined && !entries.has(first)) return undefined;
  let keysBefore = entries.size;
  if (first !== undefined) {
    keysBefore = 0;
    for (const key of entries.keys()) {
      if (key === first) break;
      keysBefore += 1;
    }
  }
  const keys = entries.keys();
  for (let i = 0; i < keysBefore; i++) keys.next();
  return keys;
}
