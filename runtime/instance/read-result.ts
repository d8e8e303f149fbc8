/** From the status that an export answered, and the frame that it left, to a result. */
import { type FailureName, failureName } from "../abi/abi.ts";
import { DecodeError, LuaError, messageOf, UnknownTableError } from "../check/errors.ts";
import { isBytes } from "../check/given-bytes.ts";
import { LuaBytes, LuaFloat, lenientTextOf } from "../scalar/scalars.ts";
import { type Decoding, decodeValues } from "../value/decode.ts";
import type { LuaValue } from "../value/values.ts";
import { type Frame, readFrame } from "./frame.ts";
import type { Host } from "./host.ts";
import { failureOf, meaningOf, type Result } from "./result.ts";

/** Codes that the guest answers before there is a frame. */
const codesWithoutFrame: ReadonlySet<string> = new Set(["NULL_STATE", "INVALID_SIZE", "BUSY"]);

/** The status of an export, and the buffer in which it left its frame. */
export interface Answer {
  readonly status: number;
  readonly buffer: Uint8Array;
}

/**
 * The result, with all output that no result before had. Throws DecodeError when frame or code are
 * none of this ABI's: the core is corrupt.
 */
export function readResult(host: Host, answer: Answer): Result {
  const code = answer.status < 0 ? knownFailure(answer.status) : undefined;
  if (code !== undefined && codesWithoutFrame.has(code)) return failureOf(code, meaningOf(code));
  const frame = readFrame({ buffer: answer.buffer, streamed: host.received.take() });
  const read = valuesOf(frame, host.decoding);
  try {
    host.environment.takeOutput(frame.output);
  } catch (exception) {
    return failureOf("HOST_FAILED", `onOutput failed: ${messageOf(exception)}`, exception);
  }
  const output = takeOutput(host);
  if (code === undefined && read.ok) return { ok: true, values: read.values, ...output };
  const error = read.ok ? read.values[0] : read.message;
  const failure = { ok: false, code: code ?? "BAD_VALUE", error, ...output } as const;
  const hasCause = host.exception !== undefined && codesOfImports.has(code);
  const isCause = hasCause || isRaisedBy(host.exception, error);
  return isCause ? { ...failure, cause: host.exception } : failure;
}

/** Why the core refused what gives no result; its output stays for the next result. */
export interface Refusal {
  readonly code: FailureName;
  readonly message: string;
  readonly cause: unknown;
}

/** For a negative status of `init`, `register` or `run_gc`. Throws DecodeError as readResult. */
export function readRefusal(host: Host, { status, buffer }: Answer): Refusal {
  const code = knownFailure(status);
  if (codesWithoutFrame.has(code)) return { code, message: meaningOf(code), cause: undefined };
  const frame = readFrame({ buffer, streamed: host.received.take() });
  const read = valuesOf(frame, host.decoding);
  try {
    host.environment.takeOutput(frame.output);
  } catch (exception) {
    host.exception = exception;
  }
  const message = read.ok ? String(read.values[0]) : read.message;
  const isCause = codesOfImports.has(code) || isRaisedBy(host.exception, message);
  return { code, message, cause: isCause ? host.exception : undefined };
}

/** A frame has no more of a message. */
const comparedChars = 60;
/** A shorter one may stand in any message: it must be the end of it. */
const tellingChars = 8;
/** Codes that what an import threw becomes, whatever its message. */
const codesOfImports: ReadonlySet<string | undefined> = new Set(["HOST_FAILED", "BUFFER_OVERFLOW"]);

/**
 * Whether an exception is what became this error: a script may have caught it, and failed of
 * something else. Lua puts a place before a message, and scripts more.
 */
function isRaisedBy(exception: unknown, error: LuaValue): boolean {
  if (exception === undefined) return false;
  try {
    const raised: unknown = exception instanceof LuaError ? exception.value : messageOf(exception);
    const isText = typeof raised !== "object" || raised === null || isScalar(raised);
    if (!isText) return typeof error === "object" && !isScalar(error);
    const text = textOf(raised).toWellFormed().slice(0, comparedChars);
    const told = textOf(error);
    return text.length < tellingChars
      ? told === text || told.endsWith(`: ${text}`)
      : told.includes(text);
  } catch {
    return false;
  }
}

function isScalar(value: object): boolean {
  return value instanceof LuaBytes || value instanceof LuaFloat || isBytes(value);
}

function textOf(value: unknown): string {
  return isBytes(value) ? lenientTextOf(value) : String(value);
}

/** All output that no result had yet, as a result has it. */
export function takeOutput(host: Host): {
  readonly output: string;
  readonly outputBytes: Uint8Array;
} {
  const outputBytes = host.environment.output.take();
  return { output: lenientTextOf(outputBytes), outputBytes };
}

type ReadValues =
  | { readonly ok: true; readonly values: readonly LuaValue[] }
  | { readonly ok: false; readonly message: string };

/** A table that is gone is no corruption: a script may hold a reference longer than the host. */
function valuesOf({ values, valueCount: count }: Frame, decoding: Decoding): ReadValues {
  try {
    return { ok: true, values: decodeValues(values, { ...decoding, count }) };
  } catch (error) {
    if (!(error instanceof UnknownTableError)) throw error;
    return { ok: false, message: `a value can't be read: ${error.message}` };
  }
}

function knownFailure(status: number) {
  const code = failureName(status);
  if (code === undefined) throw new DecodeError(`the core answered ${status}, which is no code`);
  return code;
}
