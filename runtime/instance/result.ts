/** What a call of a core comes to: values, or a failure that is a value too. */
import type { FailureName } from "../abi/abi.ts";
import type { LuaValue } from "../value/values.ts";

/**
 * Why a call failed: a code of docs/FORMATS.md, or the library's own. POISONED: the instance
 * trapped, now or before, and is never called again. DISPOSED: after `dispose`. OUT_OF_STACK: the
 * caller has used up the engine's stack; nothing was done.
 */
export type FailureCode = FailureName | "POISONED" | "DISPOSED" | "OUT_OF_STACK";

interface Output {
  /** What was printed, as text; empty where `onOutput` takes it. */
  readonly output: string;
  /** The same, byte for byte. */
  readonly outputBytes: Uint8Array;
}

export interface Success extends Output {
  readonly ok: true;
  readonly values: readonly LuaValue[];
}

export interface Failure extends Output {
  readonly ok: false;
  readonly code: FailureCode;
  /** The error value: most often a message. */
  readonly error: LuaValue;
  /** What a host function, an import or the instance threw, if anything did. */
  readonly cause?: unknown;
  /**
   * Of NOT_PERSISTABLE what can't be saved, of BAD_SNAPSHOT what is more than data: the first
   * hundred things.
   */
  readonly refused?: readonly Refused[];
}

/** What is refused: where it is, as Lua would write it, and why or what it is. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
  /** The error of its `__persist`, where that failed. */
  readonly error?: LuaValue;
}

export type Result = Success | Failure;

/** A failure of which only the reason is known. */
export function failureOf(code: FailureCode, message: string, cause?: unknown): Failure {
  const failure = { ok: false, code, error: message, output: "", outputBytes: new Uint8Array(0) };
  return cause === undefined ? { ...failure, ok: false } : { ...failure, ok: false, cause };
}

/** What a code means, where the core says nothing itself. */
export function meaningOf(code: FailureName): string {
  switch (code) {
    case "NULL_STATE":
      return "the core has no state: it is not initialised";
    case "INVALID_SIZE":
      return "a pointer or length does not lie in the I/O buffer";
    case "COMPILE_FAILED":
      return "the code has a syntax error";
    case "RUNTIME_FAILED":
      return "an error was raised";
    case "BUFFER_OVERFLOW":
      return "the host took less of an output than was given to it";
    case "OUT_OF_MEMORY":
      return "not enough memory";
    case "BAD_SNAPSHOT":
      return "the snapshot is damaged or not ours";
    case "HOST_FAILED":
      return "an import of the host failed";
    case "BUSY":
      return "the core is called from within one of its host functions; call it when that is done";
    case "BAD_VALUE":
      return "a value has no encoding";
    case "QUOTA_EXCEEDED":
      return "the quota of the external tables is used up";
    case "UNKNOWN_TABLE":
      return "there is no external table of that id";
    case "NOT_FOUND":
      return "there is no function of that name";
    case "NOT_PERSISTABLE":
      return "the state holds what can't be saved";
  }
}
