/** Programs on strings: the library, patterns, formats, packing, UTF-8. */
import type { LanguageProgram } from "../language-program.ts";

/** What the program `far-positions` says of each. */
const farPosition = `"" "" "" "abc"

nil
nil
nil

false "bad argument #3 to 'string.unpack' (initial position out of string)"
`;

export const textPrograms: readonly LanguageProgram[] = [
  {
    name: "substrings",
    title: "positions count from either end, and what lies outside is empty",
    program: String.raw`
local s = "hello"
emit(s:sub(2), s:sub(-3), s:sub(2, -2), s:sub(0), s:sub(10), s:sub(-100, 2), s:sub(4, 2),
    s:sub(math.mininteger, math.maxinteger))
emit(s:byte(), s:byte(-1), s:byte(1, -1)) emit(s:byte(10))
emit(s:rep(3, ","), s:rep(0), s:rep(-1), ("x"):rep(1, "sep"), s:reverse(), s:upper(), #s,
    ("\0\1"):len())
emit(string.char(), string.char(72, 105), "\65\066\x43\u{44}\z
      E", '\'"\\\n\0')
try(string.char, 256) try(string.char, -1) try(string.rep) try(string.sub)
`,
    log: String.raw`
"ello" "llo" "ell" "hello" "" "he" "" "hello"
104 111 104 101 108 108 111

"hello,hello,hello" "" "" "x" "olleh" "HELLO" 5 2
"" "Hi" "ABCDE" "'\"\\\
\0"
false "bad argument #1 to 'string.char' (value out of range)"
false "bad argument #1 to 'string.char' (value out of range)"
false "bad argument #1 to 'string.rep' (string expected, got no value)"
false "bad argument #1 to 'string.sub' (string expected, got no value)"
end
`,
  },
  {
    name: "far-positions",
    title: "positions that no string has, from 2^32 on too, are past its end",
    program: `
for _, far in ipairs {1 << 31, 1 << 32, (1 << 32) + 1, (1 << 32) + 3, 1 << 53, math.maxinteger} do
  emit(("abc"):sub(far), ("abc"):sub(far, 0), ("abc"):sub(far, 3), ("abc"):sub(1, far))
  emit(("abc"):byte(far)) emit(("abc"):find("b", far)) emit(("abc"):find("b", far, true))
  emit(("abc"):match(".", far)) emit(("abc"):gmatch(".", far)())
  try(string.unpack, "B", "abc", far)
end
`,
    log: `\n${farPosition.repeat(6)}end\n`,
  },
  {
    name: "patterns",
    title: "every pattern item matches what the manual says",
    program: String.raw`
emit(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
emit(("THE (quick) fox"):find("%((%a+)%)")) emit(("f(a(b)c)d"):match("%b()"))
  emit(("THE (quick) fox"):gsub("%f[%a]%a+", "W"))
emit(("hello"):find("l"), ("hello"):find("l", -1), ("hello"):find("", 10), ("hello"):find("",
    6), ("a.b"):find(".", 2, true))
emit(("abc"):match("()b()"), ("aXb"):match("%u"), ("x^y"):match("[%^x]+"),
    ("]-"):match("[]-]+"), ("a\0b"):match("%z"))
emit(("aaa"):match("a-"), ("aaa"):match("a-$"), ("aaab"):match("a*b"), ("ab"):match("a?b?c?"),
    ("abab"):match("(ab)%1"))
for k, v in ("a=1, b=2"):gmatch("(%w)=(%w)") do emit(k, v) end
for w in ("one two"):gmatch("%a+") do emit(w) end
for p in ("abc"):gmatch("()") do emit(p) end
`,
    log: String.raw`
"key" "value"
5 11 "quick"
"(a(b)c)"
"W (W) W" 3
3 nil nil 6 2 2
2 "X" "x^" "]-" "\0"
"" "aaa" "aaab" "ab" "ab"
"a" "1"
"b" "2"
"one"
"two"
1
2
3
4
end
`,
  },
  {
    name: "pattern-errors",
    title: "a malformed pattern is an error that says what is wrong",
    program: `
for _, pattern in ipairs{"[a", "%", "(a", "a)", "%b", "%bx", "%f", "%1", "(a)%2", "[%", "[^",
    "(()", "%9"} do
  try(string.find, "abc", pattern)
end
try(string.gsub, "abc", "b", "%2") try(string.gsub, "abc", "b", "%x")
  try(string.gsub, "abc", "b", {b = {}})
try(string.rep, "x", 1 << 62 - 1, {})
`,
    log: `
false "malformed pattern (missing ']')"
false "malformed pattern (ends with '%')"
false "unfinished capture"
true nil
false "malformed pattern (missing arguments to '%b')"
false "malformed pattern (missing arguments to '%b')"
false "missing '[' after '%f' in pattern"
false "invalid capture index %1"
false "invalid capture index %2"
false "malformed pattern (missing ']')"
false "malformed pattern (missing ']')"
false "unfinished capture"
false "invalid capture index %9"
false "invalid capture index %2"
false "invalid use of '%' in replacement string"
false "invalid replacement value (a table)"
false "bad argument #3 to 'string.rep' (string expected, got table)"
end
`,
  },
  {
    name: "substitution",
    title: "gsub takes a text, a table or a function, and counts",
    program: `
emit(("hello world"):gsub("o", "0")) emit(("hello"):gsub("l", "%0%0", 1))
  emit(("abc"):gsub("%w", "%%%0"))
emit(("hello world"):gsub("(%w+) (%w+)", "%2 %1"))
  emit(("$name is $age"):gsub("%$(%w+)", {name = "Lua", age = 30}))
emit(("abc"):gsub("", "-"))
  emit(("abc"):gsub("%w", function(c) if c == "b" then return false end return c:upper() end))
emit(("abc def"):gsub("(%w)(%w)", function(a, b) return b .. a end)) emit(("x"):gsub("x", "%1"))
  emit(("abc"):gsub("b*", "X"))
`,
    log: `
"hell0 w0rld" 2
"helllo" 1
"%a%b%c" 3
"world hello" 1
"Lua is 30" 2
"-a-b-c-" 4
"AbC" 3
"bac edf" 2
"x" 1
"XaXcX" 3
end
`,
  },
  {
    name: "format",
    title: "string.format honours flags, width and precision, and refuses what it does not know",
    program: String.raw`
emit(("%5d|%-5d|%05d|%+d|% d"):format(42, 42, 42, 42, 42))
  emit(("%x %X %#x %o %c"):format(255, 255, 255, 8, 65))
emit(("%.3f|%10.2f|%-10.1f|%e|%g|%G"):format(3.14159, 2.5, 2.5, 12345.678, 1e20, 1e-10))
  emit(("%a %.2a %A"):format(1, 0.5, 255.5))
emit(("%s|%10s|%-10s|%.2s|%5.1s"):format("abc", "abc", "abc", "abc", "abc"))
  emit(("%q"):format("a\n\0001\r\"\\\200"))
emit(("%q %q %q %q %q"):format(1, 1.5, math.mininteger, 1/0, true))
  emit(("%i %d"):format(3.0, "10"), ("%%"):format())
emit(("%.14g %.17g %.0f %.20f"):format(0.1, 0.1, 0.5, 0.1), ("%5s%5s"):format(nil, true),
    ("%.0f %.0f"):format(1.5, 2.5))
for _, f in ipairs{"%d", "%y", "%", "%10q", "%123d", "%.123f", "%q", "%s", "%#i"} do
  try(string.format, f, {} and 1.5) end
try(string.format, "%d", "1.5") try(string.format, "%d") try(string.format, "%c", "x")
  try(string.format, "%q", {})
`,
    log: String.raw`
"   42|42   |00042|+42| 42"
"ff FF 0xff 10 A"
"3.142|      2.50|2.5       |1.234568e+04|1e+20|1E-10"
"0x1p+0 0x1.00p-1 0X1.FFP+7"
"abc|       abc|abc       |ab|    a"
"\"a\\\
\\0001\\13\\\"\\\\\200\""
"1 0x1.8p+0 0x8000000000000000 1e9999 true"
"3 10" "%"
"0.1 0.10000000000000001 0 0.10000000000000000555" "  nil true" "2 2"
false "bad argument #2 to 'string.format' (number has no integer representation)"
false "invalid conversion '%y' to 'format'"
false "invalid conversion '%' to 'format'"
false "specifier '%q' cannot have modifiers"
false "bad argument #2 to 'string.format' (number has no integer representation)"
false "invalid conversion specification: '%.123f'"
true "0x1.8p+0"
true "1.5"
false "bad argument #2 to 'string.format' (number has no integer representation)"
false "bad argument #2 to 'string.format' (number has no integer representation)"
false "bad argument #2 to 'string.format' (no value)"
false "bad argument #2 to 'string.format' (number expected, got string)"
false "bad argument #2 to 'string.format' (value has no literal form)"
end
`,
  },
  {
    name: "packing",
    title: "pack and unpack keep sizes, order of bytes and alignment",
    program: String.raw`
emit(string.pack("<i4", 100), string.pack(">i4", 100), string.pack("b", -1), string.pack("z",
    "hi"), string.pack("s1", "hi"))
emit(string.unpack("<i4", "\100\0\0\0")) emit(string.unpack(">I2 z", "\1\2hi\0"))
  emit(string.unpack("<d", string.pack("<d", 0.1)))
emit(string.packsize("!8 b i8"), string.packsize("<i3 I7"), string.pack("!4 b i4", 1, 2),
    string.pack("c5", "ab"))
emit(string.pack("<i12", -2))
emit(string.unpack("<j", string.pack("<j", math.mininteger)))
  emit(string.unpack("s2", "\3\0abc", 1)) emit(string.unpack("<f", string.pack("<f", 0.5)))
try(string.pack, "b", 200) try(string.pack, "i17", 1) try(string.unpack, "i4", "abc")
  try(string.pack, "z", "a\0b")
try(string.unpack, "z", "abc") try(string.pack, "y", 1) try(string.packsize, "s1")
  try(string.unpack, "<i9", ("\255"):rep(8) .. "\1")
`,
    log: String.raw`
"d\0\0\0" "\0\0\0d" "\255" "hi\0" "\2hi"
100 5
258 "hi" 6
0x1.999999999999ap-4 9
16 10 "\1\0\0\0\2\0\0\0" "ab\0\0\0"
"\254\255\255\255\255\255\255\255\255\255\255\255"
-9223372036854775808 9
"abc" 6
0x1p-1 5
false "bad argument #2 to 'string.pack' (integer overflow)"
false "integral size (17) out of limits [1,16]"
false "bad argument #2 to 'string.unpack' (data string too short)"
false "bad argument #2 to 'string.pack' (string contains zeros)"
false "bad argument #2 to 'string.unpack' (unfinished string for format 'z')"
false "invalid format option 'y'"
false "bad argument #1 to 'string.packsize' (variable-length format)"
false "9-byte integer does not fit into Lua Integer"
end
`,
  },
  {
    name: "utf8",
    title: "the library counts characters, finds their places, and refuses what is not UTF-8",
    program: String.raw`
emit(utf8.char(72, 228, 8364, 0x1F600, 0x7FFFFFFF), utf8.len("häß€"), utf8.charpattern)
emit(utf8.len("\xff"), utf8.len("a\x80", 1), utf8.len("abc", 4), utf8.codepoint("h€", 1, -1))
  emit(utf8.len("\u{D800}", 1, -1, true), utf8.len("\xED\xA0\x80"))
emit(utf8.offset("a€b", 3), utf8.offset("a€b", -1), utf8.offset("a€b", 5), utf8.offset("abc",
    0, 2))
for p, c in utf8.codes("a€😀") do emit(p, c) end
try(utf8.codepoint, "\xff") try(utf8.char, -1) try(utf8.len, "abc", 6)
  try(utf8.offset, "€", 1, 2)
try(function() for _ in utf8.codes("a\xffb") do end end)
`,
    log: String.raw`
"H\195\164\226\130\172\240\159\152\128\253\191\191\191\191\191" 4 "[\0-\127\194-\253][\128-\191]*"
nil nil 0 104 8364
1 nil 1
5 5 nil 2
1 97
2 8364
5 128512
false "invalid UTF-8 code"
false "bad argument #1 to 'utf8.char' (value out of range)"
false "bad argument #2 to 'utf8.len' (initial position out of bounds)"
false "initial position is a continuation byte"
false "p:9: invalid UTF-8 code"
end
`,
  },
];
