/** What the decoder of instructions must say of code that wabt wrote, and of code it can't know. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { ByteReader, WasmFormatError } from "./byte-reader.ts";
import { type Instruction, prefixed, readInstructions, skipLocals } from "./instructions.ts";
import { readSections } from "./sections.ts";

const wabt = await loadWabt();

/** Every feature that wabt knows. */
const features = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  relaxed_simd: true,
};

/** The instructions of each body, in order. */
function bodiesOf(bytes: Uint8Array): readonly (readonly Instruction[])[] {
  const code = readSections(bytes)
    .find(({ name }) => name === "code")
    ?.open();
  if (code === undefined) return [];
  return code.vector(() => {
    const body = code.slice(code.u32());
    skipLocals(body);
    const instructions: Instruction[] = [];
    readInstructions(body, (instruction) => instructions.push(instruction));
    return instructions;
  });
}

function assemble(text: string): Uint8Array {
  const module = wabt.parseWat("test.wat", text, features);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** A module that has one of everything, and one function with that code. */
function moduleWith(code: string): Uint8Array {
  return assemble(`(module
    (type $pair (func (param i32) (result i32 i32)))
    (import "a" "b" (func $imported))
    (table $t 1 funcref) (table $u 1 funcref) (memory 1 1 shared) (tag $e (param i32))
    (global $g (mut i32) (i32.const 0)) (elem $s func $f) (data $d "x")
    (func $f ${code}))`);
}

/** What wabt's disassembler writes of a module, an instruction a line. */
function disassemble(bytes: Uint8Array): readonly string[] {
  const module = wabt.readWasm(bytes, { ...features, readDebugNames: false });
  try {
    const lines = module.toText({}).split("\n");
    return lines.flatMap((line) => (/^ {4,}[a-z]/.test(line) ? [line.trim()] : []));
  } finally {
    module.destroy();
  }
}

describe("readInstructions", () => {
  test("gives operands by what they refer to", () => {
    const code = moduleWith(`(local i32)
      call $imported  i32.const -5  local.set 0  global.get $g  drop
      i32.const 8  i32.load offset=300  drop  i64.const -6000000000  drop
      i32.const 0  i32.const 0  i32.const 0  memory.init $d
      ref.func $f  drop  i32.const 0  call_indirect $u (type 1)
      i32.const 1  block (type $pair) drop i32.const 1 i32.const 2 end  drop drop`);
    const shown = bodiesOf(code)
      .flat()
      .flatMap(({ opcode, operands }) => (operands.length === 0 ? [] : [[opcode, ...operands]]));
    const index = (space: string, at: number) => ({ kind: "index", space, index: at });
    const integer = (value: number | bigint) => ({ kind: "integer", value });
    expect(shown).toEqual([
      [0x10, index("function", 0)],
      [0x41, integer(-5)],
      [0x21, index("local", 0)],
      [0x23, index("global", 0)],
      [0x41, integer(8)],
      [0x28, index("memory", 0), { kind: "address", offset: 300 }],
      [0x42, integer(-6_000_000_000n)],
      [0x41, integer(0)],
      [0x41, integer(0)],
      [0x41, integer(0)],
      [prefixed(0xfc, 8), index("data", 0), index("memory", 0)],
      [0xd2, index("function", 1)],
      [0x41, integer(0)],
      [0x11, index("type", 1), index("table", 1)],
      [0x41, integer(1)],
      [0x02, index("type", 0)],
      [0x41, integer(1)],
      [0x41, integer(2)],
    ]);
  });

  test.each([
    ["plain control", "block br 0 end loop end i32.const 1 if nop else nop end"],
    ["a branch table", "block block i32.const 0 br_table 0 1 1 0 end end return"],
    ["code that is never reached", "unreachable i32.add drop return i64.const 1 drop"],
    ["legacy exceptions", "try i32.const 1 throw $e catch $e drop rethrow 0 catch_all end"],
    ["a delegate", "try try call $imported delegate 0 catch_all end"],
    ["tail calls", "return_call $imported i32.const 0 return_call_indirect (type 1)"],
    ["typed blocks and selects", "i32.const 1 i32.const 2 i32.const 0 select (result i32) drop"],
    ["references", "ref.null func ref.is_null drop ref.null extern drop"],
    [
      "tables",
      `i32.const 0 i32.const 0 table.get $u table.set $t i32.const 0 i32.const 0
       i32.const 0 table.copy $t $u elem.drop $s ref.null func i32.const 1 table.grow
       $t drop table.size $u drop`,
    ],
    [
      "bulk memory",
      `i32.const 0 i32.const 0 i32.const 0 memory.copy i32.const 0 i32.const 0
       i32.const 0 memory.fill data.drop $d memory.size memory.grow drop`,
    ],
    ["floats and saturation", "f64.const 1.5 i32.trunc_sat_f64_u drop f32.const 2 drop"],
    ["sign extension", "i32.const 200 i32.extend8_s drop i64.const 200 i64.extend32_s drop"],
    [
      "SIMD",
      `v128.const i32x4 1 2 3 4 v128.const i32x4 1 2 3 4 i8x16.shuffle 0 1 2 3 4 5 6 7
       8 9 10 11 12 13 14 15 i32x4.extract_lane 3 drop i32.const 0 v128.load32_lane
       offset=4 2 (v128.const i64x2 0 0) drop i32.const 0 v128.load64_zero drop`,
    ],
    ["relaxed SIMD", "v128.const i64x2 0 0 v128.const i64x2 0 0 i8x16.relaxed_swizzle drop"],
    [
      "threads",
      `i32.const 0 i32.const 1 i32.atomic.rmw.add drop atomic.fence i32.const 0
       i32.const 1 i32.const 2 i32.atomic.rmw.cmpxchg drop`,
    ],
  ])("reads %s, instruction by instruction", (_, code) => {
    const bytes = moduleWith(code);
    const [instructions = []] = bodiesOf(bytes);
    expect(instructions.at(-1)?.opcode).toBe(0x0b);
    // The disassembler leaves out the end of the function.
    expect(instructions.length).toBe(disassemble(bytes).length + 1);
  });

  test("reads the standard form of exceptions", () => {
    // block (result exnref), try_table (catch_ref 3 0) (catch_all 0), end, unreachable, end, ….
    const code = [0x02, 0x69, 0x1f, 0x40, 2, 1, 3, 0, 2, 0, 0x0b, 0x00, 0x0b, 0x0a, 0x0b];
    const found: Instruction[] = [];
    readInstructions(new ByteReader(Uint8Array.from(code)), (each) => found.push(each));
    expect(found.map(({ opcode }) => opcode)).toEqual([0x02, 0x1f, 0x0b, 0x00, 0x0b, 0x0a, 0x0b]);
    expect(found[1]?.operands).toEqual([
      { kind: "index", space: "tag", index: 3 },
      { kind: "index", space: "label", index: 0 },
      { kind: "index", space: "label", index: 0 },
    ]);
  });

  test("refuses what it does not know, with its place", () => {
    const read = (...code: number[]) =>
      readInstructions(new ByteReader(Uint8Array.from(code)), () => {});
    expect(() => read(0x01, 0x27, 0x0b)).toThrow(/unknown instruction 0x27 at offset 0x1 /);
    expect(() => read(0xfc, 18)).toThrow(/unknown instruction 0xfc0012 at offset 0x0 /);
    expect(() => read(0x1f, 0x40, 1, 4, 0)).toThrow(/unknown catch clause 4/);
    expect(() => read(0x02, 0x50)).toThrow(/unknown value type 0x50/);
    expect(() => read(0x41)).toThrow(WasmFormatError);
  });

  test("agrees with wabt's disassembler on every instruction of a large module", async () => {
    const path = fileURLToPath(
      new URL("../../node_modules/wasmoon/dist/glue.wasm", import.meta.url),
    );
    const bytes = new Uint8Array(await readFile(path));
    const bodies = bodiesOf(bytes);
    const lines = disassemble(bytes);
    expect(bodies.flat().length).toBe(lines.length + bodies.length);
    const called = bodies
      .flat()
      .filter(({ opcode }) => opcode === 0x10)
      .map(({ operands: [operand] }) => (operand?.kind === "index" ? operand.index : -1));
    const calls = lines.flatMap((line) => /^call (\d+)/.exec(line)?.[1] ?? []);
    expect(called).toEqual(calls.map(Number));
    expect(called.length).toBeGreaterThan(1000);
  });
});

test("knows the same vector instructions without operands as the engine", () => {
  for (let opcode = 94; opcode <= 0x113; opcode++) {
    const code = Uint8Array.of(0xfd, (opcode & 0x7f) | 0x80, opcode >>> 7, 0x0b);
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0];
    const section = [10, code.length + 3, 1, code.length + 1, 0, ...code];
    const isKnownToEngine = !/invalid simd opcode/.test(refusalOf([...header, ...section]));
    const read = (): void => readInstructions(new ByteReader(code), () => undefined);
    if (isKnownToEngine) read();
    else expect(read, `0x${opcode.toString(16)}`).toThrow(WasmFormatError);
  }
});

/** V8 says first which instruction it doesn't know, then what operands are missing. */
function refusalOf(bytes: readonly number[]): string {
  try {
    new WebAssembly.Module(Uint8Array.from(bytes));
    return "";
  } catch (error) {
    return String(error);
  }
}
