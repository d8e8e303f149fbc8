/** Reads the content of a module's sections, each against the ones before it. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import { type ByteReader, WasmFormatError } from "./byte-reader.ts";
import type {
  ExternalKind,
  WasmDataSegment,
  WasmExport,
  WasmFunction,
  WasmGlobal,
  WasmImport,
  WasmMemory,
} from "./parts.ts";
import type { RawSection } from "./sections.ts";
import {
  globalText,
  limitsText,
  readConstant,
  readFunctionType,
  readGlobalType,
  readLimits,
  readTableType,
  readValueType,
  tableText,
} from "./types.ts";

const externalKinds = ["function", "table", "memory", "global", "tag"] as const;

/** What the sections hold, and the index spaces as type texts, imports first. */
class ModuleContent {
  readonly types: string[] = [];
  readonly spaces: Readonly<Record<ExternalKind, string[]>> = {
    function: [],
    table: [],
    memory: [],
    global: [],
    tag: [],
  };
  readonly imports: WasmImport[] = [];
  readonly exports: WasmExport[] = [];
  readonly memories: WasmMemory[] = [];
  readonly globals: WasmGlobal[] = [];
  readonly dataSegments: WasmDataSegment[] = [];
  readonly functions: WasmFunction[] = [];
  hasStart = false;
  dataCount: number | undefined;
  bodiesMissing = 0;
}

export type ReadonlyModuleContent = Readonly<ModuleContent>;

/** Throws WasmFormatError, at `endOffset` when a section is missing. */
export function readModuleContent(
  sections: readonly RawSection[],
  endOffset: number,
): ReadonlyModuleContent {
  const content = new ModuleContent();
  for (const section of sections) {
    if (section.id === 0) continue;
    const reader = section.open();
    readSectionContent(content, section.name, reader);
    reader.expectEnd(`section ${section.name}`);
  }
  if (content.bodiesMissing > 0) {
    throw new WasmFormatError(`${content.bodiesMissing} function bodies are missing`, endOffset);
  }
  const { dataCount, dataSegments } = content;
  if (dataCount !== undefined && dataCount !== dataSegments.length) {
    const problem = `${dataCount} data segments announced, ${dataSegments.length} there`;
    throw new WasmFormatError(problem, endOffset);
  }
  return content;
}

function readSectionContent(content: ModuleContent, name: string, reader: ByteReader): void {
  switch (name) {
    case "type":
      content.types.push(...reader.vector(() => readFunctionType(reader)));
      return;
    case "import":
      reader.vector(() => readImport(content, reader));
      return;
    case "function":
      content.bodiesMissing = reader.vector(() =>
        content.spaces.function.push(readTypeUse(content, reader)),
      ).length;
      return;
    case "table":
      reader.vector(() => content.spaces.table.push(readTable(reader)));
      return;
    case "memory":
      reader.vector(() => content.spaces.memory.push(readMemory(content, reader, false)));
      return;
    case "tag":
      reader.vector(() => content.spaces.tag.push(readTag(content, reader)));
      return;
    case "global":
      reader.vector(() => readGlobal(content, reader));
      return;
    case "export":
      readExports(content, reader);
      return;
    case "start":
      readIndex(reader, { space: content.spaces.function, what: "function" });
      content.hasStart = true;
      return;
    case "element":
      reader.vector(() => skipElement(reader));
      return;
    case "data-count":
      content.dataCount = reader.u32();
      return;
    case "code":
      readBodies(content, reader);
      return;
    case "data":
      reader.vector(() => content.dataSegments.push(readDataSegment(reader)));
      return;
    default:
      reader.fail(`section ${name} is not read`);
  }
}

function readIndex(
  reader: ByteReader,
  { space, what }: { readonly space: readonly string[]; readonly what: string },
): { readonly index: number; readonly type: string } {
  const start = reader.offset;
  const index = reader.u32();
  const type = space[index];
  if (type === undefined) reader.fail(`there is no ${what} ${index}`, start);
  return { index, type };
}

function readTypeUse(content: ModuleContent, reader: ByteReader): string {
  return readIndex(reader, { space: content.types, what: "type" }).type;
}

function readKind(reader: ByteReader): ExternalKind {
  const start = reader.offset;
  const byte = reader.u8();
  return externalKinds[byte] ?? reader.fail(`unknown kind 0x${byte.toString(16)}`, start);
}

