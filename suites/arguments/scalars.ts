/** Numbers and strings at the edges of each kind, as Lua expressions. */
import fc from "fast-check";
import {
  type Code,
  list,
  lua,
  mostly,
  oneOf,
  quoted,
  word,
  words,
} from "../language/grammar/grammar.ts";
import { patternText } from "../language/grammar/string-library.ts";

const shift = fc.constantFrom(0n, 0n, -1n, 1n, -2n, 2n);
/** Widths at which something ends, more often than the powers between them. */
const width = fc.oneof(
  fc.constantFrom(7, 8, 15, 16, 21, 24, 31, 31, 32, 32, 53, 62, 63, 63, 64),
  fc.nat({ max: 63 }),
);

/** Around a power of two or its negative, as 64 bits hold it. */
export const edgeInteger: Code = fc
  .tuple(width, shift, fc.boolean())
  .map(([bits, step, isNegative]) => {
    const value = isNegative ? -(2n ** BigInt(bits)) + step : 2n ** BigInt(bits) + step;
    return `0x${BigInt.asUintN(64, value).toString(16)}`;
  });

export const small: Code = fc.integer({ min: -3, max: 12 }).map(String);

/** What a position, a count or a size may be. */
export const integers: Code = mostly(1, small, edgeInteger);

/** Those that no integer equals, and those that some do. */
export const floats: Code = oneOf(
  words("0.0 -0.0 1.0 -1.0 0.5 -1.5 2^53 2^53+1 2^53-1 -2^53 3.0 1e15 1e100 5e-324 1e308"),
  words("huge -huge nan 1.7976931348623157e308 2.2250738585072014e-308 0x1p-1074"),
  fc
    .tuple(width, fc.constantFrom("", "-"), fc.constantFrom("", "+0.5", "-1.0", "+1.0"))
    .map(([bits, sign, step]) => `${sign}0x1p${bits}${step}`),
);

const numeral: Code = oneOf(
  word('"10"', '" 5 "', '"0x10"', '"-0x1"', '"1e1"', '"0x1p4"', '"3.0"', '"-0"', '"1e400"'),
  word('"nan"', '"inf"', '"0x"', '"1e"', '"5 5"', '"1\\0"', '".5"', '"- 1"', '"9" ', '"0x1p-1080"'),
  word('"9223372036854775807"', '"9223372036854775808"', '"-9223372036854775808"', '"4294967296"'),
  word('"2147483648"', '"-2147483649"', '"0xffffffffffffffff"', '"0x1ffffffffffffffff"'),
);

export const numbers: Code = mostly(2, integers, floats, numeral);

const byteEdges = [0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0];
const leadEdges = [0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

/** A first byte and continuations, as many as it says, or more, or fewer. */
const continued = fc
  .record({
    first: fc.constantFrom(...byteEdges, ...leadEdges),
    next: fc.constantFrom(0x80, 0x85, 0x8f, 0x90, 0x9f, 0xa0, 0xbf),
    count: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ first, next, count }) => String.fromCharCode(first, ...Array(count).fill(next)));
/** The last of a text is rarely reached: most texts are one. */
const sequence = fc.oneof(
  { arbitrary: continued.map((one) => [one]), weight: 3 },
  { arbitrary: fc.array(continued, { minLength: 2, maxLength: 3 }), weight: 1 },
);
export const utf8: Code = oneOf(
  sequence.map((parts) => quoted(parts.join(""))),
  word('"caf\\xC3\\xA9"', '"\\u{7FFFFFFF}"', '"\\u{10FFFF}x"', '"\\u{D800}"', '"\\xC3"', '""'),
);

/** Lengths at which a buffer, a short string, a count of captures or the nesting of C ends. */
export const length: Code = words(
  "1 2 7 8 15 16 31 32 33 39 40 41 98 99 100 127 128 199 200 201 255 256 257 511 512 513 1023 " +
    "1024 1025 4096 20000",
);

const unit: Code = word(
  '"a"',
  '"b"',
  '"\\0"',
  '"\\xff"',
  '" "',
  '"%"',
  '"ab"',
  '"("',
  '"1"',
  '"x="',
);
const longText: Code = lua`rep(${unit}, ${length})`;
const plainText: Code = word(
  ...['""', '"a"', '"abc"', '"\\0"', '"a\\0b"', '"hello world"', '"\\xff\\xfe"', '"x"', '"n"'],
  ...['"%"', '"a,b,,c"', '"(a(b)c)"', '"key = value"', '"\\r\\n"', '"__index"', '"k"', '"1"'],
);
export const texts: Code = oneOf(plainText, plainText, numeral, utf8, longText);

