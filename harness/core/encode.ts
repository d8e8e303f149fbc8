/** Encodes JavaScript values as docs/FORMATS.md has them: one value, a list, or a table's key. */
import { tableDepthMax, valueTags } from "../artifact/abi.ts";
import { ByteWriter } from "./byte-writer.ts";
import { EncodeError } from "./errors.ts";
import { ExternalTable } from "./external-table.ts";
import { LuaGraph } from "./lua-graph.ts";
import { bytesOf, LuaBytes, LuaFloat } from "./scalars.ts";
import { isInteger64, isIntegral64 } from "./table-key.ts";
import { type LuaInput, LuaTable } from "./values.ts";

/** The id by which the core knows an external table; throws EncodeError for another core's. */
export type TableIds = (table: ExternalTable) => number;

const stringBytesMax = 0xffff_ffff;

/** One value. Throws EncodeError when there is no Lua value for it. */
export function encodeValue(value: LuaInput, tableIds: TableIds): Uint8Array<ArrayBuffer> {
  const encoding = new Encoding(tableIds);
  encoding.value(value, 0);
  return encoding.writer.finish();
}

/** The value of an external table's entry: a LuaGraph too. Throws EncodeError. */
export function encodeEntry(value: LuaInput, tableIds: TableIds): Uint8Array<ArrayBuffer> {
  if (!(value instanceof LuaGraph)) return encodeValue(value, tableIds);
  const body = value.bodyFor(tableIds);
  const writer = new ByteWriter();
  writer.u8(valueTags.graph);
  writer.bytes(body);
  return writer.finish();
}

/** A list of values, as arguments and results are passed. */
export function encodeList(
  values: readonly LuaInput[],
  tableIds: TableIds,
): Uint8Array<ArrayBuffer> {
  const encoding = new Encoding(tableIds);
  encoding.writer.u32(values.length);
  for (const value of values) encoding.value(value, 0);
  return encoding.writer.finish();
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
  const encoding = new Encoding(() => {
    throw new EncodeError("an external table is no key of an external table");
  });
  if (typeof key === "number" || key instanceof LuaFloat) encoding.numberKey(Number(key));
  else if (isKey(key)) encoding.value(key, 0);
  else throw new EncodeError(`${kindOf(key)} is no key of an external table`);
  return encoding.writer.finish();
}

function isKey(key: LuaInput): boolean {
  return (
    typeof key === "boolean" ||
    typeof key === "bigint" ||
    typeof key === "string" ||
    key instanceof LuaBytes ||
    key instanceof Uint8Array
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
      throw new EncodeError(`${value} is beyond Lua's integers, which have 64 bits`);
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
    if (bytes.length > stringBytesMax) throw new EncodeError("a string is longer than 4 GiB");
    this.writer.u8(valueTags.string);
    this.writer.u32(bytes.length);
    this.writer.bytes(bytes);
  }

  #object(value: object, depth: number): void {
    if (value instanceof LuaFloat) return this.#float(value.value);
    if (value instanceof LuaBytes) return this.#bytes(value.toBytes());
    if (value instanceof Uint8Array) return this.#bytes(value);
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
      count += 1;
    }
    this.writer.patchU32(countAt, count);
  }
}

function isNaNKey(key: unknown): boolean {
  return Number.isNaN(key instanceof LuaFloat ? key.value : key);
}

/** The entries of what is a table in Lua. Throws EncodeError for an object with another meaning. */
function entriesOf(value: object): Iterable<readonly [unknown, unknown]> {
  if (value instanceof LuaTable || value instanceof Map) return value;
  if (Array.isArray(value)) return value.map((item, i) => [i + 1, item] as const);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) throw new EncodeError(`${kindOf(value)} has no Lua value`);
  return Object.entries(value);
}

/** What a value is, in words for a message. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nil";
  if (value instanceof Promise) return "a Promise (host functions are synchronous)";
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object of class ${value.constructor?.name ?? "unknown"}`;
}
