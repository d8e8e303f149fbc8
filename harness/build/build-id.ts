/** The build id: a custom section that binds images to the wasm that they were taken from. */
import { createHash } from "node:crypto";
import { buildIdSection } from "../artifact/abi.ts";

/** SHA-256 of a module that has no build id yet. */
export function buildIdOf(wasm: Uint8Array): Uint8Array {
  return createHash("sha256").update(wasm).digest();
}

/** A copy of the module with the section at its end. */
export function withBuildId(wasm: Uint8Array, buildId: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(buildIdSection);
  const content = [name.length, ...name, ...buildId];
  // Below 128 a length is one byte in LEB128, and id 0 is that of custom sections.
  if (content.length > 127) throw new TypeError("a build id is 32 bytes");
  const section = Uint8Array.of(0, content.length, ...content);
  const identified = new Uint8Array(wasm.length + section.length);
  identified.set(wasm);
  identified.set(section, wasm.length);
  return identified;
}
