/** Decodes the instructions of a function body: opcode, place, and what each operand refers to. */
import type { ByteReader } from "./byte-reader.ts";
import { readHeapType, readValueType } from "./types.ts";

/** What an index of an instruction counts: an index space of the module, or locals and labels. */
export type IndexSpace =
  | "function"
  | "type"
  | "table"
  | "memory"
  | "global"
  | "tag"
  | "data"
  | "element"
  | "local"
  | "label";

export type Operand =
  | { readonly kind: "index"; readonly space: IndexSpace; readonly index: number }
  /** Of i32.const and i64.const, signed. */
  | { readonly kind: "integer"; readonly value: number | bigint }
  /** What a load or store adds to its address. */
  | { readonly kind: "address"; readonly offset: number };

export interface Instruction {
  /** The byte; behind a prefix the prefix in the upper part: 0xfc000a is memory.copy. */
  readonly opcode: number;
  /** Where it begins and ends in the reader's bytes. */
  readonly start: number;
  readonly end: number;
  /** Value types, alignments, lanes, floats and vectors are no operands: nothing reads them. */
  readonly operands: readonly Operand[];
}

/** An opcode behind a prefix byte, as Instruction.opcode writes it. */
export function prefixed(prefix: number, opcode: number): number {
  return prefix * 0x10000 + opcode;
}

/**
 * All instructions from `reader` to its end, the body's `end` included: the locals are read before
 * (skipLocals). Core 3.0 without garbage collection and typed references, legacy exceptions,
 * threads and SIMD. Throws WasmFormatError at what it does not know; it checks no types.
 * Opcodes: https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */
export function readInstructions(
  reader: ByteReader,
  visit: (instruction: Instruction) => void,
): void {
  while (!reader.atEnd) visit(readInstruction(reader));
}

/** One instruction; throws as readInstructions does. */
export function readInstruction(reader: ByteReader): Instruction {
  const start = reader.offset;
  const opcode = readOpcode(reader);
  const readOperands = operandReaders.get(opcode);
  if (readOperands === undefined) {
    reader.fail(`unknown instruction 0x${opcode.toString(16)}`, start);
  }
  const operands = readOperands(reader);
  return { opcode, start, end: reader.offset, operands };
}

/** Reads over a body's declarations of locals. */
export function skipLocals(reader: ByteReader): void {
  reader.vector(() => {
    reader.u32();
    readValueType(reader);
  });
}

function readOpcode(reader: ByteReader): number {
  const byte = reader.u8();
  return byte >= 0xfc && byte <= 0xfe ? prefixed(byte, reader.u32()) : byte;
}

const none: readonly Operand[] = [];

type OperandReader = (reader: ByteReader) => readonly Operand[];

const noOperand: OperandReader = () => none;

function indices(...spaces: readonly IndexSpace[]): OperandReader {
  return (reader) => spaces.map((space) => ({ kind: "index", space, index: reader.u32() }));
}

function skipped(sizeBytes: number): OperandReader {
  return (reader) => {
    reader.skip(sizeBytes);
    return none;
  };
}

function integer(bits: 32 | 64): OperandReader {
  return (reader) => {
    const value = reader.signed(bits);
    return [{ kind: "integer", value: bits === 32 ? Number(value) : value }];
  };
}

/** Empty, one value type, or the index of a function type. */
function readBlockType(reader: ByteReader): readonly Operand[] {
  const byte = reader.peek();
  if (byte === 0x40) {
    reader.u8();
    return none;
  }
  // A non-negative s33 of one byte has bit 6 clear; of several, bit 7 is set.
  if (byte >= 0x80 || byte < 0x40) {
    const start = reader.offset;
    const index = reader.signed(33);
    if (index < 0n) reader.fail("unknown block type", start);
    return [{ kind: "index", space: "type", index: Number(index) }];
  }
  readValueType(reader);
  return none;
}

const memoryIndexFlag = 0x40;

function readMemoryArgument(reader: ByteReader): readonly Operand[] {
  const alignment = reader.u32();
  const memory = (alignment & memoryIndexFlag) === 0 ? 0 : reader.u32();
  const offset = reader.u32();
  return [
    { kind: "index", space: "memory", index: memory },
    { kind: "address", offset },
  ];
}

function readMemoryArgumentAndLane(reader: ByteReader): readonly Operand[] {
  const operands = readMemoryArgument(reader);
  reader.skip(1);
  return operands;
}

function readLabels(reader: ByteReader): readonly Operand[] {
  const label = (): Operand => ({ kind: "index", space: "label", index: reader.u32() });
  return [...reader.vector(label), label()];
}

