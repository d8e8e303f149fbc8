/** Takes custom sections out of a wasm module and leaves every other byte as it was. */
import { headerSizeBytes, readSections } from "./sections.ts";

/**
 * A copy of the module without its custom sections, save those whose name `keep` accepts ("name",
 * "producers", …). Throws WasmFormatError.
 */
export function stripCustomSections(
  bytes: Uint8Array,
  keep: (name: string) => boolean = () => false,
): Uint8Array<ArrayBuffer> {
  const kept = readSections(bytes).filter(
    ({ id, name }) => id !== 0 || keep(name.slice("custom:".length)),
  );
  const sizeBytes = kept.reduce((sum, section) => sum + section.sizeBytes, headerSizeBytes);
  const stripped = new Uint8Array(sizeBytes);
  stripped.set(bytes.subarray(0, headerSizeBytes));
  let end = headerSizeBytes;
  for (const section of kept) {
    stripped.set(bytes.subarray(section.offset, section.offset + section.sizeBytes), end);
    end += section.sizeBytes;
  }
  return stripped;
}
