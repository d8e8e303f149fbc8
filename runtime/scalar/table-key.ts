/** Which values are the same key in a Lua table: 1 and 1.0 are, 1 and "1" are not. */
import { latin1Of } from "../bytes/latin1.ts";
import { LuaBytes, LuaFloat, textOf } from "./scalars.ts";

const integerMin = -(2n ** 63n);
const integerMax = 2n ** 63n - 1n;
/** 2^63, the first float behind Lua's integers. */
const floatBeyondIntegers = 2 ** 63;

/** Whether Lua has this integer. */
export function isInteger64(value: bigint): boolean {
  return value >= integerMin && value <= integerMax;
}

/** Whether this number is the float of one of Lua's integers. */
export function isIntegral64(value: number): boolean {
  return Number.isInteger(value) && value >= -floatBeyondIntegers && value < floatBeyondIntegers;
}

/** The key as Lua keeps it: a float that is one of Lua's integers becomes that integer. */
export function normalKey<Key>(key: Key): Key | number | bigint {
  if (!(key instanceof LuaFloat)) return key;
  if (!isIntegral64(key.value)) return key;
  return Number.isSafeInteger(key.value) ? key.value + 0 : BigInt(key.value);
}

/** What a Map finds a key by: equal for equal keys. undefined for what is no key: nil and NaN. */
export function keyIdentity(key: unknown): unknown {
  try {
    return identityOf(key);
  } catch {
    // What can't be read is none either: a revoked proxy, a LuaFloat by its prototype alone.
    return undefined;
  }
}

function identityOf(key: unknown): unknown {
  const normal = normalKey(key);
  switch (typeof normal) {
    case "number":
      if (Number.isNaN(normal)) return undefined;
      return isIntegral64(normal) ? integerIdentity(BigInt(normal)) : numberText(normal);
    case "bigint":
      return integerIdentity(normal);
    case "string":
      return textIdentity(normal);
    default:
      if (normal instanceof LuaFloat) return identityOf(normal.value);
      return normal instanceof LuaBytes ? bytesIdentity(normal) : normal;
  }
}

/** So many small integers can't be chosen so that they make a Map slow: there are too few. */
const plainIntegersMax = 2 ** 20;

/** A text for large ones: engines hash numbers without a seed, and texts with one. */
function integerIdentity(integer: bigint): number | string {
  const number = Number(integer);
  return Math.abs(number) < plainIntegersMax ? number : numberText(integer);
}

/** Begins with a lone surrogate, as no other key that Lua can have does. */
function numberText(number: number | bigint): string {
  return `\ud801${number}`;
}

/** A text that no Lua has must not be taken for what stands for a number or for bytes. */
function textIdentity(text: string): string {
  return /^[\ud800\ud801][\0-\xff]/.test(text) ? `\ud802${text}` : text;
}

/** Bytes that are a text are that text. Others begin with a lone surrogate, which no text does. */
function bytesIdentity(key: LuaBytes): string {
  const bytes = key.toBytes();
  return textOf(bytes) ?? `\ud800${latin1Of(bytes)}`;
}
