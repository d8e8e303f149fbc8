/** What Lua values are in JavaScript, and the class for Lua's tables by value. */
import { EncodeError, messageOf, UsageError } from "./errors.ts";
import type { ExternalTable } from "./external-table.ts";
import type { LuaGraph } from "./lua-graph.ts";
import type { LuaBytes, LuaFloat } from "./scalars.ts";
import { keyIdentity, normalKey } from "./table-key.ts";
import { TextMap } from "./text-map.ts";

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
      if (cause instanceof EncodeError) throw cause;
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
