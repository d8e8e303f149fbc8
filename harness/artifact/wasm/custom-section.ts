/** Adds a custom section to a module: bytes that no engine runs. */

/** A copy of the module with the section at its end. Throws TypeError above 127 bytes of it. */
export function withCustomSection(
  wasm: Uint8Array,
  { name, content }: { readonly name: string; readonly content: ArrayLike<number> },
): Uint8Array<ArrayBuffer> {
  const nameBytes = new TextEncoder().encode(name);
  const sizeBytes = 1 + nameBytes.length + content.length;
  // Below 128 a length is one byte in LEB128, and id 0 is that of custom sections.
  if (sizeBytes > 127) throw new TypeError(`a custom section of ${sizeBytes} bytes is too long`);
  const copy = new Uint8Array(wasm.length + 2 + sizeBytes);
  copy.set(wasm);
  copy.set([0, sizeBytes, nameBytes.length, ...nameBytes], wasm.length);
  copy.set(content, copy.length - content.length);
  return copy;
}
