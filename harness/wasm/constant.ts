/** Constant expressions: where a segment lies, what a global or table begins as. */
import type { ByteReader } from "./byte-reader.ts";
import { type Instruction, prefixed, readInstruction } from "./instructions.ts";

export interface Constant {
  /** Without the end. */
  readonly instructions: readonly Instruction[];
  /** Signed, of one i32.const or i64.const alone. */
  readonly value?: number | bigint;
}

const end = 0x0b;
/** Those that may stand in one: https://webassembly.github.io/spec/core/valid/instructions.html */
const constantOpcodes: ReadonlySet<number> = new Set([
  ...[0x41, 0x42, 0x43, 0x44], // i32.const, i64.const, f32.const, f64.const
  ...[0x23, 0xd0, 0xd2], // global.get, ref.null, ref.func
  ...[0x6a, 0x6b, 0x6c], // i32.add, i32.sub, i32.mul
  ...[0x7c, 0x7d, 0x7e], // i64.add, i64.sub, i64.mul
  prefixed(0xfd, 0x0c), // v128.const
]);

/** A constant expression with its end. Throws WasmFormatError at any other instruction. */
export function readConstant(reader: ByteReader): Constant {
  const instructions: Instruction[] = [];
  for (;;) {
    const instruction = readInstruction(reader);
    if (instruction.opcode === end) break;
    if (!constantOpcodes.has(instruction.opcode)) {
      const opcode = `opcode 0x${instruction.opcode.toString(16)}`;
      reader.fail(`${opcode} is not constant`, instruction.start);
    }
    instructions.push(instruction);
  }
  if (instructions.length === 0) reader.fail("empty constant expression", reader.offset - 1);
  const [operand] = instructions.length === 1 ? (instructions[0]?.operands ?? []) : [];
  return { instructions, ...(operand?.kind === "integer" ? { value: operand.value } : {}) };
}
