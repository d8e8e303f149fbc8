/** The meter pass: a module that counts what it executes, and is otherwise the same. */

import { joined } from "../../runtime/bytes/joined.ts";
import { type ByteReader, WasmFormatError } from "../wasm/byte-reader.ts";
import { name, signed, unsigned } from "../wasm/encoding.ts";
import { readBodies } from "../wasm/entries.ts";
import { readModule, type WasmModule } from "../wasm/module.ts";
import { headerSizeBytes, type RawSection, readSections } from "../wasm/sections.ts";
import { type Charge, chargesOf } from "./charges.ts";
import { type Weight, weightOf } from "./cost-model.ts";
import {
  bulkBytesName,
  counterPrefix,
  functionCounterName,
  instructionsName,
  MeterError,
  type MeterMode,
} from "./counters.ts";

export interface MeterOptions {
  readonly mode: MeterMode;
  /** The cost model's; tests count other things to compare with a trace. */
  readonly weightOf?: Weight;
}

export interface MeteredModule {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** The module that was metered. */
  readonly plain: WasmModule;
}

/**
 * Puts charges into every function body. Indices of types, functions, locals, tables, memories,
 * globals and tags stay; the counters are globals behind all others, exported behind all others.
 * Custom sections stay too, but for those that speak of places in the code. Throws WasmFormatError
 * for what is no module, MeterError where it can't be metered: an instruction that is not known is
 * named with its function and offset.
 */
export function meterModule(wasm: Uint8Array, options: MeterOptions): MeteredModule {
  const plain = readModule(wasm);
  const clash = plain.exports.find((each) => each.name.startsWith(counterPrefix));
  if (clash !== undefined) throw new MeterError(`the module exports "${clash.name}" already`);
  const globals = globalsOf(plain, options.mode);
  const pieces: ArrayLike<number>[] = [wasm.subarray(0, headerSizeBytes)];
  const missing = new Set<string>(["global", "export"]);
  const addMissing = (isBefore: (name: string) => boolean): void => {
    for (const sectionName of [...missing].filter(isBefore)) {
      missing.delete(sectionName);
      pieces.push(withAddition({ name: sectionName, count: 0, entries: [] }, globals));
    }
  };
  for (const section of readSections(wasm)) {
    addMissing((sectionName) => followers.get(sectionName)?.has(section.name) ?? false);
    missing.delete(section.name);
    pieces.push(...meteredSection(section, { plain, globals, wasm, options }));
  }
  addMissing(() => true);
  return { wasm: joined(pieces), plain };
}

/** What stands behind these two sections, which a module need not have. */
const followers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["global", new Set(["export", "start", "element", "data-count", "code", "data"])],
  ["export", new Set(["start", "element", "data-count", "code", "data"])],
]);

/** Places in the code move: sections that name them would lie. */
const placesInCode = /^custom:(?:\.debug_|metadata\.code\.|sourceMappingURL$|linking$|reloc\.)/;

interface Work {
  readonly plain: WasmModule;
  readonly globals: MeterGlobals;
  readonly wasm: Uint8Array;
  readonly options: MeterOptions;
}

function meteredSection(section: RawSection, work: Work): readonly ArrayLike<number>[] {
  const { wasm, globals } = work;
  const { offset, sizeBytes } = section;
  switch (section.name) {
    case "global":
    case "export": {
      const reader = section.open();
      const count = reader.u32();
      const entries = wasm.subarray(reader.offset, reader.end);
      return [withAddition({ name: section.name, count, entries }, globals)];
    }
    case "code":
      return [meteredCode(readBodies(section), work)];
    default:
      return placesInCode.test(section.name) ? [] : [wasm.subarray(offset, offset + sizeBytes)];
  }
}

const sectionIds = { global: 6, export: 7, code: 10 } as const;
const i32 = 0x7f;
const i64 = 0x7e;

/** The globals that are added: their indices, and their entries in the two sections. */
interface MeterGlobals {
  readonly bulkBytes: number;
  /** Not exported: keeps a length while it is charged. */
  readonly length: number;
  /** The counter that a function's instructions are charged to. */
  readonly counterOf: (functionIndex: number) => number;
  readonly entries: readonly (readonly number[])[];
  readonly exports: readonly (readonly number[])[];
}

