/** Cases on what the libc does for texts: collation, classes, searches, messages of errors. */
import { equal, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

/** In the order of their bytes; a string is larger than each that it begins with. */
const ascending = [
  "''",
  "'\\0'",
  "'\\0\\0'",
  "'\\0a'",
  "'A'",
  "'a'",
  "'a\\0'",
  "'a\\0b'",
  "'a\\1'",
  "'aa'",
  "'b'",
  "'\\x7f'",
  "'\\x80'",
  "'\\xc3\\xa9'",
  "'\\xff'",
  "'\\xff\\0'",
];

const within = (first: number, last: number) => (byte: number) => byte >= first && byte <= last;
const isUpper = within(65, 90);
const isLower = within(97, 122);
const isDigit = within(48, 57);
const isLetter = (byte: number) => isUpper(byte) || isLower(byte);
const isVisible = within(33, 126);

/** The classes of Lua's patterns in the C locale: no byte above 127 is in any. */
const classes: Readonly<Record<string, (byte: number) => boolean>> = {
  a: isLetter,
  c: (byte) => byte < 32 || byte === 127,
  d: isDigit,
  g: isVisible,
  l: isLower,
  p: (byte) => isVisible(byte) && !isLetter(byte) && !isDigit(byte),
  s: (byte) => byte === 32 || within(9, 13)(byte),
  u: isUpper,
  w: (byte) => isLetter(byte) || isDigit(byte),
  x: (byte) => isDigit(byte) || within(65, 70)(byte) || within(97, 102)(byte),
};

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);

const searches: readonly (readonly [code: string, values: readonly unknown[]])[] = [
  ["('a\\0b\\0c'):find('\\0', 3, true)", [4, 4]],
  ["('a\\0b\\0c'):find('b\\0c', 1, true)", [3, 5]],
  ["('aaaab'):find('aab', 1, true), ('ab'):find('', 3, true)", [3, 3, 2]],
  ["('a\\0b'):find('%z'), ('a\\0b'):find('[^\\0]+$')", [2, 3, 3]],
  ["('\\xff\\x80'):upper() == '\\xff\\x80', ('aZ'):upper(), ('aZ'):lower()", [true, "AZ", "az"]],
  ["#('x'):rep(3, '\\0'), ('a,b,,c'):gsub(',', '\\0')", [5, "a\u0000b\u0000\u0000c", 3]],
  [
    "utf8.char(228, 8364, 0x10ffff), utf8.len('äé€'), utf8.codepoint('€')",
    ["ä€\u{10ffff}", 3, 8364],
  ],
  ["utf8.len('\\xff'), #utf8.char(0x7fffffff)", [undefined, 6]],
];

/** Calls that fail in the libc: text and code as a script sees them. */
const errors: readonly (readonly [code: string, values: readonly unknown[]])[] = [
  ["io.open('x')", [undefined, "x: Function not implemented", 52]],
  ["io.open('x', 'w')", [undefined, "x: Function not implemented", 52]],
  ["io.tmpfile()", [undefined, "Function not implemented", 52]],
  ["io.stdout:seek('cur')", [undefined, "Invalid seek", 70]],
  ["io.stdin:write('x')", [undefined, "Bad file descriptor", 8]],
  ["io.stdout:read('a')", [undefined, "Bad file descriptor", 8]],
  ["io.stdout:setvbuf('no')", [true]],
];

export const texts = [
  defineCase({
    id: "stdlib/collation",
    title: "Strings compare by bytes, zeros in them included",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = {${ascending.join(", ")}}
        for i, a in ipairs(t) do for j, b in ipairs(t) do
          if (a < b) ~= (i < j) or (a <= b) ~= (i <= j) or (a == b) ~= (i == j) then return i, j end
        end end`;
      succeeds(core.compute(code), [], "order");
      const sorted =
        "local t = {'b', 'B', 'a\\0', 'a', 'ä'} table.sort(t) return table.concat(t, ',')";
      succeeds(core.compute(sorted), ["B,a,a\u0000,b,ä"], "sort");
    },
  }),
  defineCase({
    id: "stdlib/character-classes",
    title: "Each class of patterns holds the bytes that the C locale says, and no others",
    run: async ({ load }) => {
      const core = await load();
      succeeded(
        core.compute(`function members(class)
          local t = {}
          for byte = 0, 255 do
            local character = string.char(byte)
            local isIn = character:find("%" .. class) ~= nil
            assert(isIn == (character:find("%" .. class:upper()) == nil))
            if isIn then t[#t + 1] = byte end
          end
          return table.concat(t, " ")
        end`),
        "members",
      );
      for (const [letter, holds] of Object.entries(classes)) {
        succeeds(core.call("members", letter), [allBytes.filter(holds).join(" ")], `%${letter}`);
      }
    },
  }),
  defineCase({
    id: "stdlib/searches",
    title: "find, gsub, upper, rep and utf8 take bytes of any value, zeros included",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, values] of searches) succeeds(core.compute(code), values, code);
    },
  }),
  defineCase({
    id: "stdlib/error-texts",
    title: "What fails in the libc gives the same text and code on both targets",
    run: async ({ load }) => {
      const core = await load({
        input: () => {
          throw new Error("the host's input failed");
        },
      });
      for (const [code, values] of errors) succeeds(core.compute(code), values, code);
      const read = succeeded(core.compute("io.read('a')"), "io.read").values;
      equal(read, [undefined, "I/O error", 29], "input that fails");
      const [, message] = succeeded(core.compute("pcall(io.lines, 'x')"), "io.lines").values;
      matches(message, /Function not implemented/, "io.lines");
    },
  }),
];
