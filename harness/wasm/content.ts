/** Puts the entries of a module's sections together, each checked against the ones before it. */
import { assertNever } from "../../runtime/check/assert-never.ts";
import { WasmFormatError } from "./byte-reader.ts";
import { type Entry, type External, readEntries } from "./entries.ts";
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
import { globalText, limitsText, tableText } from "./types.ts";

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
  readonly exportNames = new Set<string>();
  readonly memories: WasmMemory[] = [];
  readonly globals: WasmGlobal[] = [];
  readonly dataSegments: WasmDataSegment[] = [];
  readonly functions: WasmFunction[] = [];
  hasStart = false;
  dataCount: number | undefined;
  /** Functions that are imported: those that have a body come behind them. */
  importedFunctions = 0;
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
    for (const entry of readEntries(section)) addEntry(content, entry);
  }
  const { dataCount, dataSegments, functions, spaces, importedFunctions } = content;
  const declared = spaces.function.length - importedFunctions;
  if (functions.length !== declared) {
    throw new WasmFormatError(`${functions.length} bodies for ${declared} functions`, endOffset);
  }
  if (dataCount !== undefined && dataCount !== dataSegments.length) {
    const problem = `${dataCount} data segments announced, ${dataSegments.length} there`;
    throw new WasmFormatError(problem, endOffset);
  }
  return content;
}

function addEntry(content: ModuleContent, entry: Entry): void {
  switch (entry.kind) {
    case "type":
      content.types.push(entry.text);
      return;
    case "import":
      addImport(content, entry);
      return;
    case "definition":
      addDefinition(content, entry);
      return;
    case "export":
      addExport(content, entry);
      return;
    case "start":
      typeAt(content.spaces.function, { what: "function", index: entry.index, at: entry.start });
      content.hasStart = true;
      return;
    case "element":
      return;
    case "data-count":
      content.dataCount = entry.count;
      return;
    case "body": {
      const index = content.importedFunctions + content.functions.length;
      content.functions.push({ index, sizeBytes: entry.end - entry.start });
      return;
    }
    case "data": {
      const place = entry.active?.place.value;
      const offset = typeof place === "number" ? { offset: place >>> 0 } : {};
      content.dataSegments.push({ ...offset, sizeBytes: entry.sizeBytes });
      return;
    }
    default:
      assertNever(entry);
  }
}

/** The type of one of a space, as text. */
function typeAt(
  space: readonly string[],
  { what, index, at }: { readonly what: string; readonly index: number; readonly at: number },
): string {
  const type = space[index];
  if (type === undefined) throw new WasmFormatError(`there is no ${what} ${index}`, at);
  return type;
}

function typeText(content: ModuleContent, external: External, at: number): string {
  switch (external.kind) {
    case "function":
    case "tag":
      return typeAt(content.types, { what: "type", index: external.typeIndex, at });
    case "table":
      return tableText(external.type);
    case "memory":
      return limitsText(external.limits);
    case "global":
      return globalText(external.type);
    default:
      return assertNever(external);
  }
}

function addMemory(content: ModuleContent, external: External, imported: boolean): void {
  if (external.kind !== "memory") return;
  const { min, max } = external.limits;
  const maxPages = max === undefined ? {} : { maxPages: max };
  content.memories.push({ minPages: min, ...maxPages, imported });
}

function addImport(content: ModuleContent, entry: Entry & { readonly kind: "import" }): void {
  const { module, name, external, start } = entry;
  const { kind } = external;
  const type = typeText(content, external, start);
  content.spaces[kind].push(type);
  content.imports.push({ module, name, kind, type });
  if (kind === "function") content.importedFunctions += 1;
  addMemory(content, external, true);
}

function addDefinition(
  content: ModuleContent,
  entry: Entry & { readonly kind: "definition" },
): void {
  const { external, initial, start } = entry;
  const type = typeText(content, external, start);
  const index = content.spaces[external.kind].push(type) - 1;
  addMemory(content, external, false);
  if (external.kind !== "global") return;
  const initialValue = initial?.value === undefined ? {} : { initialValue: initial.value };
  content.globals.push({ index, type, mutable: external.type.mutable, ...initialValue });
}

function addExport(content: ModuleContent, entry: Entry & { readonly kind: "export" }): void {
  const { name, space: kind, index, start } = entry;
  if (content.exportNames.has(name)) {
    throw new WasmFormatError(`"${name}" is exported twice`, start);
  }
  content.exportNames.add(name);
  const type = typeAt(content.spaces[kind], { what: kind, index, at: start });
  content.exports.push({ name, kind, type, index });
}
