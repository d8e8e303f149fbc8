/** What a wasm module consists of, as its reader gives it. */

export type ExternalKind = "function" | "table" | "memory" | "global" | "tag";

/**
 * `type` is text: "(i32, i32) -> (i32)" of a function, "(i32) -> ()" of a tag, "i32" or
 * "mutable i32" of a global, "32..32" (pages) of a memory, "funcref 5..5" of a table.
 */
export interface WasmImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: string;
}

export interface WasmExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: string;
  /** In the index space of its kind, imports first. */
  readonly index: number;
}

/** A memory; its limits are in pages of 64 KiB. */
export interface WasmMemory {
  readonly minPages: number;
  readonly maxPages?: number;
  readonly imported: boolean;
}

/** A global that the module defines. */
export interface WasmGlobal {
  /** In the index space of globals, imports first. */
  readonly index: number;
  /** As in WasmImport. */
  readonly type: string;
  readonly mutable: boolean;
  /** Signed; present when the initial value is one i32 or i64 constant. */
  readonly initialValue?: number | bigint;
}

export interface WasmDataSegment {
  /** The address; absent when the segment is passive or its place is not a constant. */
  readonly offset?: number;
  readonly sizeBytes: number;
}

export interface WasmSection {
  /** "type", "code", "data-count", …; "custom:name" of a custom section. */
  readonly name: string;
  readonly offset: number;
  /** With its header: these sizes and the 8 bytes of the module's header sum to the file's size. */
  readonly sizeBytes: number;
}

/** A function that the module defines. */
export interface WasmFunction {
  /** In the index space of functions, imports first. */
  readonly index: number;
  /** From the name section. */
  readonly name?: string;
  /** Of its body with the length before it. */
  readonly sizeBytes: number;
}
