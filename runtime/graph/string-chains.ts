/** Whether the strings of a state were chosen to lie in one place of Lua's table of strings. */
import type { SnapshotGraph } from "./graph.ts";

/** Longer strings are not in the table. */
const shortBytesMax = 40;
const tableSizeMin = 128;
/** By chance the longest chain of a full table has some ten. */
const chainMax = 64;

/**
 * Lua reads a string by walking the chain of those that share its place: a snapshot brings its own
 * seed, by which a stranger can make all share one. (Lua 5.4: luaS_hash, internshrstr.)
 */
export function hasLongChain({ objects, hashSeed }: SnapshotGraph): boolean {
  const hashes = objects.flatMap((object) => {
    if (object.kind !== "string" || object.bytes.length > shortBytesMax) return [];
    return [stringHash(object.bytes.toBytes(), hashSeed)];
  });
  const size = Math.max(tableSizeMin, 2 ** Math.ceil(Math.log2(hashes.length + 1)));
  const lengths = new Uint32Array(size);
  return hashes.some((hash) => {
    const place = hash & (size - 1);
    lengths[place] = (lengths[place] ?? 0) + 1;
    return (lengths[place] ?? 0) > chainMax;
  });
}

/** The hash of a short string: luaS_hash of Lua 5.4. */
export function stringHash(bytes: Uint8Array, seed: number): number {
  let hash = seed ^ bytes.length;
  for (let i = bytes.length - 1; i >= 0; i--) {
    hash ^= (hash << 5) + (hash >>> 2) + (bytes[i] ?? 0);
  }
  return hash >>> 0;
}
