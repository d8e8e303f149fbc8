/** Lays a module out: which bytes belong to which part of it, and what each part refers to. */
import type { ByteReader } from "../wasm/byte-reader.ts";
import {
  type IndexSpace,
  type Instruction,
  readInstruction,
  readInstructions,
  skipLocals,
} from "../wasm/instructions.ts";
import { headerSizeBytes, type RawSection, readSections } from "../wasm/sections.ts";
import {
  globalText,
  readFunctionType,
  readGlobalType,
  readLimits,
  readTableType,
  readValueType,
  tableText,
} from "../wasm/types.ts";
import type { PartKind } from "./kinds.ts";

/** The index spaces that parts of a module fill. */
export type PartSpace = Exclude<IndexSpace, "local" | "label">;

export interface Reference {
  readonly space: PartSpace;
  readonly index: number;
}

/** Bytes of the file, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Each number once, unsigned. */
export interface Numbers {
  /** Of i32.const: mostly where an object begins, if it is an address at all. */
  readonly constants: readonly number[];
  /** Of loads and stores: often the middle of an object. */
  readonly offsets: readonly number[];
}

/** One part: a function has two spans, its declaration and its body; most have one. */
export interface Part {
  readonly kind: PartKind;
  /** What the bytes say of it: a type's text, "env.js_time", an export's name. */
  readonly label: string;
  readonly spans: readonly Span[];
  readonly references: readonly Reference[];
  /** Where the instructions find it; an import lies in the space of what it imports. */
  readonly place?: Reference;
  /** Numbers in a function's code that may be addresses in memory. */
  readonly numbers?: Numbers;
  /** Of an active data segment whose place is a constant. */
  readonly address?: number;
}

/** Of a data segment, where its bytes lie: its last span. Empty ones lie nowhere. */
export function contentOf({ kind, spans }: Part): Span | undefined {
  const content = kind === "segment" ? spans.at(-1) : undefined;
  return content === undefined || content.start === content.end ? undefined : content;
}

/** Parts while they are read; `readLayout` gives them out as Part. */
interface Draft {
  readonly kind: PartKind;
  readonly label: string;
  readonly spans: Span[];
  readonly references: Reference[];
  readonly place?: Reference;
  numbers?: Numbers;
  address?: number;
}

/** All parts of a module that readModule has accepted; throws WasmFormatError. */
export function readLayout(bytes: Uint8Array): readonly Part[] {
  const walk = new Walk();
  walk.add({ kind: "header", label: "magic and version" }, { start: 0, end: headerSizeBytes });
  for (const section of readSections(bytes)) {
    const reader = section.open();
    if (section.id === 0) readCustom(walk, section, reader);
    else readSection(walk, section, reader);
    reader.expectEnd(`section ${section.name}`);
  }
  return walk.parts;
}

class Walk {
  readonly parts: Draft[] = [];
  readonly #counts = new Map<PartSpace, number>();
  /** Functions that were declared and whose body is still to come. */
  readonly #bodiless: Draft[] = [];

