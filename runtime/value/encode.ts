/** Encodes JavaScript values as docs/FORMATS.md has them: one value, a list, or a table's key. */
import { tableDepthMax, valueTags } from "../abi/abi.ts";
import { ByteWriter } from "../bytes/byte-writer.ts";
import {
  EncodeError,
  ignoreRejection,
  isA,
  messageOf,
  QuotaExceededError,
} from "../check/errors.ts";
import { isBytes } from "../check/given-bytes.ts";
import { classOf, shown } from "../check/shown.ts";
import { bytesOf, LuaBytes, LuaFloat } from "../scalar/scalars.ts";
import { isInteger64, isIntegral64 } from "../scalar/table-key.ts";
import { ExternalTable, LuaGraph, type LuaInput, LuaTable } from "./values.ts";

/** The id by which the core knows an external table; throws EncodeError for another core's. */
export type TableIds = (table: ExternalTable) => number;

/** What no memory of a core could take, and a value that never ends (an iterator) comes to. */
const valueBytesMax = 2 ** 28;
/** Each element takes two bytes at least, but holes cost time alone. */
const arrayLengthMax = valueBytesMax / 2 ** 4;

/**
 * One value. Throws EncodeError when there is no Lua value for it, or when it throws while it is
 * read; QuotaExceededError where an external table can't be the core's again.
 */
export function encodeValue(value: unknown, tableIds: TableIds): Uint8Array<ArrayBuffer> {
  return encoded(tableIds, (encoding) => encoding.value(value, 0));
}

/** The value of an external table's entry: a LuaGraph too. Throws EncodeError. */
export function encodeEntry(value: LuaInput, tableIds: TableIds): Uint8Array<ArrayBuffer> {
  return encoded(tableIds, (encoding) => {
    if (!(value instanceof LuaGraph)) return encoding.value(value, 0);
    const body = LuaGraph.prototype.bodyFor.call(value, tableIds);
    encoding.writer.u8(valueTags.graph);
    encoding.writer.bytes(body);
  });
}

/** As the guest has it: Lua's stack holds no more in any case. */
const listValuesMax = 10_000;

/** A list of values, as arguments and results are passed. */
export function encodeList(
  values: readonly LuaInput[],
  tableIds: TableIds,
): Uint8Array<ArrayBuffer> {
  return encoded(tableIds, (encoding) => {
    encoding.writer.u32(0);
    let count = 0;
    for (const value of values) {
      // One too many, which the guest refuses; an iterator may have no end.
      if (count > listValuesMax) break;
      encoding.value(value, 0);
      count += 1;
    }
    encoding.writer.patchU32(0, count);
  });
}

/** A string as a value, without a detour over text. */
export function encodeString(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.u8(valueTags.string);
  writer.u32(bytes.length);
  writer.bytes(bytes);
  return writer.finish();
}

/** The key of an external table: equal keys have equal bytes. Throws EncodeError for no key. */
export function encodeKey(key: LuaInput): Uint8Array<ArrayBuffer> {
  return encoded(noTables, (encoding) => {
    if (typeof key === "number") encoding.numberKey(key);
    else if (key instanceof LuaFloat) encoding.numberKey(LuaFloat.prototype.valueOf.call(key));
    else if (isKey(key)) encoding.value(key, 0);
    else throw new EncodeError(`${kindOf(key)} is no key of an external table`);
  });
}

const noTables: TableIds = () => {
  throw new EncodeError("an external table is no key of an external table");
};

/** What a host's values throw while they are read (getters, proxies) is an EncodeError, too. */
function encoded(tableIds: TableIds, write: (encoding: Encoding) => void): Uint8Array<ArrayBuffer> {
  const encoding = new Encoding(tableIds);
  try {
    write(encoding);
    return encoding.writer.finish();
  } catch (cause) {
    if (isA(cause, EncodeError) || isA(cause, QuotaExceededError)) throw cause;
    throw new EncodeError(`a value can't be read: ${messageOf(cause)}`, { cause });
  }
}

function isKey(key: LuaInput): boolean {
  return (
    typeof key === "boolean" ||
    typeof key === "bigint" ||
    typeof key === "string" ||
    key instanceof LuaBytes ||
    isBytes(key)
  );
}

/** One encoding in the making: back references count over the whole of it. */
class Encoding {
  readonly writer = new ByteWriter();
  readonly #tableIds: TableIds;
  /** Each table that began, and its index. */
  #begun: Map<object, number> | undefined;

