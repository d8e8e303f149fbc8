/** The errors that the library throws: one class per cause; what Lua raises is a value instead. */
import { classOf, cut } from "./shown.ts";

/** Why a wasm could not be made into a core. */
export type LoadFailure =
  | "not-fetched"
  | "not-wasm"
  | "not-compiled"
  | "wrong-interface"
  | "wrong-memory"
  | "wrong-abi"
  | "not-initialised";

/** A source that is no core of this ABI, or could not be read. The message says what to do. */
export class CoreLoadError extends Error {
  override readonly name = "CoreLoadError";
  readonly reason: LoadFailure;

  constructor(reason: LoadFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A JavaScript value that has no Lua value, or none that crosses the boundary. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
}

/** Bytes that are no value of docs/FORMATS.md. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}

/** A valid encoding that refers to an external table that the core does not have. */
export class UnknownTableError extends DecodeError {
  override readonly name = "UnknownTableError";
}

/** An external table would pass the quota of bytes or entries; it is as it was. */
export class QuotaExceededError extends Error {
  override readonly name = "QuotaExceededError";
}

/** A call on a core whose instance trapped. Load a new core; `cause` is what was thrown. */
export class PoisonedError extends Error {
  override readonly name = "PoisonedError";
}

/** A call on a core after its `dispose`. */
export class DisposedError extends Error {
  override readonly name = "DisposedError";
}

/** The engine's stack has too little room left for the call; nothing was done. */
export class OutOfStackError extends Error {
  override readonly name = "OutOfStackError";
}

/** A call on a core from within one of its own host functions. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** An argument or option of the wrong kind, or one that the core refused. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Thrown by a host function to raise any Lua value as the error, as `error(value)` does in Lua.
 * Any other exception raises its message.
 */
export class LuaError<Value = unknown> extends Error {
  override readonly name = "LuaError";
  readonly value: Value;

  constructor(value: Value) {
    super(typeof value === "string" ? value : "an error value of Lua");
    this.value = value;
  }
}

/** Longer messages are cut: they become error values of Lua. */
const messageLengthMax = 2000;

/** The text of anything that was thrown, also of what throws when it is looked at. */
export function messageOf(thrown: unknown): string {
  try {
    return cut(textOf(thrown), messageLengthMax);
  } catch {
    return "something without a text was thrown";
  }
}

/** The message of an error, of another realm too, and of any object that has one. */
function textOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const message: unknown = Reflect.get(thrown, "message");
  if (typeof message === "string") return message;
  const text = String(thrown);
  return text === "[object Object]" ? `${classOf(thrown)} was thrown` : text;
}

/** `instanceof` of what somebody else threw: a proxy throws when it is looked at. */
export function isA<Kind>(
  thrown: unknown,
  kind: abstract new (...parts: never[]) => Kind,
): thrown is Kind {
  try {
    return thrown instanceof kind;
  } catch {
    return false;
  }
}

/** Promises are refused as values: one that is rejected later must not end the process. */
export function ignoreRejection(value: unknown): void {
  if (isA(value, Promise)) Promise.prototype.catch.call(value, () => undefined);
}