  add(
    { kind, label, space }: { kind: PartKind; label: string; space?: PartSpace },
    ...spans: readonly Span[]
  ): Draft {
    const place = space === undefined ? {} : { place: { space, index: this.#next(space) } };
    const draft = { kind, label, spans: [...spans], references: [], ...place };
    this.parts.push(draft);
    return draft;
  }

  #next(space: PartSpace): number {
    const index = this.#counts.get(space) ?? 0;
    this.#counts.set(space, index + 1);
    return index;
  }

  addFunction(span: Span): Draft {
    const draft = this.add({ kind: "function", label: "", space: "function" }, span);
    this.#bodiless.push(draft);
    return draft;
  }

  takeBodiless(): Draft | undefined {
    return this.#bodiless.shift();
  }
}

/** Id, length and count; then its entries, each a part of its own. */
function readSection(walk: Walk, section: RawSection, reader: ByteReader): void {
  if (section.name === "start" || section.name === "data-count") {
    const part = walk.add(
      { kind: section.name, label: section.name },
      { start: section.offset, end: reader.end },
    );
    const index = reader.u32();
    if (section.name === "start") part.references.push({ space: "function", index });
    return;
  }
  const count = reader.u32();
  walk.add({ kind: "section", label: section.name }, { start: section.offset, end: reader.offset });
  const readEntry = entryReaders.get(section.name);
  if (readEntry === undefined) reader.fail(`section ${section.name} has no layout`);
  for (let entry = 0; entry < count; entry += 1) readEntry(walk, reader);
}

/** A name section by its subsections, any other in one part. */
function readCustom(walk: Walk, section: RawSection, reader: ByteReader): void {
  if (section.name !== "custom:name") {
    const label = section.name.slice("custom:".length);
    walk.add({ kind: "custom", label }, { start: section.offset, end: reader.end });
    reader.skip(reader.end - reader.offset);
    return;
  }
  walk.add({ kind: "section", label: "names" }, { start: section.offset, end: reader.offset });
  while (!reader.atEnd) {
    const start = reader.offset;
    const label = `subsection ${reader.u8()}`;
    reader.skip(reader.u32());
    walk.add({ kind: "names", label }, { start, end: reader.offset });
  }
}

const entryReaders: ReadonlyMap<string, (walk: Walk, reader: ByteReader) => void> = new Map([
  ["type", readType],
  ["import", readImport],
  ["function", readDeclaration],
  ["table", readTable],
  ["memory", readMemory],
  ["tag", readTag],
  ["global", readGlobal],
  ["export", readExport],
  ["element", readElement],
  ["code", readBody],
  ["data", readData],
]);

function readType(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const label = readFunctionType(reader);
  walk.add({ kind: "type", label, space: "type" }, { start, end: reader.offset });
}

const externalSpaces = ["function", "table", "memory", "global", "tag"] as const;

function readExternalSpace(reader: ByteReader): (typeof externalSpaces)[number] {
  return externalSpaces[reader.u8()] ?? reader.fail("unknown kind", reader.offset - 1);
}

function readImport(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const label = `${reader.name()}.${reader.name()}`;
  const space = readExternalSpace(reader);
  const references: Reference[] = [];
  if (space === "tag") reader.u8();
  if (space === "function" || space === "tag") {
    references.push({ space: "type", index: reader.u32() });
  }
  if (space === "table") readTableType(reader);
  if (space === "memory") readLimits(reader);
  if (space === "global") readGlobalType(reader);
  const part = walk.add({ kind: "import", label, space }, { start, end: reader.offset });
  part.references.push(...references);
}

function readDeclaration(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const index = reader.u32();
  walk.addFunction({ start, end: reader.offset }).references.push({ space: "type", index });
}

function readTable(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const initialised = reader.peek() === 0x40;
  if (initialised) reader.skip(2);
  const label = tableText(readTableType(reader));
  const references = initialised ? readConstant(reader).references : [];
  const part = walk.add({ kind: "table", label, space: "table" }, { start, end: reader.offset });
  part.references.push(...references);
}

function readMemory(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const { min, max } = readLimits(reader);
  const label = `${min}..${max ?? ""} pages`;
  walk.add({ kind: "memory", label, space: "memory" }, { start, end: reader.offset });
}

function readTag(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  reader.u8();
  const index = reader.u32();
  const part = walk.add({ kind: "tag", label: "tag", space: "tag" }, { start, end: reader.offset });
  part.references.push({ space: "type", index });
}

function readGlobal(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const label = globalText(readGlobalType(reader));
  const { references } = readConstant(reader);
  const part = walk.add({ kind: "global", label, space: "global" }, { start, end: reader.offset });
  part.references.push(...references);
}

function readExport(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const label = reader.name();
  const reference = { space: readExternalSpace(reader), index: reader.u32() };
  const part = walk.add({ kind: "export", label }, { start, end: reader.offset });
  part.references.push(reference);
}

/** Forms 0 to 7: bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions. */
function readElement(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const form = reader.u32();
  const active = (form & 1) === 0;
  const explicit = (form & 2) !== 0;
  const expressions = (form & 4) !== 0;
  const references: Reference[] = [];
  if (active) {
    references.push({ space: "table", index: explicit ? reader.u32() : 0 });
    references.push(...readConstant(reader).references);
  }
  if (!active || explicit) {
    if (expressions) readValueType(reader);
    else reader.u8();
  }
  reader.vector(() => {
    if (expressions) references.push(...readConstant(reader).references);
    else references.push({ space: "function", index: reader.u32() });
  });
  const label = `${active ? "active" : "passive"} segment`;
  const span = { start, end: reader.offset };
  walk.add({ kind: "element", label, space: "element" }, span).references.push(...references);
}

function readBody(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const body = reader.slice(reader.u32());
  const part = walk.takeBodiless() ?? reader.fail("a body without a declaration", start);
  part.spans.push({ start, end: body.end });
  skipLocals(body);
  const references = new References();
  readInstructions(body, (instruction) => references.add(instruction));
  part.references.push(...references.all);
  part.numbers = references.numbers;
}

/** What lies in memory is cut into pieces later; here the segment is one part. */
function readData(walk: Walk, reader: ByteReader): void {
  const start = reader.offset;
  const form = reader.u32();
  const references: Reference[] = [];
  const memory = form === 2 ? reader.u32() : 0;
  if (form !== 1) references.push({ space: "memory", index: memory });
  const place = form === 1 ? undefined : readConstant(reader);
  references.push(...(place?.references ?? []));
  const content = reader.take(reader.u32());
  const head = { start, end: reader.offset - content.length };
  const span = { start: head.end, end: reader.offset };
  const label = form === 1 ? "passive segment" : "active segment";
  const part = walk.add({ kind: "segment", label, space: "data" }, head, span);
  part.references.push(...references);
  if (place?.value !== undefined) part.address = place.value;
}

interface Constant {
  readonly references: readonly Reference[];
  /** Unsigned, of one i32.const alone. */
  readonly value?: number;
}

function readConstant(reader: ByteReader): Constant {
  const references = new References();
  let only: number | undefined;
  for (let count = 0; ; count += 1) {
    const instruction = readInstruction(reader);
    if (instruction.opcode === 0x0b) {
      const value = count === 1 && only !== undefined ? { value: only } : {};
      return { references: references.all, ...value };
    }
    references.add(instruction);
    only = instruction.opcode === 0x41 ? references.numbers.constants[0] : undefined;
  }
}

/** What instructions refer to, each once, in the order of its first appearance. */
class References {
  readonly #seen = new Map<string, Reference>();
  readonly #constants = new Set<number>();
  readonly #offsets = new Set<number>();

  add({ opcode, operands }: Instruction): void {
    for (const operand of operands) {
      if (operand.kind === "address") this.#offsets.add(operand.offset);
      if (operand.kind === "integer" && opcode === 0x41) {
        this.#constants.add(Number(operand.value) >>> 0);
      }
      if (operand.kind !== "index") continue;
      const { space, index } = operand;
      if (space === "local" || space === "label") continue;
      this.#seen.set(`${space} ${index}`, { space, index });
    }
  }

  get all(): readonly Reference[] {
    return [...this.#seen.values()];
  }

  get numbers(): Numbers {
    return { constants: [...this.#constants], offsets: [...this.#offsets] };
  }
}
