/** Fixed-point arithmetic on BigInt: a number x with b bits behind the point is round(x × 2^b). */

/** x × y. */
export function times(x: bigint, y: bigint, bits: number): bigint {
  return (x * y) >> BigInt(bits);
}

/** x / y. */
export function over(x: bigint, y: bigint, bits: number): bigint {
  return (x << BigInt(bits)) / y;
}

export function one(bits: number): bigint {
  return 1n << BigInt(bits);
}

/** Floor of the square root of an integer, by Newton's iteration from above. */
function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  while (true) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export function squareRoot(x: bigint, bits: number): bigint {
  return integerRoot(x << BigInt(bits));
}

/** Computes a constant with some bits more than asked for, once for each rounded-up length. */
function constant(compute: (bits: number) => bigint): (bits: number) => bigint {
  const known = new Map<number, bigint>();
  return (bits) => {
    const rounded = Math.ceil((bits + 16) / 256) * 256;
    const value = known.get(rounded) ?? compute(rounded);
    known.set(rounded, value);
    return value >> BigInt(rounded - bits);
  };
}

/** Σ x^(2k+1) / (2k+1), of alternating sign for the arctangent. */
function oddSeries(x: bigint, bits: number, alternates: boolean): bigint {
  const square = times(x, x, bits);
  let power = x;
  let sum = x;
  for (let n = 3n; power !== 0n && power !== -1n; n += 2n) {
    power = times(power, alternates ? -square : square, bits);
    sum += power / n;
  }
  return sum;
}

const inverseArctangent = (n: bigint, bits: number) => oddSeries(one(bits) / n, bits, true);

/** π = 16 arctan(1/5) − 4 arctan(1/239) (Machin). */
export const pi = constant(
  (bits) =>
    (16n * inverseArctangent(5n, bits + 32) - 4n * inverseArctangent(239n, bits + 32)) >> 32n,
);

/** ln 2 = 2 artanh(1/3); ln 10 = 3 ln 2 + 2 artanh(1/9). */
export const ln2 = constant(
  (bits) => (2n * oddSeries(one(bits + 32) / 3n, bits + 32, false)) >> 32n,
);
export const ln10 = constant(
  (bits) => 3n * ln2(bits) + ((2n * oddSeries(one(bits + 32) / 9n, bits + 32, false)) >> 32n),
);

/** Σ of x^k / k! over every second k, from `first` (0: cosine, 1: sine), signs alternating. */
function circularSeries(x: bigint, bits: number, first: 0n | 1n): bigint {
  const square = -times(x, x, bits);
  let term = first === 0n ? one(bits) : x;
  let sum = term;
  for (let n = first + 2n; term !== 0n && term !== -1n; n += 2n) {
    term = times(term, square, bits) / (n * (n - 1n));
    sum += term;
  }
  return sum;
}

/** Of an angle within ±π/2 or so. */
export const sine = (x: bigint, bits: number) => circularSeries(x, bits, 1n);
export const cosine = (x: bigint, bits: number) => circularSeries(x, bits, 0n);

/** e^x of a small x. */
export function exponential(x: bigint, bits: number): bigint {
  let term = one(bits);
  let sum = term;
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = times(term, x, bits) / n;
    sum += term;
  }
  return sum;
}

/** ln x of an x near 1. */
export function logarithm(x: bigint, bits: number): bigint {
  const unit = one(bits);
  return 2n * oddSeries(over(x - unit, x + unit, bits), bits, false);
}

/** Arctangent of an x from 0 to 1: halving the angle three times makes the series short. */
export function arctangent(x: bigint, bits: number): bigint {
  let tangent = x;
  for (let halving = 0; halving < 3; halving += 1) {
    const secant = squareRoot(one(bits) + times(tangent, tangent, bits), bits);
    tangent = over(tangent, one(bits) + secant, bits);
  }
  return oddSeries(tangent, bits, true) << 3n;
}
