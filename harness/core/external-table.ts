/** An external table as JavaScript sees it: reads like a Map, writable while Lua runs over it. */
import { requireRoomForChange } from "./engine-stack.ts";
import { UsageError } from "./errors.ts";
import { shown } from "./shown.ts";
import type { LuaInput, LuaValue } from "./values.ts";

/** What an external table is made over; the registry of its core provides it. */
export interface TableBacking {
  readonly id: number;
  readonly name: string | undefined;
  readonly size: number;
  readonly get: (key: LuaInput) => LuaValue;
  readonly has: (key: LuaInput) => boolean;
  readonly set: (key: LuaInput, value: LuaInput) => void;
  readonly delete: (key: LuaInput) => boolean;
  readonly clear: () => void;
  readonly entries: () => IterableIterator<[LuaValue, LuaValue]>;
}

/**
 * A table that lives outside of Lua's memory. Keys are booleans, numbers and strings, equal as in
 * Lua (1 is 1.0 but not "1"); other keys throw EncodeError. Iteration is in insertion order and
 * live: it sees what Lua or JavaScript adds on the way.
 */
export class ExternalTable implements Iterable<[LuaValue, LuaValue]> {
  readonly #backing: TableBacking;

  /** Applications get theirs from `core.tables`. */
  constructor(backing: TableBacking) {
    this.#backing = backing;
  }

  /** The number by which Lua's `ext_table` functions know it. */
  get id(): number {
    return this.#backing.id;
  }

  get name(): string | undefined {
    return this.#backing.name;
  }

  get size(): number {
    return this.#backing.size;
  }

  get(key: LuaInput): LuaValue {
    return this.#backing.get(key);
  }

  has(key: LuaInput): boolean {
    return this.#backing.has(key);
  }

  /**
   * Stores a copy; undefined and null delete, as nil does in Lua. Throws EncodeError when key or
   * value is none of Lua's, QuotaExceededError when the quota forbids it: the table is as it was.
   */
  set(key: LuaInput, value: LuaInput): this {
    requireRoomForChange();
    this.#backing.set(key, value);
    return this;
  }

  /** Whether it was there. */
  delete(key: LuaInput): boolean {
    requireRoomForChange();
    return this.#backing.delete(key);
  }

  clear(): void {
    requireRoomForChange();
    this.#backing.clear();
  }

  entries(): IterableIterator<[LuaValue, LuaValue]> {
    return this.#backing.entries();
  }

  *keys(): IterableIterator<LuaValue> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<LuaValue> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(visit: (value: LuaValue, key: LuaValue, table: ExternalTable) => void): void {
    if (typeof visit !== "function") throw new UsageError(`forEach of ${shown(visit)}`);
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  [Symbol.iterator](): IterableIterator<[LuaValue, LuaValue]> {
    return this.entries();
  }
}
