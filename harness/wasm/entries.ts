/** Reads the entries of a module's sections: what each says, and where it lies in the file. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import type { ByteReader } from "./byte-reader.ts";
import { type Constant, readConstant } from "./constant.ts";
import type { ExternalKind } from "./parts.ts";
import type { RawSection } from "./sections.ts";
import {
  type GlobalType,
  type Limits,
  readFunctionType,
  readGlobalType,
  readLimits,
  readTableType,
  readValueType,
  type TableType,
} from "./types.ts";

/** What a module imports or defines, with its type; `typeIndex` is of the section of types. */
export type External =
  | { readonly kind: "function" | "tag"; readonly typeIndex: number }
  | { readonly kind: "table"; readonly type: TableType }
  | { readonly kind: "memory"; readonly limits: Limits }
  | { readonly kind: "global"; readonly type: GlobalType };

/** Indices are as they stand in the file: whether there is something, the caller checks. */
type Said =
  /** A function type, as text. */
  | { readonly kind: "type"; readonly text: string }
  | {
      readonly kind: "import";
      readonly module: string;
      readonly name: string;
      readonly external: External;
    }
  /** `initial`: of a global, and of a table that has it. */
  | { readonly kind: "definition"; readonly external: External; readonly initial?: Constant }
  | {
      readonly kind: "export";
      readonly name: string;
      readonly space: ExternalKind;
      readonly index: number;
    }
  | { readonly kind: "start"; readonly index: number }
  | {
      readonly kind: "element";
      /** Of an active segment: the table, and where in it. */
      readonly active?: { readonly table: number; readonly place: Constant };
      readonly items: readonly (number | Constant)[];
    }
  | { readonly kind: "data-count"; readonly count: number }
  /** A reader from the declarations of locals to the end. */
  | { readonly kind: "body"; readonly body: ByteReader }
  | {
      readonly kind: "data";
      /** Of an active segment: the memory, and where in it. */
      readonly active?: { readonly memory: number; readonly place: Constant };
      readonly sizeBytes: number;
    };

/** `start` and `end` are offsets in the file, `end` not included. */
export type Entry = Said & { readonly start: number; readonly end: number };

/** All entries of a section that is not custom. Throws WasmFormatError. */
export function* readEntries(section: RawSection): Generator<Entry> {
  const reader = section.open();
  const count = section.name === "start" || section.name === "data-count" ? 1 : reader.u32();
  const read = entryReaders.get(section.name) ?? reader.fail(`${section.name} has no entries`);
  for (let position = 0; position < count; position += 1) {
    const start = reader.offset;
    const said = read(reader);
    yield { ...said, start, end: reader.offset };
  }
  reader.expectEnd(`section ${section.name}`);
}

/** The bodies of a code section, each from its declarations of locals on. */
export function readBodies(code: RawSection): readonly ByteReader[] {
  return [...readEntries(code)].flatMap((entry) => (entry.kind === "body" ? [entry.body] : []));
}

const entryReaders: ReadonlyMap<string, (reader: ByteReader) => Said> = new Map([
  ["type", (reader): Said => ({ kind: "type", text: readFunctionType(reader) })],
  ["import", readImport],
  ["function", (reader) => readDefinition(reader, "function")],
  ["table", readTable],
  ["memory", (reader) => readDefinition(reader, "memory")],
  ["tag", (reader) => readDefinition(reader, "tag")],
  ["global", readGlobal],
  ["export", readExport],
  ["start", (reader) => ({ kind: "start", index: reader.u32() })],
  ["element", readElement],
  ["data-count", (reader) => ({ kind: "data-count", count: reader.u32() })],
  ["code", readBody],
  ["data", readData],
]);

const externalKinds = ["function", "table", "memory", "global", "tag"] as const;

function readKind(reader: ByteReader): ExternalKind {
  const start = reader.offset;
  const byte = reader.u8();
  return externalKinds[byte] ?? reader.fail(`unknown kind 0x${byte.toString(16)}`, start);
}

function readExternal(reader: ByteReader, kind: ExternalKind): External {
  switch (kind) {
    case "function":
      return { kind, typeIndex: reader.u32() };
    case "table":
      return { kind, type: readTableType(reader) };
    case "memory":
      return { kind, limits: readLimits(reader) };
    case "global":
      return { kind, type: readGlobalType(reader) };
    case "tag":
      if (reader.u8() !== 0) reader.fail("unknown attribute of a tag", reader.offset - 1);
      return { kind, typeIndex: reader.u32() };
    default:
      return assertNever(kind);
  }
}

function readImport(reader: ByteReader): Said {
  const module = reader.name();
  const name = reader.name();
  return { kind: "import", module, name, external: readExternal(reader, readKind(reader)) };
}

function readDefinition(reader: ByteReader, kind: ExternalKind): Said & { kind: "definition" } {
  return { kind: "definition", external: readExternal(reader, kind) };
}

function readTable(reader: ByteReader): Said {
  if (reader.peek() !== 0x40) return readDefinition(reader, "table");
  reader.u8();
  if (reader.u8() !== 0) reader.fail("unknown form of table", reader.offset - 1);
  return { ...readDefinition(reader, "table"), initial: readConstant(reader) };
}

function readGlobal(reader: ByteReader): Said {
  return { ...readDefinition(reader, "global"), initial: readConstant(reader) };
}

function readExport(reader: ByteReader): Said {
  const name = reader.name();
  return { kind: "export", name, space: readKind(reader), index: reader.u32() };
}

/** Forms 0 to 7: bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions. */
function readElement(reader: ByteReader): Said {
  const start = reader.offset;
  const form = reader.u32();
  if (form > 7) reader.fail(`unknown form ${form} of element segment`, start);
  const isActive = (form & 1) === 0;
  const isExplicit = (form & 2) !== 0;
  const hasExpressions = (form & 4) !== 0;
  const table = isActive && isExplicit ? reader.u32() : 0;
  const active = isActive ? { active: { table, place: readConstant(reader) } } : {};
  if (!isActive || isExplicit) {
    if (hasExpressions) readValueType(reader);
    else if (reader.u8() !== 0) reader.fail("unknown kind of element", reader.offset - 1);
  }
  const items = reader.vector(() => (hasExpressions ? readConstant(reader) : reader.u32()));
  return { kind: "element", ...active, items };
}

function readBody(reader: ByteReader): Said {
  const start = reader.offset;
  const body = reader.slice(reader.u32());
  if (body.atEnd || reader.bytes[body.end - 1] !== 0x0b) {
    reader.fail("function body has no end", start);
  }
  return { kind: "body", body };
}

/** Forms 0 to 2: in the first memory, not active, in a memory that is named. */
function readData(reader: ByteReader): Said {
  const start = reader.offset;
  const form = reader.u32();
  if (form > 2) reader.fail(`unknown form ${form} of data segment`, start);
  const memory = form === 2 ? reader.u32() : 0;
  const active = form === 1 ? {} : { active: { memory, place: readConstant(reader) } };
  const sizeBytes = reader.u32();
  reader.skip(sizeBytes);
  return { kind: "data", ...active, sizeBytes };
}
