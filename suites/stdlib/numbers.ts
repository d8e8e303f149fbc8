/** Cases on numbers in texts: tonumber and the lexer's numerals, both exactly rounded. */
import fc from "fast-check";
import { equal, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import { exactBits } from "./exact-numeral.ts";
import { tinyNumerals } from "./numerals.ts";

/** A numeral, and the bits of its double in hexadecimal, or its integer. */
const numerals: readonly (readonly [text: string, value: string])[] = [
  ["0", "0"],
  ["0x7fffffffffffffff", "9223372036854775807"],
  ["0xffffffffffffffff", "-1"],
  ["0x123456789abcdef0123456789abcdef", "81985529216486895"],
  ["9223372036854775807", "9223372036854775807"],
  ["9223372036854775808", "43e0000000000000"],
  ["1e1", "4024000000000000"],
  ["1.", "3ff0000000000000"],
  [".5", "3fe0000000000000"],
  ["0x.8", "3fe0000000000000"],
  ["0x1.8p1", "4008000000000000"],
  ["0xA.8P-1", "4015000000000000"],
  ["0x1p-1074", "0000000000000001"],
  ["0x1p-1075", "0000000000000000"],
  ["0x1.8p-1075", "0000000000000001"],
  ["0x1.fffffffffffff8p1023", "7ff0000000000000"],
  ["0x1.fffffffffffff7p1023", "7fefffffffffffff"],
  ["0x1.00000000000008", "3ff0000000000000"],
  ["0x1.000000000000080000000000000000000001", "3ff0000000000001"],
  ["0x1.00000000000018", "3ff0000000000002"],
  ["1e308", "7fe1ccf385ebc8a0"],
  ["1e309", "7ff0000000000000"],
  ["1e-400", "0000000000000000"],
  ["1e99999999999999999999", "7ff0000000000000"],
  ["1e-99999999999999999999", "0000000000000000"],
  ["0e99999999999999999999", "0000000000000000"],
  ["1.7976931348623157e308", "7fefffffffffffff"],
  ["1.7976931348623158079372897140530e308", "7fefffffffffffff"],
  ["1.7976931348623158079372897140531e308", "7ff0000000000000"],
  ["2.2250738585072011e-308", "000fffffffffffff"],
  ["2.2250738585072014e-308", "0010000000000000"],
  ["4.9406564584124654e-324", "0000000000000001"],
  ["2.4703282292062327208e-324", "0000000000000000"],
  ["2.4703282292062327209e-324", "0000000000000001"],
  ["9007199254740993.0", "4340000000000000"],
  ["9007199254740993.00000000000000000000000000000001", "4340000000000001"],
  ["9007199254740995.0", "4340000000000002"],
  ["1.00000000000000011102230246251565404", "3ff0000000000000"],
  ["1.00000000000000011102230246251565405", "3ff0000000000001"],
  ["8.5e22", "44b1ffdbf6b2b2eb"],
  ["123456789012345678901234567890.0", "45f8ee90ff6c373e"],
  [`1${"0".repeat(400)}e-400`, "3ff0000000000000"],
  [`0.${"0".repeat(400)}1e401`, "3ff0000000000000"],
];

const notNumbers = [
  "",
  " ",
  "1e",
  "1e+",
  "0x",
  "0x.",
  "0xp1",
  ".",
  ".e1",
  "1 2",
  "1..2",
  "--1",
  "+-1",
  "- 1",
  "inf",
  "nan",
  "infinity",
  "0x1p",
  "1e1.5",
  "1_000",
  "0b1",
  "1f",
  "1\\0",
  "١",
];

/** Code and what it gives, as texts. */
const conversions: readonly (readonly [code: string, values: readonly unknown[]])[] = [
  ["tonumber('  10  '), tonumber('\\t-0x10\\n'), tonumber('+5')", [10, -16, 5]],
  ["tonumber('ff', 16), tonumber('-zz', 36), tonumber(' 101 ', 2)", [255, -1295, 5]],
  ["tonumber('2', 2), tonumber('', 10), tonumber('1.0', 10)", [undefined, undefined, undefined]],
  ["math.type(tonumber('10')), math.type(tonumber('1e1'))", ["integer", "float"]],
  ["'10' + 5, '0x10' * 1, ' 3 ' // 2, '9' - 0", [15, 16, 1, 9]],
  ["math.type('10' + 5), math.type('10.0' + 5)", ["integer", "float"]],
  ["10 .. 20, -0.0 .. '', 2^63 .. ''", ["1020", "-0.0", "9.2233720368548e+18"]],
  ["2^53 == 2^53 + 1, (1 << 53) + 1 == 2^53, (1 << 53) + 1 > 2^53", [true, false, true]],
  ["math.maxinteger < 2^63, math.maxinteger + 0.0 == 2^63", [true, true]],
  ["math.tointeger('8'), math.tointeger(2^53), math.tointeger(0.5)", [8, 2n ** 53n, undefined]],
];

/** The value as the tables above write it. */
const written = `function written(value)
  if math.type(value) ~= "float" then return tostring(value) end
  return string.format("%016x", (string.unpack("<i8", string.pack("<d", value))))
end`;

const tinyCount = 2_000;

export const numbers = [
  defineCase({
    id: "stdlib/numerals",
    title: "Numerals: middles between doubles, overflow, subnormals, hundreds of digits",
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      succeeded(core.compute(written), "written");
      for (const [text, value] of numerals) {
        const both = `written(tonumber('${text}')), written(${text})`;
        succeeds(core.compute(both), [value, value], text.slice(0, 60));
      }
    },
  }),
  defineCase({
    id: "stdlib/not-numbers",
    title: "tonumber gives nil for what is no numeral; the lexer refuses what begins like one",
    run: async ({ load }) => {
      const core = await load();
      for (const text of notNumbers) {
        succeeds(core.compute(`tonumber('${text}')`), [undefined], `'${text}'`);
      }
      for (const text of ["1e", "0x", "1..2", "0x1p", "1f", "1_000", "3x"]) {
        const [, message] = succeeded(core.compute(`load('return ${text}')`), text).values;
        matches(message, /malformed number near/, text);
      }
    },
  }),
  defineCase({
    id: "stdlib/conversions",
    title: "Strings to numbers by base and in arithmetic; integers and floats compared exactly",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, values] of conversions) succeeds(core.compute(code), values, code);
    },
  }),
  defineCase({
    id: "stdlib/tiny-numerals",
    title: `${tinyCount} numerals below the normal doubles, against exact arithmetic`,
    run: async ({ load, seed }) => {
      const core = await load({ strings: "bytes" });
      succeeded(
        core.compute(`function bits_of(text)
          return string.pack("<d", tonumber(text)) .. string.pack("<d", load("return " .. text)())
        end`),
        "bits_of",
      );
      for (const text of fc.sample(tinyNumerals, { seed, numRuns: tinyCount })) {
        const [value] = succeeded(core.call("bits_of", text), text).values;
        isTrue(value instanceof LuaBytes, `${text}: bytes`);
        const both = new DataView(value.toBytes().buffer);
        const expected = exactBits(text);
        equal(both.getBigUint64(0, true), expected, `tonumber('${text}')`);
        equal(both.getBigUint64(8, true), expected, `the numeral ${text}`);
      }
    },
  }),
];
