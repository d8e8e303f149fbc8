/** The bytes of one generation of one blob, as a file store keeps them (docs/STORES.md). */

import { joined } from "../bytes/joined.ts";
import { xxh32 } from "../bytes/xxh32.ts";
import { frameOf, readFrames } from "./framing.ts";

const magic = [0x4c, 0x50, 0x57, 0x46] as const; // "LPWF"
const version = 1;
const headBytes = 16;

/** What of a slot's file can be relied on. */
export interface SlotContent {
  readonly generation: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the next frame goes, and what its checksum is seeded with. */
  readonly end: number;
  readonly checksum: number;
  /** Bytes behind the last whole frame: an append that never ended, or damage. */
  readonly droppedBytes: number;
}

/** A new file of that generation. */
export function encodeSlot(
  generation: number,
  payload: Uint8Array,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly checksum: number } {
  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  head.set(magic);
  view.setUint32(4, version, true);
  view.setUint32(8, generation, true);
  view.setUint32(12, xxh32(head.subarray(0, 12)), true);
  const frame = frameOf(payload, 0);
  return { bytes: joined([head, frame.bytes]), checksum: frame.checksum };
}

/** undefined when not even what was written first is whole. */
export function decodeSlot(file: Uint8Array): SlotContent | undefined {
  if (file.length < headBytes) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (magic.some((byte, at) => file[at] !== byte)) return undefined;
  if (view.getUint32(4, true) !== version) return undefined;
  if (view.getUint32(12, true) !== xxh32(file.subarray(0, 12))) return undefined;
  const { payloads, count, end, checksum } = readFrames(file, headBytes);
  if (count === 0) return undefined;
  return {
    generation: view.getUint32(8, true),
    bytes: joined(payloads),
    end,
    checksum,
    droppedBytes: file.length - end,
  };
}
