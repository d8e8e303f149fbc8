/** Gives a wasm bytes of its own: an engine shares compiled code between modules of equal bytes. */

const sectionName = new TextEncoder().encode("round");

/**
 * The module with a custom section behind it that holds `mark`: the same code, compiled anew. V8
 * compares the bytes, and would give an A/A pair one code, so that it showed no noise of code.
 */
export function freshModule(wasm: Uint8Array<ArrayBuffer>, mark: number): Uint8Array<ArrayBuffer> {
  const content = [sectionName.length, ...sectionName, ...littleEndian(mark)];
  // Id 0, and a size below 128: one byte of LEB128.
  const section = [0, content.length, ...content];
  const fresh = new Uint8Array(wasm.length + section.length);
  fresh.set(wasm);
  fresh.set(section, wasm.length);
  return fresh;
}

function littleEndian(mark: number): readonly number[] {
  return [0, 8, 16, 24].map((shift) => (mark >>> shift) & 0xff);
}
