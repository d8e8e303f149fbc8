/** Splits a wasm file into its sections, checks their order, and says where each byte lies. */
import { ByteReader, WasmFormatError } from "./byte-reader.ts";

/** One section: where it lies in the file, and a reader of its content. */
export interface RawSection {
  readonly id: number;
  /** "code", "data", …; "custom:name" for a custom section. */
  readonly name: string;
  /** Of the section's id byte. */
  readonly offset: number;
  /** With its header (id and length), so that all sizes and the 8 header bytes sum to the file. */
  readonly sizeBytes: number;
  /** The content; in a custom section behind its name. A fresh reader at each call. */
  readonly open: () => ByteReader;
}

export const headerSizeBytes = 8;
const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** In the order in which they must stand, which is not the order of their ids. */
const knownSections: ReadonlyMap<number, string> = new Map([
  [1, "type"],
  [2, "import"],
  [3, "function"],
  [4, "table"],
  [5, "memory"],
  [13, "tag"],
  [6, "global"],
  [7, "export"],
  [8, "start"],
  [9, "element"],
  [12, "data-count"],
  [10, "code"],
  [11, "data"],
]);
const ranks: readonly number[] = [...knownSections.keys()];

/** Throws WasmFormatError on anything but a module whose sections fill the file exactly. */
export function readSections(bytes: Uint8Array): readonly RawSection[] {
  const reader = new ByteReader(bytes);
  for (const expected of magicAndVersion) {
    if (reader.peek() !== expected) reader.fail("not a wasm module of version 1");
    reader.u8();
  }
  const sections: RawSection[] = [];
  let rank = -1;
  while (!reader.atEnd) {
    const section = readSection(reader);
    if (section.id !== 0) {
      const next = ranks.indexOf(section.id);
      if (next <= rank) {
        throw new WasmFormatError(`section ${section.name} is out of order`, section.offset);
      }
      rank = next;
    }
    sections.push(section);
  }
  return sections;
}

function readSection(reader: ByteReader): RawSection {
  const offset = reader.offset;
  const id = reader.u8();
  const content = reader.slice(reader.u32());
  const sizeBytes = content.end - offset;
  if (id === 0) {
    const name = `custom:${content.name()}`;
    const start = content.offset;
    const open = () => new ByteReader(reader.bytes, start, content.end);
    return { id, name, offset, sizeBytes, open };
  }
  const name = knownSections.get(id);
  if (name === undefined) throw new WasmFormatError(`unknown section ${id}`, offset);
  const start = content.offset;
  return {
    id,
    name,
    offset,
    sizeBytes,
    open: () => new ByteReader(reader.bytes, start, content.end),
  };
}
