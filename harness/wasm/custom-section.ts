/** Adds a custom section to a module: bytes that no engine runs. */
import { joined } from "../../runtime/bytes/joined.ts";
import { name as nameBytes, unsigned } from "./encoding.ts";

/** The bytes of a custom section, its header included. */
export function customSection({
  name,
  content,
}: {
  readonly name: string;
  readonly content: ArrayLike<number>;
}): Uint8Array<ArrayBuffer> {
  const named = joined([nameBytes(name), content]);
  return joined([[0], unsigned(named.length), named]);
}

/** A copy of the module with the section at its end. */
export function withCustomSection(
  wasm: Uint8Array,
  section: { readonly name: string; readonly content: ArrayLike<number> },
): Uint8Array<ArrayBuffer> {
  return joined([wasm, customSection(section)]);
}
