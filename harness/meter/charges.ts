/** Where a function body is charged, and how much: its basic blocks, found in one pass. */
import type { ByteReader } from "../wasm/byte-reader.ts";
import { type Instruction, readInstructions, skipLocals } from "../wasm/instructions.ts";
import { type LengthCharge, lengthCharges, type Weight } from "./cost-model.ts";

/** To be charged before the instruction that begins at `offset`, each time it is reached. */
export type Charge =
  | { readonly kind: "block"; readonly offset: number; readonly instructions: number }
  /** The length lies on top of the stack there, an i32. */
  | { readonly kind: "length"; readonly offset: number; readonly length: LengthCharge };

/** What an instruction does to the block that it stands in. */
type Role = "opens" | "opens-loop" | "opens-if" | "switches" | "ends" | "passes-on" | "leaves";

/** All others go on to the next instruction, and nowhere else. A trap ends the instance. */
const roles: ReadonlyMap<number, Role> = new Map([
  [0x00, "leaves"], // unreachable
  [0x02, "opens"], // block
  [0x03, "opens-loop"],
  [0x04, "opens-if"],
  [0x05, "switches"], // else
  [0x06, "opens"], // try
  [0x07, "switches"], // catch
  [0x08, "leaves"], // throw
  [0x09, "leaves"], // rethrow
  [0x0a, "leaves"], // throw_ref
  [0x0b, "ends"], // end
  [0x0c, "leaves"], // br
  [0x0d, "passes-on"], // br_if
  [0x0e, "leaves"], // br_table
  [0x0f, "leaves"], // return
  [0x10, "passes-on"], // call: it may not come back
  [0x11, "passes-on"], // call_indirect
  [0x12, "leaves"], // return_call
  [0x13, "leaves"], // return_call_indirect
  [0x18, "ends"], // delegate
  [0x19, "switches"], // catch_all
  [0x1f, "opens"], // try_table
]);

/** A block, loop, if or try that is open; the first is the function itself. */
interface Frame {
  readonly isLoop: boolean;
  /** Nothing reaches it: it stands behind a branch, in what is never executed. */
  readonly isDead: boolean;
}

/**
 * The charges of a body, by ascending offset. `reader` stands at its locals and ends with it.
 * Throws WasmFormatError at an unknown instruction, and where blocks and ends don't match.
 */
export function chargesOf(reader: ByteReader, weightOf: Weight): readonly Charge[] {
  skipLocals(reader);
  const blocks = new Blocks(reader);
  readInstructions(reader, (instruction) => {
    blocks.count(instruction, weightOf(instruction.opcode));
    blocks.pass(instruction);
  });
  return blocks.finish();
}

class Blocks {
  readonly #reader: ByteReader;
  readonly #charges: Charge[] = [];
  readonly #frames: Frame[] = [{ isLoop: false, isDead: false }];
  /** What was executed since the last charge, when this place is reached. */
  #uncharged = 0;
  #isDead = false;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  count({ opcode, start }: Instruction, weight: number): void {
    if (this.#isDead) return;
    this.#uncharged += weight;
    const length = lengthCharges.get(opcode);
    if (length !== undefined) this.#charges.push({ kind: "length", offset: start, length });
  }

  pass({ opcode, start }: Instruction): void {
    if (this.#frames.length === 0) this.#reader.fail("instructions behind the last end", start);
    const role = roles.get(opcode);
    switch (role) {
      case undefined:
        return;
      case "opens":
        return this.#open({ isLoop: false });
      case "opens-loop":
        // Its label is here: what comes now is executed more often than what came.
        this.#charge(start);
        return this.#open({ isLoop: true });
      case "opens-if":
        this.#charge(start);
        return this.#open({ isLoop: false });
      case "switches":
        this.#charge(start);
        this.#isDead = this.#frames.at(-1)?.isDead ?? true;
        return;
      case "passes-on":
        return this.#charge(start);
      case "leaves":
        this.#charge(start);
        this.#isDead = true;
        return;
      case "ends":
        return this.#end(start);
    }
  }

  /** All charges of a body that is complete. */
  finish(): readonly Charge[] {
    const open = this.#frames.length;
    if (open > 0) this.#reader.fail(`${open} ends are missing`);
    return this.#charges;
  }

  #open({ isLoop }: { readonly isLoop: boolean }): void {
    this.#frames.push({ isLoop, isDead: this.#isDead });
  }

  /** Branches come to the end of a block, none to that of a loop. */
  #end(start: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined || frame.isLoop) return;
    this.#charge(start);
    this.#isDead = frame.isDead;
  }

  #charge(offset: number): void {
    if (this.#uncharged === 0) return;
    this.#charges.push({ kind: "block", offset, instructions: this.#uncharged });
    this.#uncharged = 0;
  }
}
