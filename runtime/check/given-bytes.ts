/** Bytes that a host gives: told from what only looks like them, and copied. */
import { messageOf, UsageError } from "./errors.ts";
import { shown } from "./shown.ts";

/** Reads the class from where no script can change it, and of arrays of any realm. */
const classTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

export function isBytes(value: unknown): value is Uint8Array {
  return classTag?.call(value) === "Uint8Array";
}

/**
 * `wanted`: what they are and may be, for the message. Throws UsageError for what are no bytes, or
 * none any more.
 */
export function copyOfBytes(bytes: unknown, wanted: string): Uint8Array<ArrayBuffer> {
  if (!isBytes(bytes)) throw new UsageError(`${wanted}, not ${shown(bytes)}`);
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new UsageError(`${wanted}; these can't be read: ${messageOf(cause)}`, { cause });
  }
}
