/** What Lua values are in JavaScript, and a class for each kind that JavaScript does not have. */

import { requireRoomForChange } from "../check/engine-stack.ts";
import { DecodeError, EncodeError, isA, messageOf, UsageError } from "../check/errors.ts";
import { shown } from "../check/shown.ts";
import { decodeBody, outlineOfValue } from "../graph/decode-body.ts";
import type { SnapshotGraph } from "../graph/graph.ts";
import { showGraph } from "../graph/show.ts";
import { TextMap } from "../map/text-map.ts";
import type { LuaBytes, LuaFloat } from "../scalar/scalars.ts";
import { keyIdentity, normalKey } from "../scalar/table-key.ts";

/** What Lua values are in JavaScript. nil is `undefined`. */
export type LuaValue =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | LuaFloat
  | LuaBytes
  | LuaTable
  | ExternalTable
  | LuaGraph;

/** What can be given to Lua: every LuaValue, and the JavaScript values that have one meaning. */
export type LuaInput =
  | LuaValue
  | null
  | Uint8Array
  | readonly LuaInput[]
  | ReadonlyMap<LuaInput, LuaInput>
  | { readonly [key: string]: LuaInput };

/**
 * A Lua table by value: entries in the order in which they came, keys exact. A key is looked up as
 * Lua does: 1 and 1.0 are one key, 1 and "1" are two, a table is a key by identity.
 */
export class LuaTable {
  readonly #entries = new TextMap<unknown, readonly [LuaValue, LuaValue]>();

  /** Throws UsageError for what are no entries, or throws when it is read. */
  constructor(entries: Iterable<readonly [LuaValue, LuaValue]> = []) {
    try {
      for (const [key, value] of entries) this.set(key, value);
    } catch (cause) {
      if (isA(cause, EncodeError)) throw cause;
      throw new UsageError(`no entries of a LuaTable: ${messageOf(cause)}`, { cause });
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: LuaValue): LuaValue {
    return this.#entries.get(keyIdentity(key))?.[1];
  }

  has(key: LuaValue): boolean {
    return this.#entries.has(keyIdentity(key));
  }

  /** undefined deletes, as nil does in Lua. nil and NaN are no keys: throws EncodeError. */
  set(key: LuaValue, value: LuaValue): this {
    const identity = keyIdentity(key);
    if (identity === undefined) throw new EncodeError("nil and NaN are no keys of a Lua table");
    if (value === undefined) this.delete(key);
    else this.#entries.set(identity, [normalKey(key), value]);
    return this;
  }

  delete(key: LuaValue): boolean {
    return this.#entries.delete(keyIdentity(key));
  }

  [Symbol.iterator](): IterableIterator<readonly [LuaValue, LuaValue]> {
    return this.#entries.values();
  }

  /** The values of the keys 1, 2, 3 … up to the first that is not there. */
  toArray(): LuaValue[] {
    const values: LuaValue[] = [];
    for (let i = 1; this.has(i); i++) values.push(this.get(i));
    return values;
  }

  /** The entries whose keys are text, on an object without a prototype; other keys are left out. */
  toObject(): Record<string, LuaValue> {
    const object: Record<string, LuaValue> = Object.create(null);
    for (const [key, value] of this) if (typeof key === "string") object[key] = value;
    return object;
  }
}

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

/**
 * What an external table's entry holds where Lua stored a function, or a table with a metatable.
 * JavaScript can read it and set it into another table; only Lua can call it. Immutable.
 */
export class LuaGraph {
  /** Lua functions in it: from elsewhere than this core, they are code that somebody wrote. */
  readonly functionCount: number;
  readonly #body: Uint8Array<ArrayBuffer>;
  readonly #tables: readonly ExternalTable[];

  /** Applications get theirs from an external table. Throws DecodeError for no value's body. */
  constructor(body: Uint8Array, tableOf: (id: number) => ExternalTable) {
    const { functionCount, tables } = outlineOfValue(body);
    this.functionCount = functionCount;
    this.#body = new Uint8Array(body);
    this.#tables = tables.map(tableOf);
  }

  /** The external tables that it refers to. */
  get tables(): readonly ExternalTable[] {
    return this.#tables;
  }

  /** A copy of the body (docs/FORMATS.md). */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#body.slice();
  }

  equals(other: LuaGraph): boolean {
    if (Object(other) !== other || !(#body in other)) return false;
    const bytes = other.#body;
    return this.#body.length === bytes.length && this.#body.every((byte, i) => byte === bytes[i]);
  }

  /** All that it holds. Throws DecodeError for bytes that are damaged behind their objects. */
  graph(): SnapshotGraph {
    const result = decodeBody(this.#body);
    if (!result.ok) throw new DecodeError(result.reason);
    return result.graph;
  }

  /** What it holds, a line for each thing: a thousand, and how many more. Throws as `graph`. */
  toString(): string {
    return showGraph(this.graph());
  }

  /** The body, for a core in which its tables have these ids. Throws EncodeError for another. */
  bodyFor(tableIds: (table: ExternalTable) => number): Uint8Array {
    for (const table of this.#tables) {
      if (tableIds(table) === table.id) continue;
      throw new EncodeError(`external table ${table.id} has another id here`);
    }
    return this.#body;
  }
}

/** Several return values of a host function; made by `multiple`. */
export class LuaValues {
  readonly values: readonly LuaInput[];

  constructor(values: readonly LuaInput[]) {
    this.values = values;
  }
}

/** What a host function returns in order to return several values to Lua, or none: `multiple()`. */
export function multiple(...values: readonly LuaInput[]): LuaValues {
  return new LuaValues(values);
}
