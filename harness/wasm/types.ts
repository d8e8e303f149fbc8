/** Reads wasm's types, and writes them as text. */
import type { ByteReader } from "./byte-reader.ts";

export interface Limits {
  readonly min: number;
  readonly max?: number;
}

/** Binary format, 5.3.1 ff.: https://webassembly.github.io/spec/core/binary/types.html */
const valueTypes: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
  [0x69, "exnref"],
]);

/** Abstract heap types as single bytes of s33. */
const heapTypes: ReadonlyMap<bigint, string> = new Map([
  [-0x10n, "func"],
  [-0x11n, "extern"],
  [-0x17n, "exn"],
  [-0x0dn, "nofunc"],
  [-0x0en, "noextern"],
  [-0x0cn, "noexn"],
]);

export function readValueType(reader: ByteReader): string {
  const start = reader.offset;
  const byte = reader.u8();
  const simple = valueTypes.get(byte);
  if (simple !== undefined) return simple;
  if (byte === 0x63) return `(ref null ${readHeapType(reader)})`;
  if (byte === 0x64) return `(ref ${readHeapType(reader)})`;
  return reader.fail(`unknown value type 0x${byte.toString(16)}`, start);
}

export function readHeapType(reader: ByteReader): string {
  const start = reader.offset;
  const type = reader.signed(33);
  if (type >= 0n) return String(type);
  return heapTypes.get(type) ?? reader.fail("unknown heap type", start);
}

/** A function type as text: "(i32, i32) -> (i32)". */
export function readFunctionType(reader: ByteReader): string {
  const start = reader.offset;
  const form = reader.u8();
  if (form !== 0x60) {
    reader.fail(`type form 0x${form.toString(16)} is no function type`, start);
  }
  const parameters = reader.vector(() => readValueType(reader));
  const results = reader.vector(() => readValueType(reader));
  return `(${parameters.join(", ")}) -> (${results.join(", ")})`;
}

/** Limits of a memory or table. Not read: 64-bit and custom page sizes, which no core has. */
export function readLimits(reader: ByteReader): Limits {
  const start = reader.offset;
  const flags = reader.u8();
  if (flags > 3) reader.fail(`limits with flags 0x${flags.toString(16)} are not supported`, start);
  const min = reader.u32();
  if ((flags & 1) === 0) return { min };
  const max = reader.u32();
  if (max < min) reader.fail(`maximum ${max} is less than minimum ${min}`, start);
  return { min, max };
}

export function limitsText({ min, max }: Limits): string {
  return `${min}..${max ?? ""}`;
}

export interface GlobalType {
  readonly valueType: string;
  readonly mutable: boolean;
}

export function readGlobalType(reader: ByteReader): GlobalType {
  const valueType = readValueType(reader);
  const start = reader.offset;
  const flag = reader.u8();
  if (flag > 1) reader.fail(`unknown mutability 0x${flag.toString(16)}`, start);
  return { valueType, mutable: flag === 1 };
}

export function globalText({ valueType, mutable }: GlobalType): string {
  return mutable ? `mutable ${valueType}` : valueType;
}

export interface TableType extends Limits {
  readonly elementType: string;
}

export function readTableType(reader: ByteReader): TableType {
  const elementType = readValueType(reader);
  return { elementType, ...readLimits(reader) };
}

export function tableText(table: TableType): string {
  return `${table.elementType} ${limitsText(table)}`;
}
