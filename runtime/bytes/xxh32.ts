/** XXH32, the checksum of snapshots and stores (the xxHash specification, version 0.1.1). */

const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;
const stripeBytes = 16;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The checksum of all bytes, an unsigned 32-bit number. It finds accidents, not attackers. */
export function xxh32(bytes: Uint8Array, seed = 0): number {
  const striped = bytes.length - (bytes.length % stripeBytes);
  let hash =
    striped === 0 ? (seed + prime5) | 0 : hashStripes(wordsOf(bytes.subarray(0, striped)), seed);
  hash = (hash + bytes.length) | 0;
  return avalanche(hashTail(bytes, { from: striped, hash })) >>> 0;
}

/** Four lanes, spelled out: as an array they cost three times as much. */
function hashStripes(words: Uint32Array, seed: number): number {
  let lane1 = (seed + prime1 + prime2) | 0;
  let lane2 = (seed + prime2) | 0;
  let lane3 = seed | 0;
  let lane4 = (seed - prime1) | 0;
  for (let i = 0; i + 3 < words.length; i += 4) {
    lane1 = round(lane1, words[i] ?? 0);
    lane2 = round(lane2, words[i + 1] ?? 0);
    lane3 = round(lane3, words[i + 2] ?? 0);
    lane4 = round(lane4, words[i + 3] ?? 0);
  }
  return (rotate(lane1, 1) + rotate(lane2, 7) + rotate(lane3, 12) + rotate(lane4, 18)) | 0;
}

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, prime2)) | 0, 13), prime1);
}

/** What is left behind the stripes: at most 3 words and 3 bytes. */
function hashTail(
  bytes: Uint8Array,
  start: { readonly from: number; readonly hash: number },
): number {
  let { from: at, hash } = start;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (; at + 4 <= bytes.length; at += 4) {
    const word = view.getUint32(at, true);
    hash = Math.imul(rotate((hash + Math.imul(word, prime3)) | 0, 17), prime4);
  }
  for (; at < bytes.length; at += 1) {
    const byte = view.getUint8(at);
    hash = Math.imul(rotate((hash + Math.imul(byte, prime5)) | 0, 11), prime1);
  }
  return hash;
}

function avalanche(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 15), prime2);
  const second = Math.imul(first ^ (first >>> 13), prime3);
  return second ^ (second >>> 16);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Little-endian words, in place where the bytes lie aligned on a machine of that order. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  if (!isLittleEndian) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
  }
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
