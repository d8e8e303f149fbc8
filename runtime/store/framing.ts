/** Frames: payloads one behind the other, each known to be whole and to follow the one before. */
import { xxh32 } from "../bytes/xxh32.ts";

/** u32 length of the payload, u32 XXH32 of the payload, seeded with the checksum before it. */
export const frameHeadBytes = 8;

export interface Frames {
  /** Views, not copies, of those that are not empty: of empty ones there may be millions. */
  readonly payloads: readonly Uint8Array[];
  /** The number of frames, empty ones included. */
  readonly count: number;
  /** Where the next frame would start: what lies behind is no whole frame of this chain. */
  readonly end: number;
  /** The last checksum: what the next frame is seeded with. */
  readonly checksum: number;
}

/** The frame that follows one of that checksum; the first follows 0. */
export function frameOf(
  payload: Uint8Array,
  previousChecksum: number,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly checksum: number } {
  const bytes = new Uint8Array(frameHeadBytes + payload.length);
  const checksum = xxh32(payload, previousChecksum);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, checksum, true);
  bytes.set(payload, frameHeadBytes);
  return { bytes, checksum };
}

/** All whole frames from `start` on, up to the first that is torn, damaged or not of the chain. */
export function readFrames(bytes: Uint8Array, start: number): Frames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const payloads: Uint8Array[] = [];
  let end = start;
  let checksum = 0;
  let count = 0;
  while (bytes.length - end >= frameHeadBytes) {
    const length = view.getUint32(end, true);
    if (length > bytes.length - end - frameHeadBytes) break;
    const payload = bytes.subarray(end + frameHeadBytes, end + frameHeadBytes + length);
    const expected = view.getUint32(end + 4, true);
    if (xxh32(payload, checksum) !== expected) break;
    if (length > 0) payloads.push(payload);
    count += 1;
    checksum = expected;
    end += frameHeadBytes + length;
  }
  return { payloads, count, end, checksum };
}
