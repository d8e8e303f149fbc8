/** How external tables keep encoded values: small ones as a text, one character for each byte. */
import { bytesOfLatin1, latin1Of } from "./latin1.ts";

/** A text of 9 characters takes 32 bytes of JavaScript's heap, an array of 9 bytes over 200. */
export type KeptBytes = string | Uint8Array;

/** Above it an array is the cheaper form: it is copied whole. */
const textBytesMax = 64;

/** A copy of the bytes from `start` to `end`. */
export function keep(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
): KeptBytes {
  if (end - start <= textBytesMax) return latin1Of(bytes, { start, end });
  // A copy of any kind of Uint8Array: the slice of a Node Buffer is none.
  return new Uint8Array(bytes.subarray(start, end));
}

/** As bytes, for reading only. */
export function bytesOfKept(kept: KeptBytes): Uint8Array {
  return typeof kept === "string" ? bytesOfLatin1(kept) : kept;
}

/** Writes them from `at` on; they must fit. */
export function writeKept(kept: KeptBytes, target: Uint8Array, at: number): void {
  if (typeof kept !== "string") target.set(kept, at);
  else for (let i = 0; i < kept.length; i++) target[at + i] = kept.charCodeAt(i);
}
