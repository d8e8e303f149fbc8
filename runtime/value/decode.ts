/** Decodes values of docs/FORMATS.md from bytes of unknown origin, exactly or not at all. */
import { tableDepthMax, valueTags } from "../abi/abi.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { DecodeError, UnknownTableError } from "../check/errors.ts";
import { LuaBytes, LuaFloat, textOf } from "../scalar/scalars.ts";
import { isIntegral64 } from "../scalar/table-key.ts";
import type { ExternalTable } from "./values.ts";
import { LuaGraph, LuaTable, type LuaValue } from "./values.ts";

/** How Lua's integers and strings are read. */
export interface ValueMapping {
  /** "number": a bigint only where a number is not exact. "bigint": always a bigint. */
  readonly integers: "number" | "bigint";
  /** "text": LuaBytes only where the bytes are not UTF-8. "bytes": always LuaBytes. */
  readonly strings: "text" | "bytes";
}

/** How an encoding is read, and where its external tables are found. */
export interface Decoding extends ValueMapping {
  /** The table of that id; undefined when there is none. */
  readonly tableOf: (id: number) => ExternalTable | undefined;
  /** By default any number of tables is taken. */
  readonly tablesMax?: number;
}

/** One value in all of the bytes. Throws DecodeError; UnknownTableError where all else fits. */
export function decodeValue(bytes: Uint8Array, decoding: Decoding): LuaValue {
  return decodeValues(bytes, { ...decoding, count: 1 })[0];
}

/** The value of an external table's entry: a LuaGraph too. Throws as decodeValue. */
export function decodeEntry(bytes: Uint8Array, decoding: Decoding): LuaValue {
  if (bytes[0] !== valueTags.graph) return decodeValue(bytes, decoding);
  return new LuaGraph(bytes.subarray(1), (id) => {
    const table = decoding.tableOf(id);
    if (table === undefined) throw new UnknownTableError(`there is no external table ${id}`);
    return table;
  });
}

/** A list: its count, then its values. Throws DecodeError. */
export function decodeList(bytes: Uint8Array, decoding: Decoding): LuaValue[] {
  const reader = new ByteReader(bytes);
  return valuesOf(reader, { ...decoding, count: reader.count(1) });
}

/** `count` values that are one encoding and take all of the bytes. Throws DecodeError. */
export function decodeValues(
  bytes: Uint8Array,
  decoding: Decoding & { readonly count: number },
): LuaValue[] {
  return valuesOf(new ByteReader(bytes), decoding);
}

function valuesOf(reader: ByteReader, decoding: Decoding & { readonly count: number }): LuaValue[] {
  const { count } = decoding;
  if (count > reader.left) throw new DecodeError(`${count} values in ${reader.left} bytes`);
  const decoder = new Decoder(reader, decoding);
  const values: LuaValue[] = [];
  for (let i = 0; i < count; i++) values.push(decoder.value(0));
  reader.end();
  decoder.refuseUnknown();
  return values;
}

class Decoder {
  readonly #reader: ByteReader;
  readonly #decoding: Decoding;
  /** Tables in the order in which they began: what a back reference counts. */
  readonly #begun: LuaTable[] = [];
  /** The first id that no external table has. */
  #unknownId: number | undefined;

  constructor(reader: ByteReader, decoding: Decoding) {
    this.#reader = reader;
    this.#decoding = decoding;
  }

  value(depth: number): LuaValue {
    const tag = this.#reader.u8();
    switch (tag) {
      case valueTags.nil:
        return undefined;
      case valueTags.boolean:
        return this.#boolean();
      case valueTags.integer:
        return this.#integer();
      case valueTags.float:
        return floatOf(this.#reader.f64());
      case valueTags.string:
        return this.#string();
      case valueTags.table:
        return this.#table(depth + 1);
      case valueTags.backReference:
        return this.#backReference();
      case valueTags.externalTable:
        return this.#externalTable();
      default:
        throw new DecodeError(`0x${tag.toString(16)} at byte ${this.#reader.at - 1} is no tag`);
    }
  }

  /** At the end: an encoding that is broken behind an unknown table is no encoding at all. */
  refuseUnknown(): void {
    if (this.#unknownId === undefined) return;
    throw new UnknownTableError(`there is no external table ${this.#unknownId}`);
  }

  #boolean(): boolean {
    const byte = this.#reader.u8();
    if (byte > 1) throw new DecodeError(`no boolean at byte ${this.#reader.at - 1}`);
    return byte === 1;
  }

  #integer(): number | bigint {
    const value = this.#reader.i64();
    if (this.#decoding.integers === "bigint") return value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #string(): string | LuaBytes {
    const bytes = this.#reader.bytes(this.#reader.u32());
    if (this.#decoding.strings === "bytes") return new LuaBytes(bytes);
    return textOf(bytes) ?? new LuaBytes(bytes);
  }

  #table(depth: number): LuaTable {
    if (depth > tableDepthMax) {
      throw new DecodeError(`tables nest deeper than ${tableDepthMax} at byte ${this.#reader.at}`);
    }
    const { tablesMax = Infinity } = this.#decoding;
    if (this.#begun.length >= tablesMax) throw new DecodeError(`more than ${tablesMax} tables`);
    const table = new LuaTable();
    this.#begun.push(table);
    const count = this.#reader.count(2);
    for (let i = 0; i < count; i++) {
      const key = this.value(depth);
      if (key === undefined || Number.isNaN(key)) {
        throw new DecodeError(`nil or NaN is a table's key before byte ${this.#reader.at}`);
      }
      table.set(key, this.value(depth));
    }
    return table;
  }

  #backReference(): LuaTable {
    const index = this.#reader.u32();
    const table = this.#begun[index];
    if (table === undefined) {
      throw new DecodeError(`no table ${index} began before byte ${this.#reader.at}`);
    }
    return table;
  }

  #externalTable(): ExternalTable | LuaTable {
    const id = this.#reader.u32();
    const table = this.#decoding.tableOf(id);
    if (table !== undefined) return table;
    this.#unknownId ??= id;
    // It stands in, as a key too, until refuseUnknown.
    return new LuaTable();
  }
}

/** A number where that number is encoded as the same float again, else a LuaFloat. */
function floatOf(value: number): number | LuaFloat {
  return isIntegral64(value) && !Object.is(value, -0) ? new LuaFloat(value) : value;
}
