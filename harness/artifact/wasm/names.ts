/** Reads the function names from a module's name section. */
import type { ByteReader } from "./byte-reader.ts";

const functionNamesId = 1;

/** Names by function index. `reader` stands behind the section's own name. */
export function readFunctionNames(reader: ByteReader): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  while (!reader.atEnd) {
    const id = reader.u8();
    const subsection = reader.slice(reader.u32());
    if (id !== functionNamesId) continue;
    subsection.vector(() => names.set(subsection.u32(), subsection.name()));
    subsection.expectEnd("the list of function names");
  }
  return names;
}