/** An item of a pattern and what it matches, each as often as the other: deep, and never wrong. */
const matched: Code = fc
  .record({
    pair: fc.constantFrom(
      ...["a?", ".?", "%w?", "[ab]?", "a-", "a*", "a", "(a)", "()a", "(a?)"].map((item) => [
        "a",
        item,
      ]),
      ...[
        ["()", "%b()"],
        ["", "("],
        ["", "["],
        ["", "%f[a]"],
        ["aa", "(a)%1"],
        ["", "()"],
      ],
    ),
    count: mostly(1, length, words("4096 20000 20000")),
    ending: fc.constantFrom("", "", "", "$", "b", "("),
  })
  .map(({ pair: [text = "", item = ""], count, ending }) => {
    const end = ending === "" ? "" : ` .. "${ending}"`;
    return `rep("${text}", ${count}), rep("${item}", ${count})${end}`;
  });
const patterns: Code = oneOf(
  patternText.map(quoted),
  mostly(2, list(patternText, { min: 0, max: 3, joint: "" }).map(quoted), texts),
);
/** Two arguments: a string and a pattern. */
export const subjects: Code = mostly(1, lua`${texts}, ${patterns}`, matched);

const digits = word("", "", "1", "5", "9", "10", "20", "99", "100", "0", "00", "2147483648");
const flags = word("", "", "-", "+", " ", "#", "0", "-+ #0", "--");
const precisions = word("", "", ".", ".0", ".3", ".20", ".99", ".100", ".-1", ".2147483648");
const conversion = lua`%${flags}${digits}${precisions}${word(..."diuoxXcsqaAeEfFgGp%nlhy")}`;
export const formats: Code = mostly(
  3,
  list(oneOf(conversion, conversion, word("x", "", "%%", "\0")), { min: 1, max: 4, joint: "" }).map(
    quoted,
  ),
  lua`${oneOf(word('"%s"', '"%d"', '"%q"', '"%-99s"', '"%.99f"'), longText)} .. ${longText}`,
  texts,
);

const packNumber = words(
  "0 1 2 3 4 7 8 9 15 16 17 31 32 33 99 2147483647 2147483648 4294967296 99999999999999999999",
);
const packItem: Code = oneOf(
  words("b B h H i I j J T f d n z x < > = ! s X Xi4 Xd Xz X! i0"),
  lua`${words("i I s ! c i I c")}${packNumber}`,
  lua`X${words("i I c s")}${packNumber}`,
);
const packUnit = word('"i16"', '"!16 b d"', '"z"', '"c2147483647"', '"x"', '"c1000000000"');
export const packFormats: Code = oneOf(
  list(packItem, { min: 1, max: 5, joint: "" }).map(quoted),
  list(packItem, { min: 1, max: 5, joint: " " }).map(quoted),
  lua`rep(${packUnit}, ${words("1 2 3 8 40 200")})`,
);

const nestedPart = word('"("', '"{"', '"-"', '"not "', '"a."', '"1 .. "', '"x,"', '"f("');
const repeatedPart = word(
  '"local a "',
  '"do "',
  '"x = 1 "',
  '"if x then "',
  '"a.b = "',
  '"::l:: "',
);
/** Short chunks, well formed and not, with limits of the compiler in the middle. */
export const chunks: Code = oneOf(
  word(
    '"return ..."',
    '"x = 1"',
    '"return 1 +"',
    '"return x"',
    '"error(...)"',
    '"\\27Lua"',
    '"#x"',
  ),
  word('"return function() return ... end"', '"goto x"', '"local x <close> = 1"', '"return 08"'),
  word(
    '"return \\"\\\\xZ\\""',
    '"--[==["',
    "\"return '\\\\u{80000000}'\"",
    '"\\xEF\\xBB\\xBFreturn 1"',
  ),
  lua`"return " .. rep(${nestedPart}, ${words("1 2 50 300 4096")})`,
  lua`rep(${repeatedPart}, ${words("1 2 50 300")})`,
  texts,
);

export const optionWords = {
  collector: words(
    '"stop" "restart" "collect" "count" "step" "step" "step" "setpause" "setstepmul" "isrunning" ' +
      '"generational" "incremental" "incremental" "nothing"',
  ),
  whence: word('"set"', '"cur"', '"end"', '"x"', "1"),
  buffering: word('"no"', '"full"', '"line"', '"x"', '""'),
  info: word('"n"', '"Slutnrf"', '"L"', '">f"', '"f"', '"x"', '""', '"SSSS"', '"r"', '"t"'),
  hookMask: word('"c"', '"r"', '"l"', '"crl"', '""', '"x"'),
  loadMode: word("nil", '"t"', '"bt"', "nil", '"b"', '"x"'),
  read: word('"n"', '"l"', '"L"', '"a"', '"*n"', '""', '"x"', '"nl"'),
  date: mostly(
    2,
    list(lua`%${words("a A b B c d H I j m M p S U w W x X y Y z Z % Ex Oy E 5 n t F")}`, {
      min: 1,
      max: 4,
      joint: "",
    }).map((text) => quoted(`!${text}`)),
    word('"*t"', '"!*t"', '"!%"', '"!"', '"!\\0%Y"', '"*"'),
    lua`"!" .. rep(${word('"%c"', '"x"', '"%Y"')}, ${words("1 50 300")})`,
  ),
  warning: word('"@on"', '"@off"', '"@x"', '"text"', '"@"'),
} as const satisfies Readonly<Record<string, Code>>;
