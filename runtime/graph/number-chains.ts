/** Whether numbers that are a table's keys were chosen to lie in one place of its hash part. */
import { memoryBytes } from "../abi/abi.ts";
import { isIntegral64 } from "../scalar/table-key.ts";
import type { GraphObject } from "./graph.ts";

/** A key as Lua has it: an integer is a bigint, a float a number. */
export type NumberKey = bigint | number;

/**
 * Only keys in steps of a large power of two, less one, have such chains without being chosen. A
 * stored value is read again and again, a state is restored once.
 */
export const chainMax = { value: 1_024, state: 8_192 } as const;

/** Of a hash part, at most: a core's memory has no more slots. */
const placesMax = memoryBytes / 16;

/**
 * Whether Lua walks more entries than `max` to find one: those in one place are a chain. A table
 * grows through each power of two, and with its next entry to another one.
 */
export function haveLongChain(keys: readonly NumberKey[], max: number): boolean {
  if (keys.length <= max) return false;
  const hashes = keys.map(hashOf);
  for (let placeCount = 2 * max; placeCount <= placesMax; placeCount *= 2) {
    if (hasLongChain(hashes, { placeCount, max })) return true;
  }
  return false;
}

/** Whether a table of a graph has such keys. */
export function isCrowded(object: GraphObject, max: number): boolean {
  if (object.kind !== "table" || object.hash === undefined) return false;
  const { nodes } = object.hash;
  if (nodes.length <= max) return false;
  const keys = nodes.flatMap((node) => {
    const key = node.kind === "entry" ? node.key : undefined;
    return key?.kind === "integer" || key?.kind === "float" ? [key.value] : [];
  });
  return haveLongChain(keys, max);
}

function hasLongChain(
  hashes: readonly bigint[],
  { placeCount, max }: { readonly placeCount: number; readonly max: number },
): boolean {
  const lengths = new Uint32Array(placeCount);
  const divisor = BigInt((placeCount - 1) | 1);
  return hashes.some((hash) => {
    const place = Number(hash % divisor);
    const length = (lengths[place] ?? 0) + 1;
    lengths[place] = length;
    return length > max;
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
