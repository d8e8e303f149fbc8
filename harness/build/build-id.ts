/** The build id: a custom section that binds images to the wasm that they were taken from. */
import { createHash } from "node:crypto";
import { buildIdSection } from "../../runtime/abi/abi.ts";
import { withCustomSection } from "../wasm/custom-section.ts";

/** SHA-256 of a module that has no build id yet. */
export function buildIdOf(wasm: Uint8Array): Uint8Array {
  return createHash("sha256").update(wasm).digest();
}

/** A copy of the module with the section at its end. */
export function withBuildId(wasm: Uint8Array, buildId: Uint8Array): Uint8Array<ArrayBuffer> {
  return withCustomSection(wasm, { name: buildIdSection, content: buildId });
}
