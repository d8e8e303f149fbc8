/** The live iterators that the Lua of one instance has on external tables, by `pairs`. */
import { type Cursor, EntryOrder } from "./entry-order.ts";
import { writeKept } from "./kept-bytes.ts";
import { TableHandles } from "./table-handles.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";
import { type TextKey, textOfKey } from "./text-map.ts";

interface LiveIterator {
  readonly store: TableStore;
  /** undefined where a cursor was there from the beginning. */
  readonly keys: Iterator<TextKey> | undefined;
  /** A key that did not fit: it is next again. */
  pending: TextKey | undefined;
  /** Its place in the order of the store, which stands for `keys` once it was saved. */
  cursor: Cursor | undefined;
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
  readonly #iterators = new Map<number, LiveIterator>();
  readonly #registry: TableRegistry;
  /** A loop keeps its table alive, even when nothing else in Lua does. */
  readonly #handles: TableHandles;
  #nextId = 1;

  constructor(registry: TableRegistry) {
    this.#registry = registry;
    this.#handles = new TableHandles(registry);
  }

  open(store: TableStore): number {
    const id = this.#nextId;
    this.#add(id, store, undefined);
    return id;
  }

  close(id: number): boolean {
    const iterator = this.#iterators.get(id);
    if (iterator === undefined) return false;
    closeCursor(iterator);
    this.#handles.release(iterator.store);
    return this.#iterators.delete(id);
  }

  closeAll(): void {
    for (const iterator of this.#iterators.values()) closeCursor(iterator);
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
      const key = takeKey(iterator);
      if (key === undefined) return 0;
      const value = iterator.store.entries.valueOf(key);
      if (value === undefined) continue; // It did not fit, and was deleted since.
      const text = textOfKey(key);
      const length = text.length + value.length;
      if (length > room.length) {
        if (iterator.cursor === undefined) iterator.pending = key;
        else iterator.cursor.at -= 1;
        return length;
      }
      writeKept(text, room, 0);
      writeKept(value, room, text.length);
      return length;
    }
  }

  /**
   * Where the iterators stand, each place once, by ascending id. All go on as if nobody had asked.
   * It takes a walk over each table that has any.
   */
  places(): readonly IteratorPlace[] {
    const places = new Map<TableStore, Map<number, IteratorPlace & { readonly ids: number[] }>>();
    this.#settle();
    for (const [id, { store, cursor }] of this.#iterators) {
      if (cursor === undefined) continue;
      const key = orderOf(store).keyAt(cursor);
      const ofStore = places.get(store) ?? new Map();
      places.set(store, ofStore);
      const place = ofStore.get(cursor.at);
      if (place !== undefined) {
        place.ids.push(id);
        continue;
      }
      const nextKey = key === undefined ? undefined : textOfKey(key);
      ofStore.set(cursor.at, { tableId: store.id, nextKey, ids: [id] });
    }
    const all = [...places.values()].flatMap((ofStore) => [...ofStore.values()]);
    for (const { ids } of all) ids.sort((one, other) => one - other);
    return all.sort(({ ids: [one = 0] }, { ids: [other = 0] }) => one - other);
  }

  /**
   * Opens the iterators of a snapshot at their places. Where the table has no such key any more
   * nothing tells how to go on: there is no iterator then, and the loop ends in an error.
   */
  reopen(places: readonly IteratorPlace[]): void {
    const wanted = new Map<TableStore, IteratorPlace[]>();
    for (const place of places) {
      for (const id of place.ids) this.#nextId = Math.max(this.#nextId, id + 1);
      const store = this.#registry.find(place.tableId);
      if (store === undefined) continue;
      const ofStore = wanted.get(store);
      if (ofStore === undefined) wanted.set(store, [place]);
      else ofStore.push(place);
    }
    for (const [store, ofStore] of wanted) this.#reopenIn(store, ofStore);
  }

  #reopenIn(store: TableStore, places: readonly IteratorPlace[]): void {
    const { entries } = store;
    const keyed = places.map((place) => ({
      ...place,
      key: place.nextKey === undefined ? undefined : entries.keyOf(place.nextKey),
    }));
    const order = orderOf(store);
    const found = order.find(new Set(keyed.map(({ key }) => key)));
    for (const { nextKey, key, ids } of keyed) {
      const at = key === undefined ? undefined : found.get(key);
      if (at === undefined && nextKey !== undefined) continue;
      for (const id of ids) this.#add(id, store, order.open(at ?? order.end));
    }
    if (!order.isUsed) store.order = undefined;
  }

  #add(id: number, store: TableStore, cursor: Cursor | undefined): void {
    const keys = cursor === undefined ? store.entries.textKeys() : undefined;
    this.#iterators.set(id, { store, keys, pending: undefined, cursor });
    this.#handles.retain(store);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  /** Gives each iterator a place in the order of its store. */
  #settle(): void {
    const nextKeys = new Map<TableStore, Map<LiveIterator, TextKey | undefined>>();
    for (const iterator of this.#iterators.values()) {
      if (iterator.cursor !== undefined) continue;
      const { store } = iterator;
      const ofStore = nextKeys.get(store) ?? new Map<LiveIterator, TextKey | undefined>();
      nextKeys.set(store, ofStore.set(iterator, takeKeyThatIs(iterator)));
    }
    for (const [store, ofStore] of nextKeys) {
      const order = orderOf(store);
      const found = order.find(new Set(ofStore.values()));
      for (const [iterator, key] of ofStore) {
        const at = key === undefined ? undefined : found.get(key);
        iterator.cursor = order.open(at ?? order.end);
      }
    }
  }
}

function orderOf(store: TableStore): EntryOrder {
  store.order ??= new EntryOrder(store.entries.textKeys());
  return store.order;
}

function closeCursor({ store, cursor }: LiveIterator): void {
  if (cursor === undefined || store.order === undefined) return;
  store.order.close(cursor);
  if (!store.order.isUsed) store.order = undefined;
}

/** The next key, which is taken; undefined at the end. */
function takeKey(iterator: LiveIterator): TextKey | undefined {
  const { pending, cursor, store, keys } = iterator;
  if (cursor !== undefined) {
    const key = orderOf(store).keyAt(cursor);
    if (key !== undefined) cursor.at += 1;
    return key;
  }
  iterator.pending = undefined;
  if (pending !== undefined) return pending;
  const next = keys?.next();
  return next === undefined || next.done === true ? undefined : next.value;
}

/** Also passes over one that did not fit, and was deleted since. */
function takeKeyThatIs(iterator: LiveIterator): TextKey | undefined {
  for (;;) {
    const key = takeKey(iterator);
    if (key === undefined || iterator.store.entries.valueOf(key) !== undefined) return key;
  }
}
