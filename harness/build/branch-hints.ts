/**
 * Says of branches which way is hardly ever gone, in the custom section by which engines lay out
 * code and allocate registers (https://github.com/WebAssembly/branch-hinting). Clang does not write
 * it yet; so what is cold is found here, by what Lua calls only in exceptional cases.
 */

import { joined } from "../../runtime/bytes/joined.ts";
import type { ByteReader } from "../wasm/byte-reader.ts";
import { customSection } from "../wasm/custom-section.ts";
import { unsigned } from "../wasm/encoding.ts";
import { readBodies } from "../wasm/entries.ts";
import { type Instruction, readInstructions, skipLocals } from "../wasm/instructions.ts";
import { readModule } from "../wasm/module.ts";
import { readSections } from "../wasm/sections.ts";

const branchHintSection = "metadata.code.branch_hint";

/** Where one `if` or `br_if` goes. */
interface Branch {
  /** Of the instruction, from the start of the function's body: its locals. */
  readonly offset: number;
  /** The block that it goes to when its condition holds, and the one when not. */
  readonly taken: number;
  readonly passed: number;
}

/** A function's basic blocks, by number; the first is its entry. */
interface Flow {
  readonly successors: readonly (readonly number[])[];
  /** Blocks that end in a trap or throw, or that handle an exception. */
  readonly abrupt: ReadonlySet<number>;
  readonly calls: readonly { readonly block: number; readonly callee: number }[];
  readonly branches: readonly Branch[];
}

/** Who leaves a function goes on in this block, which has no end. */
const exit = 1;

/**
 * The module with the section, before its code. `coldNames`: functions, as the name section or an
 * import has them; cold is also what always calls one of them, traps or throws. Throws
 * WasmFormatError, also at an instruction that is not known.
 */
export function withBranchHints(
  wasm: Uint8Array<ArrayBuffer>,
  coldNames: ReadonlySet<string>,
): Uint8Array<ArrayBuffer> {
  const { imports, functions } = readModule(wasm);
  const sections = readSections(wasm);
  const code = sections.find((section) => section.name === "code");
  if (code === undefined) return wasm;
  const flows = readBodies(code).map(flowOf);
  const names = [
    ...imports.filter(({ kind }) => kind === "function").map((each) => each.name),
    ...functions.map((each) => each.name ?? ""),
  ];
  const first = names.length - functions.length;
  const cold = new Set([...names.keys()].filter((index) => coldNames.has(names[index] ?? "")));
  const coldBlocks = spread(flows, { cold, first });
  const hinted = flows.flatMap(({ branches }, position) => {
    const hints = branches.flatMap((branch) => hintOf(branch, coldBlocks[position] ?? new Set()));
    return hints.length === 0 ? [] : [{ index: first + position, hints }];
  });
  const content = joined([
    unsigned(hinted.length),
    ...hinted.flatMap(({ index, hints }) => [unsigned(index), unsigned(hints.length), ...hints]),
  ]);
  return joined([
    wasm.subarray(0, code.offset),
    customSection({ name: branchHintSection, content }),
    wasm.subarray(code.offset),
  ]);
}

/** Offset, length of the hint, and the hint: 1 where the condition is likely to hold. */
function hintOf(
  { offset, taken, passed }: Branch,
  cold: ReadonlySet<number>,
): readonly (readonly number[])[] {
  if (cold.has(taken) === cold.has(passed)) return [];
  return [[...unsigned(offset), 1, cold.has(taken) ? 0 : 1]];
}

/** The cold blocks of each function; adds to `cold` the functions whose entry is. */
function spread(
  flows: readonly Flow[],
  { cold, first }: { readonly cold: Set<number>; readonly first: number },
): readonly ReadonlySet<number>[] {
  for (;;) {
    const known = cold.size;
    const blocks = flows.map((flow) => coldBlocksOf(flow, cold));
    for (const [position, coldBlocks] of blocks.entries()) {
      if (coldBlocks.has(0)) cold.add(first + position);
    }
    if (cold.size === known) return blocks;
  }
}

/** Those that call what is cold or end abruptly, and all from which there is no other way. */
function coldBlocksOf({ successors, abrupt, calls }: Flow, cold: ReadonlySet<number>): Set<number> {
  const blocks = new Set(abrupt);
  for (const { block, callee } of calls) if (cold.has(callee)) blocks.add(block);
  for (;;) {
    const known = blocks.size;
    // From the last one: most blocks go on to later ones.
    for (let block = successors.length - 1; block >= 0; block--) {
      const next = successors[block] ?? [];
      if (next.length > 0 && next.every((each) => blocks.has(each))) blocks.add(block);
    }
    if (blocks.size === known) return blocks;
  }
}

