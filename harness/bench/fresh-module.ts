/** Gives a wasm bytes of its own: an engine shares compiled code between modules of equal bytes. */
import { withCustomSection } from "../wasm/custom-section.ts";

/** Bytes of a mark, the last ones of a fresh module: u32, little endian. */
export const markBytes = 4;

/**
 * The module with a custom section behind it that holds `mark`: the same code, compiled anew. V8
 * compares the bytes, and would give an A/A pair one code, so that it showed no noise of code.
 */
export function freshModule(wasm: Uint8Array<ArrayBuffer>, mark: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(markBytes);
  new DataView(content.buffer).setUint32(0, mark, true);
  return withCustomSection(wasm, { name: "round", content });
}
