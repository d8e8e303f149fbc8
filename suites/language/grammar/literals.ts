/** Literals of each type, the edges of each more often than chance would have them. */
import fc from "fast-check";
import { type Code, lua, mostly, oneOf, quoted, word, words } from "./grammar.ts";

const smallInteger: Code = fc.integer({ min: -3, max: 20 }).map(String);

/** From -2 to 12: counts, positions, widths. */
export const small: Code = fc.integer({ min: -2, max: 12 }).map(String);

/** From 0 to 5: how often a loop turns. */
export const few: Code = fc.integer({ min: 0, max: 5 }).map(String);

const edgeInteger: Code = words(
  "math.maxinteger math.mininteger 0x7fffffff 0x80000000 0xffffffff 0x100000000 " +
    "9007199254740992 9007199254740993 -9007199254740993 0xffffffffffffffff " +
    "9223372036854775807 0x7fffffffffffffff 255 256 65535 1000000 -2147483648 0xA0 63 64 65",
);

export const integerLiteral: Code = mostly(
  3,
  smallInteger,
  edgeInteger,
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).map(String),
);

const edgeFloat: Code = words(
  "0.0 -0.0 0.5 1.5 -2.5 0.1 1e15 1e16 123456789012345680.0 1e100 5e-324 2.2250738585072014e-308 " +
    "1.7976931348623157e308 (1/0) (-1/0) (0/0) 2^53 9223372036854775808.0 -9223372036854775808.0 " +
    "0x1p4 0x.8 0xA.8p-1 3.0 -7.0 1e0 .5 3. 100.0 2^63 2^31 1e14 123456.789 3.14159265358979",
);

export const floatLiteral: Code = mostly(
  4,
  edgeFloat,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => {
    const text = String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }),
);

/** Texts that read as numbers, and some that nearly do. */
export const numeralText: Code = oneOf(
  word('"10"', '"0x10"', '" 5 "', '"1e1"', '"0x1p-1"', '"-7"', '"3.0"', '"1e"', '"0x"', '"5 5"'),
  word('"inf"', '"nan"', '"1_0"', '"9223372036854775808"', '"-0"', '".5"', '"5."', '"\\n1\\t"'),
  word('"0xffffffffffffffffff"', '"1e400"', '"- 1"', '"+1"', '"0b1"', '"1e+2"', '""', '"\\0001"'),
);

const plainText: Code = words(
  '"abc" "" "hello" "x" "name" "key=val" "a.b.c" "AbC" "a,b,,c" "(x)" "[1]" "%d" "aaa" "b" "z" ' +
    '"THE" "foo123bar" "f(a(b)c)d" "%%" "one;two" "caf\\xC3\\xA9" "\\u{20AC}" "\\u{10FFFF}"',
);

const oddText: Code = oneOf(
  word('"hello world"', '"the quick brown fox"', '"  trim  "', '"tab\\there"', '"line\\nline"'),
  word("[[long [brackets] ]]", "'single'", '"q\\"q"', '"back\\\\slash"', '"\\z   \n  skip"'),
  fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 })
    .map((bytes) => quoted(String.fromCharCode(...bytes))),
  fc.string({ unit: fc.constantFrom(..."abcXYZ 019._-%+"), maxLength: 12 }).map(quoted),
);

export const stringLiteral: Code = mostly(2, plainText, oddText, numeralText);

export const booleanLiteral: Code = words("true false");

/** Names of fields: few, so that reads find what writes left. */
export const fieldName: Code = words("x y name v next");

/** Globals that no program sets for good: errors name them. */
export const globalName: Code = words("G1 G2 undefined_name");

export const operatorArithmetic: Code = words("+ - * / // %");
export const operatorBitwise: Code = words("& | ~ << >>");
export const operatorComparison: Code = words("== ~= < <= > >=");

/** Powers with an exact result: others are rounded as the libc pleases. */
export const exactPower: Code = oneOf(
  lua`${words("2 3 -2 10 2.0 0 -1 1 0.5")} ^ ${words("0 1 2 3 4 5 10")}`,
  lua`2 ^ ${words("-1 -2 62 63 64 100 1000 -1000 1023 1024 -1074")}`,
  word("0 ^ -1", "(-8) ^ 3", "(0/0) ^ 0", "1 ^ (1/0)", "2 ^ -1074", "'2' ^ 3", "4 ^ '2'"),
);
