/** A wasm module, strictly read: imports, exports, memories, sections, functions, all sizes. */
import { WasmFormatError } from "./byte-reader.ts";
import { readModuleContent } from "./content.ts";
import { readNames } from "./names.ts";
import type {
  WasmDataSegment,
  WasmExport,
  WasmFunction,
  WasmGlobal,
  WasmImport,
  WasmMemory,
  WasmSection,
} from "./parts.ts";
import { readSections } from "./sections.ts";

export { WasmFormatError };

export interface WasmModule {
  readonly sizeBytes: number;
  readonly imports: readonly WasmImport[];
  readonly exports: readonly WasmExport[];
  readonly memories: readonly WasmMemory[];
  readonly globals: readonly WasmGlobal[];
  readonly dataSegments: readonly WasmDataSegment[];
  /** In file order. */
  readonly sections: readonly WasmSection[];
  readonly functions: readonly WasmFunction[];
  readonly hasStart: boolean;
}

/**
 * Reads a module of 32-bit memories. Everything is checked but the instructions in function
 * bodies. Throws WasmFormatError, which names the offset.
 */
export function readModule(bytes: Uint8Array): WasmModule {
  const sections = readSections(bytes);
  const content = readModuleContent(sections, bytes.length);
  const nameSection = sections.find(({ name }) => name === "custom:name");
  const names = nameSection === undefined ? undefined : readNames(nameSection.open(), "function");
  return {
    sizeBytes: bytes.length,
    imports: content.imports,
    exports: content.exports,
    memories: content.memories,
    globals: content.globals,
    dataSegments: content.dataSegments,
    sections: sections.map(({ name, offset, sizeBytes }) => ({ name, offset, sizeBytes })),
    functions: content.functions.map((entry) => {
      const name = names?.get(entry.index);
      return name === undefined ? entry : { ...entry, name };
    }),
    hasStart: content.hasStart,
  };
}
