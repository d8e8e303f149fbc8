/** Reads names from a module's name section: of functions, globals, data segments and others. */
import type { ByteReader } from "./byte-reader.ts";

/** Subsections that are one list of names, by id; those of locals and labels are lists of lists. */
const namedSpaces = {
  function: 1,
  type: 4,
  table: 5,
  memory: 6,
  global: 7,
  element: 8,
  data: 9,
  tag: 11,
} as const;

export type NamedSpace = keyof typeof namedSpaces;

/** Names by index, in one index space. `reader` stands behind the section's own name. */
export function readNames(reader: ByteReader, space: NamedSpace): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  while (!reader.atEnd) {
    const id = reader.u8();
    const subsection = reader.slice(reader.u32());
    if (id !== namedSpaces[space]) continue;
    subsection.vector(() => names.set(subsection.u32(), subsection.name()));
    subsection.expectEnd(`the list of ${space} names`);
  }
  return names;
}
