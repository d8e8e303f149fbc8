/** Generated doubles, as their 64 bits: each kind of trouble for a number's text comes often. */
import fc, { type Arbitrary } from "fast-check";

const view = new DataView(new ArrayBuffer(8));

export function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

export function doubleOf(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** A finite double's magnitude: mantissa × 2^exponent. */
export function partsOf(bits: bigint): { readonly mantissa: bigint; readonly exponent: number } {
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (field === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: field - 1075 };
}

export const anyBits: Arbitrary<bigint> = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

const infinityBits = bitsOf(Infinity);

const specials: readonly bigint[] = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  0.1,
  1e15,
  1e16,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  2.2250738585072014e-308,
  2.2250738585072009e-308,
].map(bitsOf);

/** The double and its neighbours, at most `ulps` away; the largest magnitude is infinity. */
function near(value: number, ulps: number): bigint {
  const bits = bitsOf(value) + BigInt(ulps);
  return bits < 0n ? 0n : bits > infinityBits ? infinityBits : bits;
}

const someUlps = fc.integer({ min: -3, max: 3 });

const integers = fc
  .tuple(anyBits, fc.integer({ min: 0, max: 63 }))
  .map(([bits, shift]) => bitsOf(Number(BigInt.asIntN(64, bits) >> BigInt(shift))));

const powersOfTwo = fc
  .tuple(fc.integer({ min: -1074, max: 1023 }), someUlps)
  .map(([exponent, ulps]) => near(2 ** exponent, ulps));

const powersOfTen = fc
  .tuple(fc.integer({ min: -324, max: 308 }), fc.integer({ min: 1, max: 9 }), someUlps)
  .map(([exponent, digit, ulps]) => near(Number(`${digit}e${exponent}`), ulps));

const subnormals = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 52n) - 1n }), fc.bigInt({ min: 0n, max: 51n }))
  .map(([fraction, shift]) => fraction >> shift);

const nearOverflow = fc
  .bigInt({ min: 0n, max: (1n << 53n) - 1n })
  .map((steps) => infinityBits - 1n - steps);

/** Few bits: their decimal digits end soon, so that cutting them makes ties. */
export const fewBits: Arbitrary<bigint> = fc
  .tuple(fc.integer({ min: 1, max: 1 << 20 }), fc.integer({ min: 0, max: 70 }))
  .map(([whole, shift]) => bitsOf(whole / 2 ** shift));

const shortDecimals = fc
  .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => bitsOf(Number(`${digits}e-${places}`)));

const fractions = fc
  .bigInt({ min: 0n, max: (1n << 53n) - 1n })
  .map((bits) => bitsOf(Number(bits) * 2 ** -53));

const magnitudes = fc.oneof(
  { weight: 4, arbitrary: anyBits },
  { weight: 2, arbitrary: integers },
  { weight: 2, arbitrary: powersOfTwo },
  { weight: 2, arbitrary: powersOfTen },
  { weight: 1, arbitrary: subnormals },
  { weight: 1, arbitrary: nearOverflow },
  { weight: 3, arbitrary: fewBits },
  { weight: 2, arbitrary: shortDecimals },
  { weight: 2, arbitrary: fractions },
  { weight: 1, arbitrary: fc.constantFrom(...specials) },
);

/** Of signalling NaNs a processor may make quiet ones when it moves them. */
function quiet(bits: bigint): bigint {
  return Number.isNaN(doubleOf(bits)) ? bits | (1n << 51n) : bits;
}

export const doubles: Arbitrary<bigint> = fc
  .tuple(magnitudes, fc.boolean())
  .map(([bits, flips]) => quiet(flips ? bits ^ (1n << 63n) : bits));

/** Integers of Lua, many where doubles begin to miss some, and at the ends. */
export const luaIntegers: Arbitrary<bigint> = fc.oneof(
  fc
    .tuple(anyBits, fc.integer({ min: 0, max: 63 }))
    .map(([bits, shift]) => BigInt.asIntN(64, bits) >> BigInt(shift)),
  fc
    .tuple(
      fc.constantFrom(0n, 1n << 53n, -(1n << 53n), 1n << 63n, 1n << 62n),
      fc.integer({ min: -1100, max: 1100 }),
    )
    .map(([middle, step]) => BigInt.asIntN(64, middle + BigInt(step))),
  fc.integer({ min: -20, max: 20 }).map(BigInt),
);
