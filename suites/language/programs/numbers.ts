/** Programs on numbers: both subtypes, overflow, comparison, conversion. */
import type { LanguageProgram } from "../language-program.ts";

export const numbersPrograms: readonly LanguageProgram[] = [
  {
    name: "integer-arithmetic",
    title: "integers wrap around, divide and take remainders towards minus infinity",
    program: `
emit(math.maxinteger + 1 == math.mininteger, math.mininteger // -1, math.mininteger % -1)
emit(7 // 2, -7 // 2, 7 // -2, -7 // -2, 7 % 3, -7 % 3, 7 % -3, -7 % -3)
emit(1 << 63, 1 << 64, 1 << -1, -1 >> 1, -1 >> 64, 3 & 5, 3 | 5, 3 ~ 5, ~0)
emit("10" + 5, "0x10" * 2, "3" // 1, 10 .. 20, 3.0 | 0, 2^53 & -1)
try(function() return "7" | 0 end) try(function() return ~"7" end)
try(function() return 1 // 0 end)
try(function() return 1 % 0 end)
try(function() return 1.5 | 0 end)
try(function() return "abc" + 1 end)
`,
    log: `
true -9223372036854775808 0
3 -4 -4 3 1 2 -2 -1
-9223372036854775808 0 0 9223372036854775807 0 1 7 6 -1
15 32 3 "1020" 3 9007199254740992
false "p:5: attempt to perform bitwise operation on a string value (constant '7')"
false "p:5: attempt to perform bitwise operation on a string value (constant '7')"
false "p:6: attempt to divide by zero"
false "p:7: attempt to perform 'n%0'"
false "p:8: number has no integer representation"
false "p:9: attempt to add a 'string' with a 'number'"
end
`,
  },
  {
    name: "float-arithmetic",
    title: "floats follow IEEE 754, and floor division and modulo follow the sign rules",
    program: `
emit(7 / 2, 7.0 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, 5.3 % math.huge, -5.3 % math.huge)
emit(1 / 0, -1 / 0, 1 // 0.0, 0.0 == -0.0, 1 / -0.0, 0 / 0 ~= 0 / 0, 1 % 0.0 ~= 1 % 0.0)
emit(2 ^ 53, 2 ^ -1074, 0.1 + 0.2, 1e308 * 10, 5e-324 / 2, 3 | 0, 2 ^ 2)
emit(math.type(1), math.type(1.0), math.type("1"), 1 == 1.0, math.type(3 // 1.0))
emit(math.fmod(-7, 3), math.fmod(-7.5, 2), math.modf(-3.7), math.floor(-3.5), math.ceil(-3.5))
try(math.fmod, 1, 0)
emit(math.fmod(1, 0.0) ~= math.fmod(1, 0.0), math.tointeger(3.0), math.tointeger(3.5),
    math.tointeger("8"))
`,
    log: `
0x1.cp+1 0x1.8p+1 -0x1p+2 0x1.8p+0 0x1p-1 -0x1p-1 0x1.5333333333333p+2 inf
inf -inf inf true -inf true true
0x1p+53 0x1p-1074 0x1.3333333333334p-2 inf 0x0p+0 3 0x1p+2
"integer" "float" nil true "float"
-1 -0x1.8p+0 -3 -4 -3
false "bad argument #2 to 'math.fmod' (zero)"
true 3 nil 8
end
`,
  },
  {
    name: "mixed-comparison",
    title: "integers and floats compare by their mathematical values",
    program: String.raw`
emit(9007199254740993 == 9007199254740992.0, 9007199254740993 > 9007199254740992.0)
emit(math.maxinteger < math.maxinteger + 0.0, math.maxinteger + 0.0 == 2^63,
    math.mininteger == -2^63)
emit(1 < 1.5, 2 > 1.5, -1 < -0.5, math.mininteger <= -2^63, 1 < 0/0, 1 >= 0/0)
emit(math.ult(1, -1), math.ult(-1, 1), "a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c",
    "Z" < "a")
try(function() return 1 < "2" end)
try(function() return {} < {} end)
try(function() return nil > 1 end)
local t = {} t[1.0] = "one" t[2^53] = "big"
emit(t[1], t[2^53 | 0], #t, next({[3.0] = 1}))
`,
    log: `
false true
true true true
true true true true false false
true false true false true true true
false "p:7: attempt to compare number with string"
false "p:8: attempt to compare two table values"
false "p:9: attempt to compare number with nil"
"one" "big" 1 3 1
end
`,
  },
  {
    name: "numerals",
    title: "numerals and strings convert alike, and what is no number is nil",
    program: String.raw`
emit(0x10, 0xA.8p0, 0x.1p4, 1e2, .5, 3., 0xffffffffffffffff, 9223372036854775808, 1e-2)
for _, text in ipairs{"10", " 0x1p4 ", "1e1", "", " ", "0x", "1e", "1 2", "inf", "nan", "5.",
    ".5", "0x.p1",
  "9223372036854775807", "9223372036854775808", "-0x8000000000000000", "1_0", "\t7\n", "7\0"} do
  emit(text, tonumber(text))
end
for _, pair in ipairs{{"10", 2}, {"zz", 36}, {"8", 8}, {"-ff", 16}, {"7fffffffffffffff", 16},
    {"", 10}, {"1.0", 10}} do
  emit(pair[1], tonumber(pair[1], pair[2]))
end
try(tonumber, "1", 1) try(tonumber, 1, 10) try(tonumber)
emit(tostring(1e15), tostring(1e16), tostring(-0.0), tostring(3.0), tostring(2^63),
    tostring(0.1), 1e100)
`,
    log: String.raw`
16 0x1.5p+3 0x1p+0 0x1.9p+6 0x1p-1 0x1.8p+1 -1 0x1p+63 0x1.47ae147ae147bp-7
"10" 10
" 0x1p4 " 0x1p+4
"1e1" 0x1.4p+3
"" nil
" " nil
"0x" nil
"1e" nil
"1 2" nil
"inf" nil
"nan" nil
"5." 0x1.4p+2
".5" 0x1p-1
"0x.p1" nil
"9223372036854775807" 9223372036854775807
"9223372036854775808" 0x1p+63
"-0x8000000000000000" -9223372036854775808
"1_0" nil
"\0097\
" 7
"7\0" nil
"10" 2
"zz" 1295
"8" nil
"-ff" -255
"7fffffffffffffff" 9223372036854775807
"" nil
"1.0" nil
false "bad argument #2 to 'tonumber' (base out of range)"
false "bad argument #1 to 'tonumber' (string expected, got number)"
false "bad argument #1 to 'tonumber' (value expected)"
"1e+15" "1e+16" "-0.0" "3.0" "9.2233720368548e+18" "0.1" 0x1.249ad2594c37dp+332
end
`,
  },
];
