/** The cost model, as a table: what an executed instruction counts (docs/COST_MODEL.md). */
import { prefixed } from "../wasm/instructions.ts";

/** What one execution of an instruction counts; what its length adds is in lengthCharges. */
export type Weight = (opcode: number) => number;

/** They mark places and do nothing: no engine makes code of them. */
const marks: ReadonlySet<number> = new Set([
  0x01, // nop
  0x02, // block
  0x03, // loop
  0x05, // else
  0x06, // try
  0x07, // catch
  0x0b, // end
  0x18, // delegate
  0x19, // catch_all
  0x1f, // try_table
]);

export const weightOf: Weight = (opcode) => (marks.has(opcode) ? 0 : 1);

/** One more is counted for each 2^3 = 8 bytes that memory.copy, fill or init moves: a word. */
const bulkBytesShift = 3;

/** What an instruction counts for the length that lies on top of the stack. */
export interface LengthCharge {
  /** Counted: the length, shifted to the right by this. */
  readonly shift: number;
  /** Whether the length counts as bytes moved in memory. */
  readonly isBytes: boolean;
}

const bytesMoved: LengthCharge = { shift: bulkBytesShift, isBytes: true };
const entriesMoved: LengthCharge = { shift: 0, isBytes: false };

/** By opcode: everything that works on a length which it takes from the stack. */
export const lengthCharges: ReadonlyMap<number, LengthCharge> = new Map([
  [prefixed(0xfc, 8), bytesMoved], // memory.init
  [prefixed(0xfc, 10), bytesMoved], // memory.copy
  [prefixed(0xfc, 11), bytesMoved], // memory.fill
  [prefixed(0xfc, 12), entriesMoved], // table.init
  [prefixed(0xfc, 14), entriesMoved], // table.copy
  [prefixed(0xfc, 15), entriesMoved], // table.grow
  [prefixed(0xfc, 17), entriesMoved], // table.fill
]);
