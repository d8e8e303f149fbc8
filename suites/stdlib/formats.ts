/** Cases on numbers and texts in string.format and tostring, against texts from the standard. */
import { fails, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

/** Format, argument as Lua code, text. */
type Row = readonly [format: string, argument: string, text: string];

const integerRows: readonly Row[] = [
  ["%d|", "42", "42|"],
  ["%i|", "-42", "-42|"],
  ["%5d|", "42", "   42|"],
  ["%-5d|", "42", "42   |"],
  ["%+d|", "42", "+42|"],
  ["% d|", "42", " 42|"],
  ["%05d|", "-42", "-0042|"],
  ["%.5d|", "-42", "-00042|"],
  ["%8.5d|", "42", "   00042|"],
  ["%-8.5d|", "42", "00042   |"],
  ["%+.0d|", "0", "+|"],
  ["%d|", "math.mininteger", "-9223372036854775808|"],
  ["%d|", "3.0", "3|"],
  ["%x|", "255", "ff|"],
  ["%X|", "255", "FF|"],
  ["%#x|", "255", "0xff|"],
  ["%#X|", "255", "0XFF|"],
  ["%#x|", "0", "0|"],
  ["%#010x|", "255", "0x000000ff|"],
  ["%x|", "-1", "ffffffffffffffff|"],
  ["%o|", "-1", "1777777777777777777777|"],
  ["%#o|", "8", "010|"],
  ["%#.3o|", "8", "010|"],
  ["%u|", "-1", "18446744073709551615|"],
  ["%-5u|", "7", "7    |"],
  ["%c|", "65", "A|"],
  ["%-3c|", "65", "A  |"],
  ["%5p|", "1", "(null)|"],
  ["%10p|", "nil", "    (null)|"],
];

const floatRows: readonly Row[] = [
  ["%f", "0.5", "0.500000"],
  ["%.0f", "0.5", "0"],
  ["%.0f", "1.5", "2"],
  ["%.0f", "2.5", "2"],
  ["%#.0f", "2.5", "2."],
  ["%.1f", "0.25", "0.2"],
  ["%.1f", "0.35", "0.3"],
  ["%.2f", "2.675", "2.67"],
  ["%.2f", "-0.125", "-0.12"],
  ["%.2f", "-0.375", "-0.38"],
  ["%.3f", "9.9995", "9.999"],
  ["%.0f", "9.5", "10"],
  ["%.3e", "1.0005", "1.000e+00"],
  ["%.0e", "2.5", "2e+00"],
  ["%.0e", "3.5", "4e+00"],
  ["%#.0e", "35", "4.e+01"],
  ["%.1e", "9.95", "9.9e+00"],
  ["%E", "1e-300", "1.000000E-300"],
  ["%g", "100000", "100000"],
  ["%g", "1000000", "1e+06"],
  ["%#g", "1000000", "1.00000e+06"],
  ["%g", "0.0001", "0.0001"],
  ["%g", "0.00001", "1e-05"],
  ["%.2g", "0.125", "0.12"],
  ["%.2g", "0.375", "0.38"],
  ["%#.3g", "1", "1.00"],
  ["%.0g", "25", "2e+01"],
  ["%G", "1e-10", "1E-10"],
  ["%010.3f", "-3.14159", "-00003.142"],
  ["%-10.3f|", "3.14159", "3.142     |"],
  ["%+.1f", "3.14159", "+3.1"],
  ["% .1f", "3.14159", " 3.1"],
  ["%5.1f", "1/0", "  inf"],
  ["%05.1f", "-1/0", " -inf"],
  ["%E", "1/0", "INF"],
  ["%a", "1", "0x1p+0"],
  ["%A", "0.1", "0X1.999999999999AP-4"],
  ["%.0a", "1.5", "0x2p+0"],
  ["%.1a", "1.03125", "0x1.0p+0"],
  ["%.1a", "1.09375", "0x1.2p+0"],
  ["%.20a", "-0.1", "-0x1.999999999999a0000000p-4"],
  ["%#a", "2", "0x1.p+1"],
  ["%a", "5e-324", "0x1p-1074"],
  ["%.17g", "5e-324", "4.9406564584124654e-324"],
  ["%.17g", "2.2250738585072011e-308", "2.2250738585072009e-308"],
  ["%.17g", "1.7976931348623157e308", "1.7976931348623157e+308"],
  ["%.99f", "2^-1074", `0.${"0".repeat(99)}`],
  ["%.99f", "0.1", `0.1000000000000000055511151231257827021181583404541015625${"0".repeat(44)}`],
  ["%.40g", "2^70", "1180591620717411303424"],
  ["%99.99f", "2^100", `1267650600228229401496703205376.${"0".repeat(99)}`],
];

const textRows: readonly Row[] = [
  ["%s|%%", "'x'", "x|%"],
  ["%5s|", "'x'", "    x|"],
  ["%-5s|", "'x'", "x    |"],
  ["%.2s|", "'xyz'", "xy|"],
  ["%5.1s|", "'xyz'", "    x|"],
  ["%s", "'a\\0b'", "a\u0000b"],
  ["%s", "1.0", "1.0"],
  ["%q", "'a\\0\\1\\0012\\r\\n\"\\\\'", '"a\\0\\1\\0012\\13\\\n\\"\\\\"'],
  ["%q", "math.mininteger", "0x8000000000000000"],
  ["%q", "0.5", "0x1p-1"],
  ["%q", "1/0", "1e9999"],
  ["%q", "-1/0", "-1e9999"],
  ["%q", "0/0", "(0/0)"],
  ["%q", "3.0", "0x1.8p+1"],
];

/** Format and argument, and what the error says. */
const refused: readonly (readonly [format: string, argument: string, message: RegExp])[] = [
  ["%F", "1", /invalid conversion '%F' to 'format'/],
  ["%n", "1", /invalid conversion '%n' to 'format'/],
  ["%+u", "1", /invalid conversion specification: '%\+u'/],
  ["%ld", "1", /invalid conversion '%l' to 'format'/],
  ["%", "1", /invalid conversion '%' to 'format'/],
  ["%100d", "1", /invalid conversion specification: '%100d'/],
  ["%.100f", "1", /invalid conversion specification: '%.100f'/],
  ["%#d", "1", /invalid conversion specification: '%#d'/],
  ["%010c", "1", /invalid conversion specification: '%010c'/],
  ["%+s", "1", /invalid conversion specification: '%\+s'/],
  ["%5q", "1", /specifier '%q' cannot have modifiers/],
  ["%-+ #0-+ #0-+ #0-+ #0-+ #0d", "1", /invalid format \(too long\)/],
  ["%d", "1.5", /number has no integer representation/],
  ["%d", "2^63", /number has no integer representation/],
  ["%d", "'x'", /number expected, got string/],
  ["%5s", "'a\\0b'", /string contains zeros/],
  ["%q", "{}", /value has no literal form/],
  ["%d", "", /bad argument #2 to 'format' \(no value\)/],
];

const texts: readonly (readonly [code: string, text: string])[] = [
  ["0.1", "0.1"],
  ["1/3", "0.33333333333333"],
  ["100000000000000.0", "1e+14"],
  ["99999999999999.0", "99999999999999.0"],
  ["123456789012345.0", "1.2345678901234e+14"],
  ["0.000123456789012345", "0.00012345678901234"],
  ["-0.0", "-0.0"],
  ["2^53", "9.007199254741e+15"],
  ["5e-324", "4.9406564584125e-324"],
  ["1e308 * 10", "inf"],
  ["-1e308 * 10", "-inf"],
  ["3.14159265358979", "3.1415926535898"],
  ["1e100", "1e+100"],
  ["math.maxinteger", "9223372036854775807"],
  ["math.maxinteger + 0.0", "9.2233720368548e+18"],
];

const formatCall = ([format, argument]: readonly [string, string, unknown]) =>
  `string.format('${format}'${argument === "" ? "" : `, ${argument}`})`;

function formatCase(name: string, title: string, rows: readonly Row[]) {
  return defineCase({
    id: `stdlib/${name}`,
    title,
    tier: "smoke",
    run: async ({ load }) => {
      const core = await load();
      for (const row of rows) succeeds(core.compute(formatCall(row)), [row[2]], formatCall(row));
    },
  });
}

export const formats = [
  formatCase(
    "format-integers",
    "string.format: %d %i %u %x %X %o %c %p, flags and widths",
    integerRows,
  ),
  formatCase(
    "format-floats",
    "string.format: %e %f %g %a, ties to even, the widest field",
    floatRows,
  ),
  formatCase("format-texts", "string.format: %s and %q", textRows),
  defineCase({
    id: "stdlib/format-refusals",
    title: "string.format refuses what Lua's manual does not allow, and says what",
    run: async ({ load }) => {
      const core = await load();
      for (const row of refused) {
        const { error } = fails(core.compute(formatCall(row)), "RUNTIME_FAILED", formatCall(row));
        matches(error, row[2], formatCall(row));
      }
    },
  }),
  defineCase({
    id: "stdlib/number-texts",
    title: "tostring, .. and print write floats as %.14g, with .0 where it looks like an integer",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, text] of texts) {
        const ways = `tostring(${code}), (${code}) .. ''`;
        succeeds(core.compute(ways), [text, text], code);
      }
    },
  }),
];