/** Block type and clauses: 0 and 1 name a tag, 2 and 3 catch all; each names a label. */
function readTryTable(reader: ByteReader): readonly Operand[] {
  const type = readBlockType(reader);
  const clauses = reader.vector(() => {
    const clause = reader.u8();
    if (clause > 3) reader.fail(`unknown catch clause ${clause}`, reader.offset - 1);
    return clause < 2 ? indices("tag", "label")(reader) : indices("label")(reader);
  });
  return [...type, ...clauses.flat()];
}

/** Behind the prefix 0xfd: gaps between its instructions. */
const unassignedVectorOpcodes: ReadonlySet<number> = new Set([
  ...[0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb],
  ...[0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee],
]);

const operandReaders: ReadonlyMap<number, OperandReader> = new Map([
  ...each(0x00, 0x01, noOperand), // unreachable, nop
  ...each(0x02, 0x04, readBlockType), // block, loop, if
  [0x05, noOperand], // else
  [0x06, readBlockType], // try
  ...each(0x07, 0x08, indices("tag")), // catch, throw
  [0x09, indices("label")], // rethrow
  ...each(0x0a, 0x0b, noOperand), // throw_ref, end
  ...each(0x0c, 0x0d, indices("label")), // br, br_if
  [0x0e, readLabels], // br_table
  [0x0f, noOperand], // return
  [0x10, indices("function")], // call
  [0x11, indices("type", "table")], // call_indirect
  [0x12, indices("function")], // return_call
  [0x13, indices("type", "table")], // return_call_indirect
  [0x18, indices("label")], // delegate
  ...each(0x19, 0x1b, noOperand), // catch_all, drop, select
  [0x1c, readSelectTypes], // select t
  [0x1f, readTryTable],
  ...each(0x20, 0x22, indices("local")), // local.get, local.set, local.tee
  ...each(0x23, 0x24, indices("global")), // global.get, global.set
  ...each(0x25, 0x26, indices("table")), // table.get, table.set
  ...each(0x28, 0x3e, readMemoryArgument), // loads and stores
  ...each(0x3f, 0x40, indices("memory")), // memory.size, memory.grow
  [0x41, integer(32)],
  [0x42, integer(64)],
  [0x43, skipped(4)], // f32.const
  [0x44, skipped(8)], // f64.const
  ...each(0x45, 0xc4, noOperand), // comparison, arithmetic, conversion, sign extension
  [0xd0, readNullType], // ref.null
  [0xd1, noOperand], // ref.is_null
  [0xd2, indices("function")], // ref.func
  ...behind(0xfc, [
    ...each(0, 7, noOperand), // saturating truncation
    [8, indices("data", "memory")], // memory.init
    [9, indices("data")], // data.drop
    [10, indices("memory", "memory")], // memory.copy
    [11, indices("memory")], // memory.fill
    [12, indices("element", "table")], // table.init
    [13, indices("element")], // elem.drop
    [14, indices("table", "table")], // table.copy
    ...each(15, 17, indices("table")), // table.grow, table.size, table.fill
  ]),
  ...behind(0xfd, [
    ...each(0, 11, readMemoryArgument), // loads and the store of whole vectors
    ...each(12, 13, skipped(16)), // v128.const, i8x16.shuffle
    ...each(14, 20, noOperand), // swizzle, splats
    ...each(21, 34, skipped(1)), // lanes taken and replaced
    ...each(35, 83, noOperand), // comparison, bits
    ...each(84, 91, readMemoryArgumentAndLane),
    ...each(92, 93, readMemoryArgument), // loads that fill with zeros
    // Arithmetic, relaxed SIMD.
    ...each(94, 0x113, noOperand).filter(([opcode]) => !unassignedVectorOpcodes.has(opcode)),
  ]),
  ...behind(0xfe, [
    ...each(0, 2, readMemoryArgument), // notify, wait32, wait64
    [3, skipped(1)], // fence
    ...each(0x10, 0x4e, readMemoryArgument),
  ]),
]);

function readSelectTypes(reader: ByteReader): readonly Operand[] {
  reader.vector(() => readValueType(reader));
  return none;
}

function readNullType(reader: ByteReader): readonly Operand[] {
  readHeapType(reader);
  return none;
}

type Entry = readonly [number, OperandReader];

/** One reader for the opcodes from `first` to `last`, both included. */
function each(first: number, last: number, read: OperandReader): readonly Entry[] {
  return Array.from({ length: last - first + 1 }, (_, step): Entry => [first + step, read]);
}

function behind(prefix: number, entries: readonly Entry[]): readonly Entry[] {
  return entries.map(([opcode, read]): Entry => [prefixed(prefix, opcode), read]);
}