function readImport(content: ModuleContent, reader: ByteReader): void {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  const type = readImportType(content, reader, kind);
  content.spaces[kind].push(type);
  content.imports.push({ module, name, kind, type });
}

function readImportType(content: ModuleContent, reader: ByteReader, kind: ExternalKind): string {
  switch (kind) {
    case "function":
      return readTypeUse(content, reader);
    case "table":
      return tableText(readTableType(reader));
    case "memory":
      return readMemory(content, reader, true);
    case "global":
      return globalText(readGlobalType(reader));
    case "tag":
      return readTag(content, reader);
    default:
      return assertNever(kind);
  }
}

function readTable(reader: ByteReader): string {
  if (reader.peek() !== 0x40) return tableText(readTableType(reader));
  reader.u8();
  if (reader.u8() !== 0) reader.fail("unknown form of table");
  const table = tableText(readTableType(reader));
  readConstant(reader);
  return table;
}

function readMemory(content: ModuleContent, reader: ByteReader, imported: boolean): string {
  const { min, max } = readLimits(reader);
  const maxPages = max === undefined ? {} : { maxPages: max };
  content.memories.push({ minPages: min, ...maxPages, imported });
  return limitsText(max === undefined ? { min } : { min, max });
}

function readTag(content: ModuleContent, reader: ByteReader): string {
  if (reader.u8() !== 0) reader.fail("unknown attribute of a tag", reader.offset - 1);
  return readTypeUse(content, reader);
}

function readGlobal(content: ModuleContent, reader: ByteReader): void {
  const globalType = readGlobalType(reader);
  const initialValue = readConstant(reader);
  const type = globalText(globalType);
  const index = content.spaces.global.push(type) - 1;
  const initial = initialValue === undefined ? {} : { initialValue };
  content.globals.push({ index, type, mutable: globalType.mutable, ...initial });
}

function readExports(content: ModuleContent, reader: ByteReader): void {
  const seen = new Set<string>();
  reader.vector(() => {
    const start = reader.offset;
    const name = reader.name();
    if (seen.has(name)) reader.fail(`"${name}" is exported twice`, start);
    seen.add(name);
    const kind = readKind(reader);
    const { index, type } = readIndex(reader, { space: content.spaces[kind], what: kind });
    content.exports.push({ name, kind, type, index });
  });
}

/** Forms 0 to 7: bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions. */
function skipElement(reader: ByteReader): void {
  const start = reader.offset;
  const form = reader.u32();
  if (form > 7) reader.fail(`unknown form ${form} of element segment`, start);
  const active = (form & 1) === 0;
  const explicit = (form & 2) !== 0;
  const expressions = (form & 4) !== 0;
  if (active && explicit) reader.u32();
  if (active) readConstant(reader);
  if (!active || explicit) {
    if (expressions) readValueType(reader);
    else if (reader.u8() !== 0) reader.fail("unknown kind of element", reader.offset - 1);
  }
  reader.vector(() => (expressions ? readConstant(reader) : reader.u32()));
}

function readBodies(content: ModuleContent, reader: ByteReader): void {
  const start = reader.offset;
  const firstIndex = content.spaces.function.length - content.bodiesMissing;
  const bodies = reader.vector((position) => {
    const bodyStart = reader.offset;
    const body = reader.slice(reader.u32());
    if (body.atEnd || reader.bytes[body.end - 1] !== 0x0b) {
      reader.fail("function body has no end", bodyStart);
    }
    content.functions.push({ index: firstIndex + position, sizeBytes: body.end - bodyStart });
  });
  if (bodies.length !== content.bodiesMissing) {
    reader.fail(`${bodies.length} bodies for ${content.bodiesMissing} functions`, start);
  }
  content.bodiesMissing = 0;
}

function readDataSegment(reader: ByteReader): WasmDataSegment {
  const start = reader.offset;
  const form = reader.u32();
  if (form > 2) reader.fail(`unknown form ${form} of data segment`, start);
  if (form === 2) reader.u32();
  const place = form === 1 ? undefined : readConstant(reader);
  const sizeBytes = reader.u32();
  reader.skip(sizeBytes);
  return typeof place === "number" ? { offset: place >>> 0, sizeBytes } : { sizeBytes };
}
