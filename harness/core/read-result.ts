/** From the status that an export answered, and the frame that it left, to a result. */
import { failureName } from "../artifact/abi.ts";
import { decodeValues } from "./decode.ts";
import { DecodeError, messageOf } from "./errors.ts";
import { readFrame } from "./frame.ts";
import type { Host } from "./host.ts";
import { type Failure, failureOf, meaningOf, type Result } from "./result.ts";
import { lenientTextOf } from "./scalars.ts";

/** Codes that the guest answers before there is a frame. */
const codesWithoutFrame: ReadonlySet<string> = new Set([
  "NULL_STATE",
  "INVALID_SIZE",
  "BUSY",
  "NOT_BUILT",
]);

/** Throws DecodeError when frame or code are none of this ABI's: the core is corrupt. */
export function readResult(
  host: Host,
  answer: { readonly status: number; readonly buffer: Uint8Array },
): Result {
  const code = answer.status < 0 ? knownFailure(answer.status) : undefined;
  if (code !== undefined && codesWithoutFrame.has(code)) return failureOf(code, meaningOf(code));
  const frame = readFrame({ buffer: answer.buffer, streamed: host.received.take() });
  const values = decodeValues(frame.values, { ...host.decoding, count: frame.valueCount });
  try {
    host.takeOutput(frame.output);
  } catch (exception) {
    return failureOf("HOST_FAILED", `onOutput failed: ${messageOf(exception)}`, exception);
  }
  const outputBytes = host.output.take();
  const output = lenientTextOf(outputBytes);
  if (code === undefined) return { ok: true, values, output, outputBytes };
  const failure = { ok: false, code, error: values[0], output, outputBytes } as const;
  return host.exception === undefined ? failure : { ...failure, cause: host.exception };
}

/** The failure for a code of an export that leaves no frame. */
export function failureWithoutFrame(status: number): Failure {
  const code = knownFailure(status);
  return failureOf(code, meaningOf(code));
}

function knownFailure(status: number) {
  const code = failureName(status);
  if (code === undefined) throw new DecodeError(`the core answered ${status}, which is no code`);
  return code;
}
