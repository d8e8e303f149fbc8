/** The functions of `math` far more exactly than a double holds them: what ours are measured by. */
import { bitsOf, partsOf } from "./doubles.ts";
import {
  arctangent,
  cosine,
  exponential,
  ln2,
  ln10,
  logarithm,
  one,
  over,
  pi,
  sine,
  squareRoot,
  times,
} from "./fixed-point.ts";

/** value / 2^bits, with some 150 significant bits. */
export interface Exact {
  readonly value: bigint;
  readonly bits: number;
}

/** Significant bits of the work, and so many more where the result may cancel. */
const guardBits = 240;

/** x with so many bits behind the point; exact where x has no more. */
function fixed(x: number, bits: number): bigint {
  const { mantissa, exponent } = partsOf(bitsOf(x));
  const shift = BigInt(exponent + bits);
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -magnitude : magnitude;
}

/** The exponent of the leading bit. */
function exponentOf(x: number): number {
  const { mantissa, exponent } = partsOf(bitsOf(x));
  return mantissa.toString(2).length - 1 + exponent;
}

/** Bits behind the point that give a number of x's size all its significant bits. */
const bitsFor = (x: number) => guardBits + Math.max(0, -exponentOf(x));

/** x less the nearest multiple of π/2, and which multiple, modulo 4. */
function reduced(x: number): Exact & { readonly quadrant: number } {
  const bits = bitsFor(x);
  const workBits = bits + Math.max(0, exponentOf(x)) + 16;
  const angle = fixed(x, workBits);
  const half = pi(workBits) / 2n;
  const count = (2n * angle + half) / (2n * half) - (angle < -half / 2n ? 1n : 0n);
  const rest = angle - count * half;
  return {
    value: rest >> BigInt(workBits - bits),
    bits,
    quadrant: Number(((count % 4n) + 4n) % 4n),
  };
}

function sineOf(x: number, turn: number): Exact {
  const { value, bits, quadrant } = reduced(x);
  const place = (quadrant + turn) % 4;
  const result = place % 2 === 0 ? sine(value, bits) : cosine(value, bits);
  return { value: place >= 2 ? -result : result, bits };
}

const sin = (x: number) => sineOf(x, 0);
const cos = (x: number) => sineOf(x, 1);

function tan(x: number): Exact {
  const numerator = sin(x);
  return { value: over(numerator.value, cos(x).value, numerator.bits), bits: numerator.bits };
}

/** The angle of the point (x, y), neither negative, both with so many bits. */
function angle(y: bigint, x: bigint, bits: number): bigint {
  if (y <= x) return arctangent(over(y, x, bits), bits);
  return pi(bits) / 2n - arctangent(over(x, y, bits), bits);
}

function atan2(y: number, x: number): Exact {
  const ratioExponent = exponentOf(y) - exponentOf(x);
  const bits = guardBits + Math.max(0, -ratioExponent);
  const shift = 1100; // Both are integers then.
  const above = fixed(Math.abs(y), shift);
  const right = angle(above, fixed(Math.abs(x), shift), bits);
  const magnitude = x < 0 ? pi(bits) - right : right;
  return { value: y < 0 ? -magnitude : magnitude, bits };
}

/** The other leg of the right triangle with hypotenuse 1. */
function leg(x: bigint, bits: number): bigint {
  return squareRoot(times(one(bits) - x, one(bits) + x, bits), bits);
}

function asin(x: number): Exact {
  const bits = bitsFor(x);
  const opposite = fixed(Math.abs(x), bits);
  const magnitude = angle(opposite, leg(opposite, bits), bits);
  return { value: x < 0 ? -magnitude : magnitude, bits };
}

function acos(x: number): Exact {
  const bits = guardBits;
  const adjacent = fixed(Math.abs(x), bits);
  const sharp = angle(leg(adjacent, bits), adjacent, bits);
  return { value: x < 0 ? pi(bits) - sharp : sharp, bits };
}

/** e^x of a fixed-point x: 2^n e^r, as a number with n bits less. */
function exponentialOf(x: bigint, bits: number): Exact {
  const count = x / ln2(bits);
  return { value: exponential(x - count * ln2(bits), bits), bits: bits - Number(count) };
}

const exp = (x: number) => exponentialOf(fixed(x, guardBits), guardBits);

/** ln x: that of the mantissa in [¾, 1½) and that of the power of two. */
function naturalLogarithm(x: number, bits: number): bigint {
  const { mantissa } = partsOf(bitsOf(x));
  const exponent = exponentOf(x);
  const length = mantissa.toString(2).length;
  const isLower = mantissa << 1n < 3n << BigInt(length - 1);
  const scale = BigInt(bits - length + (isLower ? 1 : 0));
  return logarithm(mantissa << scale, bits) + BigInt(exponent + (isLower ? 0 : 1)) * ln2(bits);
}

const log = (x: number) => ({ value: naturalLogarithm(x, guardBits), bits: guardBits });
const log2 = (x: number) => quotient(x, ln2);
const log10 = (x: number) => quotient(x, ln10);

function quotient(x: number, base: (bits: number) => bigint): Exact {
  const { value, bits } = log(x);
  return { value: over(value, base(bits), bits), bits };
}

/** x^y of a positive x: |y ln x| is below 2^12 where there is a result, so y stays below 2^65. */
function pow(x: number, y: number): Exact {
  const bits = 2 * guardBits;
  const { mantissa, exponent } = partsOf(bitsOf(y));
  const product = naturalLogarithm(x, bits) * (y < 0 ? -mantissa : mantissa);
  const shift = BigInt(exponent);
  return exponentialOf(shift >= 0n ? product << shift : product >> -shift, bits);
}

/** Each takes finite arguments of its domain whose result is neither zero nor infinite. */
export const exactFunctions = {
  sin,
  cos,
  tan,
  asin,
  acos,
  atan: atan2,
  exp,
  log,
  log2,
  log10,
  pow,
} as const satisfies Readonly<Record<string, (x: number, y: number) => Exact>>;

export type FunctionName = keyof typeof exactFunctions;

/**
 * How far a double is from the exact value, in units of the last place that a double of that size
 * has. Infinity is right for what rounds to 2^1024 or more.
 */
export function ulpsOff(actual: number, { value, bits }: Exact): number {
  const leading = (value < 0n ? -value : value).toString(2).length - 1 - bits;
  if (leading >= 1024) return actual === (value < 0n ? -Infinity : Infinity) ? 0 : Infinity;
  const unit = Math.max(leading - 52, -1074);
  const { mantissa, exponent } = partsOf(bitsOf(actual)); // Of infinity that is 2^1024.
  const signed = actual < 0 ? -mantissa : mantissa;
  // So many bits that neither loses any.
  const common = Math.max(bits, -exponent, -unit) + 32;
  const distance = (signed << BigInt(common + exponent)) - (value << BigInt(common - bits));
  return Math.abs(Number((distance << 40n) >> BigInt(common + unit))) / 2 ** 40;
}
