/** Generated texts of numbers: exact middles between doubles, long digits, what is no number. */
import fc, { type Arbitrary } from "fast-check";
import { anyBits, doubleOf, doubles, partsOf } from "./doubles.ts";

const finiteDoubles = doubles.filter((bits) => Number.isFinite(doubleOf(bits)));

/** 5^n, which BigInt would else make anew for each numeral. */
const powersOfFive: bigint[] = [1n];

function powerOfFive(exponent: number): bigint {
  for (let n = powersOfFive.length; n <= exponent; n += 1) {
    powersOfFive.push((powersOfFive[n - 1] ?? 1n) * 5n);
  }
  return powersOfFive[exponent] ?? 1n;
}

/** mantissa × 2^exponent as decimal digits and the power of ten that they are to be taken with. */
export function decimalOf(
  mantissa: bigint,
  exponent: number,
): { readonly digits: bigint; readonly exponent: number } {
  if (exponent >= 0) return { digits: mantissa << BigInt(exponent), exponent: 0 };
  return { digits: mantissa * powerOfFive(-exponent), exponent };
}

/** digits × 10^exponent, the point put somewhere into the digits. */
function written(digits: string, exponent: number, point: number): string {
  const before = Math.min(point, digits.length);
  const shifted = exponent + digits.length - before;
  const text = before === 0 ? `.${digits}` : `${digits.slice(0, before)}.${digits.slice(before)}`;
  return shifted === 0 ? text : `${text}e${shifted}`;
}

const points = fc.integer({ min: 0, max: 30 });

/** The exact middle of a double and the next; or a little more or less than it. */
const middlesOf = (source: Arbitrary<bigint>) =>
  fc
    .tuple(source, fc.constantFrom("", "", "0001", "+", "-"), points)
    .map(([bits, twist, point]) => {
      const { mantissa, exponent } = partsOf(bits);
      const middle = decimalOf(2n * mantissa + 1n, exponent - 1);
      const step = twist === "+" ? 1n : twist === "-" ? -1n : 0n;
      const digits = `${middle.digits + step}${twist === "0001" ? "0".repeat(point) + twist : ""}`;
      const dropped = digits.length - `${middle.digits + step}`.length;
      return written(digits, middle.exponent - dropped, point);
    });

const shortest = finiteDoubles.map((bits) => `${doubleOf(bits)}`);
const seventeen = fc
  .tuple(finiteDoubles, fc.integer({ min: 0, max: 30 }))
  .map(([bits, places]) => doubleOf(bits).toExponential(places));

const digitTexts = fc
  .tuple(anyBits, fc.bigInt({ min: 0n, max: 63n }))
  .map(([bits, shift]) => `${bits >> shift}`);

const decimals = fc
  .tuple(digitTexts, digitTexts, fc.integer({ min: -345, max: 330 }), fc.constantFrom("e", "E"))
  .map(([whole, fraction, exponent, letter]) => `${whole}.${fraction}${letter}${exponent}`);

/** Many digits or zeros, and an exponent that makes up for them. */
const long = fc
  .tuple(
    digitTexts,
    fc.integer({ min: 0, max: 700 }),
    fc.boolean(),
    fc.integer({ min: -20, max: 20 }),
  )
  .map(([digits, zeros, isFraction, shift]) =>
    isFraction
      ? `0.${"0".repeat(zeros)}${digits}e${zeros + shift}`
      : `${digits}${"0".repeat(zeros)}e${shift - zeros}`,
  );

const extreme = fc
  .tuple(digitTexts, fc.constantFrom("e", "p"), fc.boolean(), digitTexts)
  .map(([digits, letter, isNegative, exponent]) =>
    letter === "e"
      ? `${digits}e${isNegative ? "-" : ""}${exponent}`
      : `0x${digits}p${isNegative ? "-" : "+"}${exponent}`,
  );

/** As many as 80 bits, of which the 54th and what follows make ties and what is next to them. */
const hexadecimalsOf = (exponents: Arbitrary<number>) =>
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: (1n << 53n) - 1n }),
      fc.constantFrom("8", "80000000000000", "80000000000001", "7fffffffffffff", "", "4", "c"),
      fc.integer({ min: 0, max: 15 }),
      exponents,
      fc.constantFrom("x", "X"),
    )
    .map(([mantissa, tail, point, exponent, letter]) => {
      const digits = `${mantissa.toString(16)}${tail}`;
      const before = Math.min(point, digits.length);
      const text = `0${letter}${digits.slice(0, before)}.${digits.slice(before)}p${exponent}`;
      return letter === "X" ? text.toUpperCase() : text;
    });

const hexadecimalIntegers = anyBits.map((bits) => `0x${bits.toString(16)}`);
const wrappedIntegers = fc
  .tuple(anyBits, anyBits)
  .map(([upper, lower]) => `0x${upper.toString(16)}${lower.toString(16)}`);
const decimalIntegers = fc
  .tuple(fc.constantFrom(0n, 1n << 63n, 1n << 64n, 10n ** 19n), fc.integer({ min: -50, max: 50 }))
  .map(([middle, step]) => `${middle + BigInt(step)}`);

const pieces = [..."0123456789.eEpPxXnN+-  aFf_\t", "0x", "inf", "nan", "1e", "\0", "\n"];
const garbage = fc
  .array(fc.constantFrom(...pieces), { minLength: 0, maxLength: 12 })
  .map((parts) => parts.join(""));

const middles = middlesOf(finiteDoubles);
const hexadecimals = hexadecimalsOf(fc.integer({ min: -1200, max: 1100 }));

const clean = fc.oneof(
  { weight: 6, arbitrary: middles },
  { weight: 2, arbitrary: shortest },
  { weight: 3, arbitrary: seventeen },
  { weight: 3, arbitrary: decimals },
  { weight: 2, arbitrary: long },
  { weight: 1, arbitrary: extreme },
  { weight: 4, arbitrary: hexadecimals },
  { weight: 1, arbitrary: hexadecimalIntegers },
  { weight: 1, arbitrary: wrappedIntegers },
  { weight: 1, arbitrary: decimalIntegers },
);

/** One character of a good numeral replaced or doubled. */
const spoilt = fc.tuple(clean, fc.nat(), fc.constantFrom(...pieces)).map(([text, place, piece]) => {
  const at = place % (text.length + 1);
  return text.slice(0, at) + piece + text.slice(at + (place % 2));
});

const signs = fc.constantFrom("", "", "", "", "", "-", "-", " ", " -", "+", "- ");

export const numerals: Arbitrary<string> = fc
  .tuple(
    signs,
    fc.oneof(
      { weight: 10, arbitrary: clean },
      { weight: 2, arbitrary: spoilt },
      { weight: 1, arbitrary: garbage },
    ),
    fc.constantFrom("", "", "", "", "", " ", "\n"),
  )
  .map((parts) => parts.join(""));

/** Numerals for arithmetic, where a result would hide that its operand is not compared. */
export const ordinaryNumerals: Arbitrary<string> = fc.oneof(
  shortest.filter((text) => Math.abs(Number(text)) > 1e-300),
  hexadecimalIntegers,
  decimalIntegers,
  garbage.filter((text) => !/[eExX]/.test(text)),
);

/** Below the normal doubles, and just above: middles, and hexadecimals of too many bits. */
export const tinyNumerals: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.oneof(
      middlesOf(fc.bigInt({ min: 0n, max: (1n << 53n) - 1n })),
      middlesOf(fc.bigInt({ min: 0n, max: 64n })),
      hexadecimalsOf(fc.integer({ min: -1135, max: -1060 })),
    ),
  )
  .map((parts) => parts.join(""));