/** A block, loop, if or try that is open; the first is the function itself. */
interface Frame {
  /** Where a branch to its label goes. */
  readonly label: number;
  /** Where its end goes on. */
  readonly end: number;
  /** Of an `if` whose `else` has not come. */
  readonly otherwise?: number;
}

/** `body` stands at the locals and ends with the body. */
function flowOf(body: ByteReader): Flow {
  const start = body.offset;
  skipLocals(body);
  const builder = new FlowBuilder(start);
  readInstructions(body, (instruction) => builder.pass(instruction));
  return builder.flow;
}

class FlowBuilder {
  readonly #start: number;
  readonly #successors: number[][] = [[], []];
  readonly #abrupt = new Set<number>();
  readonly #calls: { block: number; callee: number }[] = [];
  readonly #branches: Branch[] = [];
  readonly #frames: Frame[] = [{ label: exit, end: exit }];
  #at = 0;

  constructor(start: number) {
    this.#start = start;
  }

  get flow(): Flow {
    return {
      successors: this.#successors,
      abrupt: this.#abrupt,
      calls: this.#calls,
      branches: this.#branches,
    };
  }

  pass({ opcode, start, operands }: Instruction): void {
    const indices = operands.flatMap((each) => (each.kind === "index" ? [each] : []));
    const labels = indices.filter(({ space }) => space === "label").map(({ index }) => index);
    switch (opcode) {
      case 0x02: // block
      case 0x06: // try
      case 0x1f: // try_table
        return this.#open();
      case 0x03: // loop
        return this.#openLoop();
      case 0x04: // if
        return this.#openIf(start);
      case 0x05: // else
        return this.#else();
      case 0x07: // catch
      case 0x19: // catch_all
        return this.#handle();
      case 0x0b: // end
      case 0x18: // delegate
        return this.#end();
      case 0x0d: // br_if
        return this.#branchIf(start, this.#labelOf(labels[0] ?? 0));
      case 0x0c: // br
      case 0x0e: // br_table
        return this.#leave(labels.map((label) => this.#labelOf(label)));
      case 0x0f: // return
      case 0x12: // return_call
      case 0x13: // return_call_indirect
        return this.#leave([exit]);
      case 0x00: // unreachable
      case 0x08: // throw
      case 0x09: // rethrow
      case 0x0a: // throw_ref
        this.#abrupt.add(this.#at);
        return this.#leave([]);
      case 0x10: // call
        this.#calls.push({ block: this.#at, callee: indices[0]?.index ?? 0 });
        return;
      default:
        return;
    }
  }

  #open(): void {
    const end = this.#block();
    this.#frames.push({ label: end, end });
  }

  #openLoop(): void {
    const label = this.#block();
    this.#goOn(label);
    this.#frames.push({ label, end: this.#block() });
  }

  #openIf(start: number): void {
    const taken = this.#block();
    const otherwise = this.#block();
    const end = this.#block();
    this.#branch({ offset: start - this.#start, taken, passed: otherwise });
    this.#frames.push({ label: end, end, otherwise });
    this.#at = taken;
  }

  #else(): void {
    const frame = this.#frames.pop();
    if (frame?.otherwise === undefined) return;
    const { label, end, otherwise } = frame;
    this.#edge(end);
    this.#frames.push({ label, end });
    this.#at = otherwise;
  }

  #handle(): void {
    this.#edge(this.#frames.at(-1)?.end ?? exit);
    this.#at = this.#block();
    this.#abrupt.add(this.#at);
  }

  #end(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.otherwise !== undefined) this.#successors[frame.otherwise]?.push(frame.end);
    this.#goOn(frame.end);
  }

  #branchIf(start: number, taken: number): void {
    const passed = this.#block();
    this.#branch({ offset: start - this.#start, taken, passed });
    this.#at = passed;
  }

  #branch(branch: Branch): void {
    this.#branches.push(branch);
    this.#edge(branch.taken);
    this.#edge(branch.passed);
  }

  /** What stands behind is reached by labels alone. */
  #leave(targets: readonly number[]): void {
    for (const target of targets) this.#edge(target);
    this.#at = this.#block();
  }

  #goOn(block: number): void {
    this.#edge(block);
    this.#at = block;
  }

  #edge(target: number): void {
    this.#successors[this.#at]?.push(target);
  }

  #block(): number {
    this.#successors.push([]);
    return this.#successors.length - 1;
  }

  #labelOf(depth: number): number {
    return this.#frames.at(-1 - depth)?.label ?? exit;
  }
}
