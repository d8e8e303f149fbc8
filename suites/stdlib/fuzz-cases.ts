/** The generated cases of the standard libraries: a line of Lua each, a call of the prelude. */
import fc, { type Arbitrary } from "fast-check";
import { anyBits, doubles, fewBits, luaIntegers, partsOf } from "./doubles.ts";
import { decimalOf, numerals, ordinaryNumerals } from "./numerals.ts";

/** A string as Lua's lexer reads it, all but plain characters by number. */
function luaText(text: string): string {
  const escaped = text.replace(/[^ !#-[\]-~]/g, (character) => {
    return `\\${character.charCodeAt(0).toString().padStart(3, "0")}`;
  });
  return `"${escaped}"`;
}

const hexadecimal = (bits: bigint) => `0x${bits.toString(16)}`;
const luaInteger = (value: bigint) => hexadecimal(BigInt.asUintN(64, value));

/** An operand: a float by its bits, or an integer. */
const operands = fc.oneof(
  { weight: 3, arbitrary: doubles.map((bits) => `d(${hexadecimal(bits)})`) },
  { weight: 2, arbitrary: luaIntegers.map(luaInteger) },
);

/** Flags, width and precision, mostly of those that Lua lets the letter have. */
function specifications(letters: string, flags: readonly string[]): Arbitrary<string> {
  const flag = fc.constantFrom("", "", "", ...flags, ...flags, ...flags, "-+ #0");
  const width = fc.oneof(
    { weight: 3, arbitrary: fc.constant("") },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 99 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom("100", "0", "05", "1000", "1", "99") },
  );
  const precision = fc.oneof(
    { weight: 4, arbitrary: fc.constant("") },
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }).map((digits) => `.${digits}`) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 99 }).map((digits) => `.${digits}`) },
    { weight: 1, arbitrary: fc.constantFrom(".", ".100", ".05", ".99") },
  );
  const letter = fc.constantFrom(...letters);
  return fc
    .tuple(flag, flag, width, precision, letter)
    .map(
      ([first, second, ...rest]) => `%${first}${second === first ? "" : second}${rest.join("")}`,
    );
}

const floatFormats = fc.oneof(
  { weight: 12, arbitrary: specifications("eEfgGaA", ["-", "+", " ", "#", "0"]) },
  { weight: 1, arbitrary: fc.constantFrom("%.14g", "%.17g", "%.99f", "%99.99f", "%q", "%s", "%d") },
);

const floats = fc
  .tuple(floatFormats, doubles)
  .map(([format, bits]) => `format("${format}",d(${hexadecimal(bits)}))`);

/** A double with few digits, cut before its last one, which is a 5: a tie. */
const ties = fc.tuple(fewBits, fc.constantFrom("e", "f", "g", "#g")).map(([bits, letter]) => {
  const { mantissa, exponent } = partsOf(bits);
  const twos = mantissa === 0n ? 0 : (mantissa & -mantissa).toString(2).length - 1;
  const exact = decimalOf(mantissa >> BigInt(twos), exponent + twos);
  const digits = `${exact.digits}`.length;
  const behindPoint = { e: digits - 2, f: -exact.exponent - 1, g: digits - 1, "#g": digits - 1 };
  const precision = Math.max(0, behindPoint[letter]);
  const format = letter === "#g" ? `%#.${precision}g` : `%.${precision}${letter}`;
  return `format("${format}",d(${hexadecimal(bits)}))`;
});

const integers = fc
  .tuple(
    specifications("diixXocup", ["-", "+", " ", "#", "0"]),
    fc.oneof(operands, luaIntegers.map(luaInteger)),
  )
  .map(([format, operand]) => `format("${format}",${operand})`);

const words = fc
  .array(fc.constantFrom("a", "Z", "é", "\0", "\n", "\r", '"', "\\", "\xff", "10", " ", "\x7f"), {
    maxLength: 8,
  })
  .map((parts) => parts.map((part) => (part === "é" ? "\xe9" : part)).join(""));

const texts = fc
  .tuple(fc.oneof(specifications("ssssq", ["-"]), fc.constantFrom("%s", "%q", "%c", "%5q")), words)
  .map(([format, text]) => `format("${format}",${luaText(text)})`);

