/** The exports of one instance, each narrowed to what docs/FORMATS.md says it is. */
import { CoreLoadError } from "../check/errors.ts";
import type { ProtectedCalls } from "./imports.ts";

type Exported = (...figures: number[]) => number;

export interface Guest {
  readonly memory: WebAssembly.Memory;
  readonly initialize: Exported | undefined;
  readonly init: Exported;
  readonly deinit: Exported;
  readonly configure: Exported;
  readonly compute: Exported;
  readonly call: Exported;
  readonly register: Exported;
  readonly bufferPtr: Exported;
  readonly bufferSize: Exported;
  readonly memoryStats: Exported;
  readonly runGc: Exported;
  readonly serializeState: Exported;
  readonly restoreState: Exported;
  readonly manifestPtr: Exported;
  readonly manifestLen: Exported;
  readonly protectedCalls: ProtectedCalls | undefined;
}

/** Throws CoreLoadError for an export that is missing or of another kind. */
export function guestOf({ exports }: WebAssembly.Instance): Guest {
  return {
    memory: memoryOf(exports),
    initialize:
      exports["_initialize"] === undefined ? undefined : functionOf(exports, "_initialize"),
    init: functionOf(exports, "init"),
    deinit: functionOf(exports, "deinit"),
    configure: functionOf(exports, "configure"),
    compute: functionOf(exports, "compute"),
    call: functionOf(exports, "call"),
    register: functionOf(exports, "register"),
    bufferPtr: functionOf(exports, "get_buffer_ptr"),
    bufferSize: functionOf(exports, "get_buffer_size"),
    memoryStats: functionOf(exports, "get_memory_stats"),
    runGc: functionOf(exports, "run_gc"),
    serializeState: functionOf(exports, "serialize_state"),
    restoreState: functionOf(exports, "restore_state"),
    manifestPtr: functionOf(exports, "get_manifest_ptr"),
    manifestLen: functionOf(exports, "get_manifest_len"),
    protectedCalls: protectedCallsOf(exports),
  };
}

function functionOf(exports: WebAssembly.Exports, name: string): Exported {
  const value = exports[name];
  if (typeof value !== "function") {
    throw new CoreLoadError("wrong-interface", `the wasm exports no function "${name}"`);
  }
  return value as Exported;
}

function memoryOf(exports: WebAssembly.Exports): WebAssembly.Memory {
  const memory = exports["memory"];
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new CoreLoadError("wrong-interface", 'the wasm exports no memory "memory"');
}

function protectedCallsOf(exports: WebAssembly.Exports): ProtectedCalls | undefined {
  const stackPointer = exports["__stack_pointer"];
  if (!(stackPointer instanceof WebAssembly.Global)) return undefined;
  return { call: functionOf(exports, "lua_protected_call"), stackPointer };
}