  constructor(tableIds: TableIds) {
    this.#tableIds = tableIds;
  }

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "undefined":
        return this.writer.u8(valueTags.nil);
      case "boolean":
        this.writer.u8(valueTags.boolean);
        return this.writer.u8(value ? 1 : 0);
      case "number":
        return this.#number(value);
      case "bigint":
        return this.#integer(value);
      case "string":
        return this.#text(value);
      case "object":
        return value === null ? this.writer.u8(valueTags.nil) : this.#object(value, depth);
      default:
        throw new EncodeError(`${kindOf(value)} has no Lua value`);
    }
  }

  /** As a table's key: integral in the range of Lua's integers is an integer, −0 is 0. */
  numberKey(value: number): void {
    if (Number.isNaN(value)) throw new EncodeError("NaN is no key");
    if (isIntegral64(value)) this.#integer(BigInt(value));
    else this.#float(value);
  }

  /** −0 stays a float: Lua has no such integer. Beyond Lua's integers a number is a float. */
  #number(value: number): void {
    if (isIntegral64(value) && !Object.is(value, -0)) this.#integer(BigInt(value));
    else this.#float(value);
  }

  #integer(value: bigint): void {
    if (!isInteger64(value)) {
      throw new EncodeError(`${shown(value)} is beyond Lua's integers, which have 64 bits`);
    }
    this.writer.u8(valueTags.integer);
    this.writer.i64(value);
  }

  #float(value: number): void {
    this.writer.u8(valueTags.float);
    this.writer.f64(value);
  }

  #text(text: string): void {
    const bytes = bytesOf(text);
    if (bytes === undefined) {
      throw new EncodeError("a text with a lone surrogate has no UTF-8; pass LuaBytes");
    }
    this.#bytes(bytes);
  }

  #bytes(bytes: Uint8Array): void {
    this.writer.u8(valueTags.string);
    this.writer.u32(bytes.length);
    this.writer.bytes(bytes);
    this.#checkSize();
  }

  #checkSize(): void {
    if (this.writer.length <= valueBytesMax) return;
    throw new EncodeError(`a value has more than ${valueBytesMax} bytes`);
  }

  #object(value: object, depth: number): void {
    if (value instanceof LuaFloat) return this.#float(LuaFloat.prototype.valueOf.call(value));
    if (value instanceof LuaBytes) return this.#bytes(LuaBytes.prototype.toBytes.call(value));
    if (isBytes(value)) {
      // A view of our own. This throws where the buffer is gone, or ends before the view.
      Uint8Array.prototype.at.call(value, 0);
      return this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    if (value instanceof ExternalTable) {
      const id = this.#tableIds(value);
      this.writer.u8(valueTags.externalTable);
      return this.writer.u32(id);
    }
    if (value instanceof LuaGraph) {
      throw new EncodeError("a LuaGraph can only be the whole value of an external table's entry");
    }
    this.#begun ??= new Map();
    const index = this.#begun.get(value);
    if (index !== undefined) {
      this.writer.u8(valueTags.backReference);
      return this.writer.u32(index);
    }
    if (depth >= tableDepthMax) {
      throw new EncodeError(`tables nest deeper than ${tableDepthMax}`);
    }
    this.#begun.set(value, this.#begun.size);
    return this.#table(entriesOf(value), depth + 1);
  }

  #table(entries: Iterable<readonly [unknown, unknown]>, depth: number): void {
    this.writer.u8(valueTags.table);
    const countAt = this.writer.length;
    this.writer.u32(0);
    let count = 0;
    for (const [key, value] of entries) {
      if (key === undefined || key === null || isNaNKey(key)) {
        throw new EncodeError("nil and NaN are no keys of a Lua table");
      }
      if (value === undefined || value === null) continue;
      this.value(key, depth);
      this.value(value, depth);
      this.#checkSize();
      count += 1;
    }
    this.writer.patchU32(countAt, count);
  }
}

function isNaNKey(key: unknown): boolean {
  return Number.isNaN(key instanceof LuaFloat ? key.value : key);
}

/**
 * The entries of what is a table in Lua: read from the object itself, whatever methods it has.
 * Throws EncodeError for an object with another meaning.
 */
function entriesOf(value: object): Iterable<readonly [unknown, unknown]> {
  if (value instanceof LuaTable) return LuaTable.prototype[Symbol.iterator].call(value);
  if (isMap(value)) return Map.prototype.entries.call(value);
  if (Array.isArray(value)) return itemsOf(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) throw new EncodeError(`${kindOf(value)} has no Lua value`);
  return Object.entries(value);
}

/** Of another realm too. */
function isMap(value: object): value is Map<unknown, unknown> {
  return value instanceof Map || Object.prototype.toString.call(value) === "[object Map]";
}

function* itemsOf(array: readonly unknown[]): Iterable<readonly [number, unknown]> {
  const { length } = array;
  if (length > arrayLengthMax) throw new EncodeError(`an array of ${length} elements is too long`);
  for (let i = 0; i < length; i++) yield [i + 1, array[i]];
}

/** What a value is, in words for a message. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nil";
  if (value instanceof Promise) {
    ignoreRejection(value);
    return "a Promise (host functions are synchronous)";
  }
  return typeof value === "object" ? classOf(value) : `a ${typeof value}`;
}
