/** One character for each byte, and back: how bytes are kept as texts, and found in Maps. */

/** Up to this many bytes become a text by one call: longer keys are rare, and joined of such. */
const strideBytes = 64;
/** One array for each length, filled anew each time: a call with arguments of an array is fast. */
const strides = Array.from({ length: strideBytes + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);

/** One character for each byte: how bytes become the key of a Map. */
export function latin1Of(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number } = {
    start: 0,
    end: bytes.length,
  },
): string {
  if (end - start <= strideBytes) return strideOf(bytes, start, end);
  let text = "";
  for (let at = start; at < end; at += strideBytes) {
    text += strideOf(bytes, at, Math.min(at + strideBytes, end));
  }
  return text;
}

/** Hot: one flat text, which a Map hashes faster than one that was put together. */
function strideOf(bytes: Uint8Array, start: number, end: number): string {
  const codes = strides[end - start] ?? [];
  for (let i = 0; i < codes.length; i++) codes[i] = bytes[start + i] ?? 0;
  return String.fromCharCode.apply(undefined, codes);
}

/** The reverse of `latin1Of`. */
export function bytesOfLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
