/** The order of a table's entries, in which iterators have a place that can be asked and found. */
import type { TextKey } from "./text-map.ts";

/** Where an iterator stands: before the entry of that index. */
export interface Cursor {
  at: number;
}

/** Fewer removed keys than these are not worth a walk. */
const removedMin = 16;

/**
 * A Map's own iterator can't be asked where it stands without moving it, nor begin at a key. So
 * this is made of a table when its iterators are saved or brought back, by one walk, and is told
 * of each change while any of them lives.
 */
export class EntryOrder {
  /** undefined: removed. */
  #keys: (TextKey | undefined)[];
  #removed = 0;
  /** Where each key stands: made when one is removed. */
  #indices: Map<TextKey, number> | undefined;
  readonly #cursors = new Set<Cursor>();

  constructor(keys: Iterable<TextKey>) {
    this.#keys = [...keys];
  }

  get isUsed(): boolean {
    return this.#cursors.size > 0;
  }

  open(at: number): Cursor {
    const cursor = { at };
    this.#cursors.add(cursor);
    return cursor;
  }

  close(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /** The key that comes next; undefined at the end. */
  keyAt(cursor: Cursor): TextKey | undefined {
    const keys = this.#keys;
    while (cursor.at < keys.length && keys[cursor.at] === undefined) cursor.at += 1;
    return keys[cursor.at];
  }

  /** Where each of these keys stands, by one walk; nothing of a key that is not there. */
  find(wanted: ReadonlySet<TextKey | undefined>): ReadonlyMap<TextKey, number> {
    const found = new Map<TextKey, number>();
    for (const [at, key] of this.#keys.entries()) {
      if (key !== undefined && wanted.has(key)) found.set(key, at);
    }
    return found;
  }

  /** Behind the last entry. */
  get end(): number {
    return this.#keys.length;
  }

  added(key: TextKey): void {
    this.#indices?.set(key, this.#keys.length);
    this.#keys.push(key);
  }

  removed(key: TextKey): void {
    this.#indices ??= indicesOf(this.#keys);
    const at = this.#indices.get(key);
    if (at === undefined) return;
    this.#indices.delete(key);
    this.#keys[at] = undefined;
    this.#removed += 1;
    const kept = this.#keys.length - this.#removed;
    if (this.#removed > kept + this.#cursors.size + removedMin) this.#compact();
  }

  cleared(): void {
    this.#keys = [];
    this.#removed = 0;
    this.#indices = undefined;
    for (const cursor of this.#cursors) cursor.at = 0;
  }

  /** Forgets what was removed: so the order is never much longer than the table. */
  #compact(): void {
    const keptBefore = new Uint32Array(this.#keys.length + 1);
    const kept: TextKey[] = [];
    for (const [at, key] of this.#keys.entries()) {
      if (key !== undefined) kept.push(key);
      keptBefore[at + 1] = kept.length;
    }
    for (const cursor of this.#cursors) cursor.at = keptBefore[cursor.at] ?? kept.length;
    this.#keys = kept;
    this.#removed = 0;
    this.#indices = indicesOf(kept);
  }
}

function indicesOf(keys: readonly (TextKey | undefined)[]): Map<TextKey, number> {
  const indices = new Map<TextKey, number>();
  for (const [at, key] of keys.entries()) if (key !== undefined) indices.set(key, at);
  return indices;
}
