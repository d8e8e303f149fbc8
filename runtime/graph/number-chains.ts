/** Whether numbers that are a table's keys were chosen to lie in one place of its hash part. */
import { isIntegral64 } from "../scalar/table-key.ts";

/** A key as Lua has it: an integer is a bigint, a float a number. */
export type NumberKey = bigint | number;

/** Only keys in steps of a large power of two, less one, have such chains without being chosen. */
export const chainMax = 1024;

/**
 * Whether Lua walks more than `chainMax` entries to find one: those in one place are a chain.
 * `nodeCount`: the places; without it the table grows with its keys, through each power of two.
 */
export function haveLongChain(keys: readonly NumberKey[], nodeCount?: number): boolean {
  if (keys.length <= chainMax) return false;
  const hashes = keys.map(hashOf);
  if (nodeCount !== undefined) return isLong(hashes, nodeCount);
  for (let count = 2 * chainMax; count < 2 * hashes.length; count *= 2) {
    if (isLong(hashes, count)) return true;
  }
  return false;
}

function isLong(hashes: readonly bigint[], nodeCount: number): boolean {
  const lengths = new Uint32Array(nodeCount);
  const divisor = BigInt((nodeCount - 1) | 1);
  return hashes.some((hash) => {
    const place = Number(hash % divisor);
    const length = (lengths[place] ?? 0) + 1;
    lengths[place] = length;
    return length > chainMax;
  });
}

/** What is divided by the number of places: hashint and l_hashfloat of Lua 5.4. */
function hashOf(key: NumberKey): bigint {
  if (typeof key === "bigint") return BigInt.asUintN(64, key);
  if (isIntegral64(key)) return BigInt.asUintN(64, BigInt(key));
  if (!Number.isFinite(key)) return 0n;
  const { exponent, fraction } = partsOf(key);
  const sum = (exponent + Math.trunc(fraction * 2 ** 31)) >>> 0;
  return BigInt(sum <= 0x7fff_ffff ? sum : ~sum >>> 0);
}

/** C's frexp: the fraction is from 0.5 to 1, with the sign. */
function partsOf(value: number): { readonly exponent: number; readonly fraction: number } {
  const subnormalShift = 54;
  const isSubnormal = Math.abs(value) < 2 ** -1022;
  const normal = isSubnormal ? value * 2 ** subnormalShift : value;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, normal);
  const exponent = ((view.getUint16(0) >> 4) & 0x7ff) - 1022;
  // 2^1024 is none of JavaScript's numbers.
  const fraction = normal / 2 ** (exponent - 1) / 2;
  return { exponent: isSubnormal ? exponent - subnormalShift : exponent, fraction };
}