function globalsOf(plain: WasmModule, mode: MeterMode): MeterGlobals {
  const imported = plain.imports.filter(({ kind }) => kind === "global").length;
  const bulkBytes = imported + plain.globals.length;
  const length = bulkBytes + 1;
  const first = length + 1;
  const firstFunction = plain.functions[0]?.index ?? 0;
  const names =
    mode === "total"
      ? [instructionsName]
      : plain.functions.map(({ index }) => functionCounterName(index));
  const exported = (text: string, index: number) => [...name(text), 0x03, ...unsigned(index)];
  return {
    bulkBytes,
    length,
    counterOf: (index) => (mode === "total" ? first : first + index - firstFunction),
    // Mutable, and 0 at first: i64.const 0 end, i32.const 0 end.
    entries: [
      [i64, 1, 0x42, 0, 0x0b],
      [i32, 1, 0x41, 0, 0x0b],
      ...names.map(() => [i64, 1, 0x42, 0, 0x0b]),
    ],
    exports: [
      exported(bulkBytesName, bulkBytes),
      ...names.map((text, position) => exported(text, first + position)),
    ],
  };
}

/** The section with what metering adds behind its own entries. */
function withAddition(
  section: { readonly name: string; readonly count: number; readonly entries: ArrayLike<number> },
  { entries, exports }: MeterGlobals,
): Uint8Array {
  const isGlobal = section.name === "global";
  const added = isGlobal ? entries : exports;
  const content = joined([unsigned(section.count + added.length), section.entries, ...added]);
  const id = isGlobal ? sectionIds.global : sectionIds.export;
  return joined([[id], unsigned(content.length), content]);
}

function meteredCode(bodies: readonly ByteReader[], work: Work): Uint8Array {
  const { functions } = work.plain;
  const pieces = bodies.flatMap((body, position): readonly ArrayLike<number>[] => {
    const { index = -1, name: functionName } = functions[position] ?? {};
    const metered = meteredBody(body, { ...work, index, functionName });
    return [unsigned(metered.length), metered];
  });
  const content = joined([unsigned(functions.length), ...pieces]);
  return joined([[sectionIds.code], unsigned(content.length), content]);
}

interface BodyWork extends Work {
  readonly index: number;
  readonly functionName: string | undefined;
}

function meteredBody(body: ByteReader, work: BodyWork): Uint8Array {
  const { globals, index, wasm } = work;
  const counter = globals.counterOf(index);
  const pieces: ArrayLike<number>[] = [];
  let copied = body.offset;
  for (const charge of bodyCharges(body, work)) {
    pieces.push(wasm.subarray(copied, charge.offset), codeOf(charge, { globals, counter }));
    copied = charge.offset;
  }
  pieces.push(wasm.subarray(copied, body.end));
  return joined(pieces);
}

function bodyCharges(
  body: ByteReader,
  { index, functionName, options }: BodyWork,
): readonly Charge[] {
  try {
    return chargesOf(body, options.weightOf ?? weightOf);
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    const named = functionName === undefined ? "" : ` (${functionName})`;
    throw new MeterError(`function ${index}${named}: ${error.message}`, { cause: error });
  }
}

const globalGet = 0x23;
const globalSet = 0x24;
const i64Const = 0x42;
const i64Add = 0x7c;
const i64ShiftRight = 0x88;
const i64ExtendUnsigned = 0xad;

/** It leaves the stack as it was. */
function codeOf(
  charge: Charge,
  { globals, counter }: { readonly globals: MeterGlobals; readonly counter: number },
): readonly number[] {
  if (charge.kind === "block") return add(counter, [i64Const, ...signed(charge.instructions)]);
  const { shift, isBytes } = charge.length;
  const length = [globalGet, ...unsigned(globals.length), i64ExtendUnsigned];
  const counted = shift === 0 ? length : [...length, i64Const, ...signed(shift), i64ShiftRight];
  return [
    ...[globalSet, ...unsigned(globals.length)],
    ...add(counter, counted),
    ...(isBytes ? add(globals.bulkBytes, length) : []),
    ...[globalGet, ...unsigned(globals.length)],
  ];
}

/** Adds the i64 that `value` pushes. */
function add(global: number, value: readonly number[]): readonly number[] {
  return [globalGet, ...unsigned(global), ...value, i64Add, globalSet, ...unsigned(global)];
}