const roundTrips = doubles.map((bits) => `back(d(${hexadecimal(bits)}))`);
const numbersOfText = numerals.map((text) => `numeral(${luaText(text)})`);
const based = fc
  .tuple(
    fc.oneof(
      anyBits.map((bits) => bits.toString(36)),
      numerals,
    ),
    fc.integer({ min: 1, max: 37 }),
  )
  .map(([text, base]) => `call(tonumber,${luaText(text)},${base})`);

const binaryNames = ["add", "sub", "mul", "div", "idiv", "mod", "fmod", "ult", "band", "shl"];
const unaryNames = ["sqrt", "floor", "ceil", "tointeger", "abs", "modf", "unm", "bnot", "square"];
const binary = fc
  .tuple(fc.constantFrom(...binaryNames, "compare", "compare"), operands, operands)
  .map(([name, a, b]) => `call(${name},${a},${b})`);
const unary = fc
  .tuple(fc.constantFrom(...unaryNames), operands)
  .map(([name, operand]) => `call(${name},${operand})`);
const coerced = fc
  .tuple(fc.constantFrom(...binaryNames), ordinaryNumerals, operands, fc.boolean())
  .map(([name, text, operand, isFirst]) =>
    isFirst
      ? `call(${name},${luaText(text)},${operand})`
      : `call(${name},${operand},${luaText(text)})`,
  );
const collated = fc
  .tuple(words, words)
  .map(([a, b]) => `call(compare,${luaText(a)},${luaText(b)})`);

const packed = fc
  .tuple(fc.constantFrom("<f", ">f", "<d", ">n"), doubles)
  .map(([format, bits]) => `packed("${format}",d(${hexadecimal(bits)}))`);

const conversions = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%") },
  { weight: 2, arbitrary: fc.constantFrom(..."cCxXyY").map((letter) => `E${letter}`) },
  { weight: 2, arbitrary: fc.constantFrom(..."deHImMSuUVwWy").map((letter) => `O${letter}`) },
  { weight: 1, arbitrary: fc.constantFrom("Q", "Ez", "Oc", "E", "O", "", "5Y", "k") },
);
const instants = fc.oneof(
  fc.bigInt({ min: -100_000_000_000n, max: 300_000_000_000n }),
  luaIntegers,
  fc
    .tuple(
      fc.constantFrom(67_768_036_191_676_799n, -67_768_040_609_740_800n, -62_167_219_200n, 0n),
      fc.integer({ min: -3, max: 3 }),
    )
    .map(([end, step]) => end + BigInt(step)),
);
const dates = fc
  .tuple(fc.array(conversions, { minLength: 1, maxLength: 4 }), instants)
  .map(([letters, instant]) => {
    const format = letters.map((letter) => `%${letter}`).join("|");
    return `call(os.date,"!${format}",${luaInteger(instant)})`;
  });

const fieldValues = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -70, max: 400 }).map(String) },
  { weight: 1, arbitrary: luaIntegers.map(luaInteger) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(0x7fffffff, -0x80000000),
        fc.oneof(fc.integer({ min: -9, max: 3 }), fc.integer({ min: 1890, max: 1905 })),
      )
      .map(([end, step]) => `${end + (end < 0 ? -step : step)}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('"12"', "1.5", "2.0", "true", "nil", '"x"') },
);
const years = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -500, max: 3000 }).map(String) },
  { weight: 1, arbitrary: fieldValues },
);
const times = fc
  .tuple(years, fieldValues, fieldValues, fieldValues, fieldValues, fieldValues)
  .map(([year, month, day, hour, minute, second]) => {
    const date = `year=${year},month=${month},day=${day}`;
    return `time{${date},hour=${hour},min=${minute},sec=${second}}`;
  });

export const lines: Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: floats },
  { weight: 10, arbitrary: ties },
  { weight: 8, arbitrary: integers },
  { weight: 3, arbitrary: texts },
  { weight: 10, arbitrary: roundTrips },
  { weight: 24, arbitrary: numbersOfText },
  { weight: 2, arbitrary: based },
  { weight: 8, arbitrary: binary },
  { weight: 4, arbitrary: unary },
  { weight: 3, arbitrary: coerced },
  { weight: 1, arbitrary: collated },
  { weight: 2, arbitrary: packed },
  { weight: 3, arbitrary: dates },
  { weight: 2, arbitrary: times },
);
