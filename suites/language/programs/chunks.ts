/** Programs that compile programs: load with its modes, environments and syntax errors. */
import type { LanguageProgram } from "../language-program.ts";

export const chunksPrograms: readonly LanguageProgram[] = [
  {
    name: "load",
    title: "load compiles texts and pieces, with a name, a mode and an environment",
    program: String.raw`
emit(load("return 1 + 1")()) emit(load("x = 5 return x", "=chunk", "t", {})())
  emit(load("return ...", "=c")(1, 2)) local parts, i = { "return ", "4", "2" }, 0
emit(load(function() i = i + 1 return parts[i] end)()) emit(load(function() return nil end)())
  emit(load(function() error("reader", 0) end))
  emit(load(function() return 5 end and function() return {} end))
local env = { emit = emit } load("y = 1 emit(y, _ENV == nil)", "=c", "t", env)() emit(env.y, y)
  emit(load("return 1", "=c", "b")) emit(load("\27Lua", "=c", "t"))
try(load("error('in chunk')", "=name")) try(load("error('in chunk')", "@file.lua"))
  try(load("error('in chunk')", "some code\nmore")) try(load("local x = nil; x.y = 1", "=c"))
emit(load("# not a comment"))
  local f = load("local a <const> = 5; return function() return a end") emit(f()())
  emit(#string.dump(load("return 1")) > 10, load(string.dump(function(a) return a end), "d",
    "t"))
`,
    log: String.raw`
2
5
1 2
42

nil "reader"
nil "p:5: reader function must return a string"
1 false
1 nil
nil "attempt to load a text chunk (mode is 'b')"
nil "attempt to load a binary chunk (mode is 't')"
false "name:1: in chunk"
false "file.lua:1: in chunk"
false "[string \"some code...\"]:1: in chunk"
false "c:1: attempt to index a nil value (local 'x')"
nil "[string \"# not a comment\"]:1: unexpected symbol near '#'"
5
true nil "attempt to load a binary chunk (mode is 't')"
end
`,
  },
  {
    name: "syntax-errors",
    title: "a syntax error tells the line, what was expected, and near what",
    program: String.raw`
for _, code in ipairs{
  "x =", "x = = 1", "for i = 1 do end", "if x then", "end", "return return", "f(", "a.b:c = 1",
  "local function end", "x = 'abc", "x = [[abc", "--[[ abc", "x = '\\q'", "x = '\\300'", "x = @",
  "x = '\\u{110000000000}'", "x = '\\xZZ'", "goto nope", "break", "::a:: ::a::", "1 = x", "{}",
  "local x <const> = 1; x = 2", "f() = 1", "x = 1e", "x = 0x", "x = 3..2", "local a <bad> = 1",
  "for a.b in x do end", "repeat local x until", "x = }", "return 1,", "(x)", "x = ~", "x.y",
  "function f(...) return function() return ... end end", "local t = {1, 2", "a, b + c = 1",
  "do\n\n  x = = 2\nend", "goto l; local a; ::l:: print(a)", "x = \"a\nb\"",
  "local x <close>, y <close>",
} do
  emit(load(code, "=c"))
end
`,
    log: String.raw`
nil "c:1: unexpected symbol near <eof>"
nil "c:1: unexpected symbol near '='"
nil "c:1: ',' expected near 'do'"
nil "c:1: 'end' expected near <eof>"
nil "c:1: <eof> expected near 'end'"
nil "c:1: unexpected symbol near 'return'"
nil "c:1: unexpected symbol near <eof>"
nil "c:1: function arguments expected near '='"
nil "c:1: <name> expected near 'end'"
nil "c:1: unfinished string near <eof>"
nil "c:1: unfinished long string (starting at line 1) near <eof>"
nil "c:1: unfinished long comment (starting at line 1) near <eof>"
nil "c:1: invalid escape sequence near ''\\q'"
nil "c:1: decimal escape too large near ''\\300''"
nil "c:1: unexpected symbol near '@'"
nil "c:1: UTF-8 value too large near ''\\u{110000000'"
nil "c:1: hexadecimal digit expected near ''\\xZ'"
nil "c:1: no visible label 'nope' for <goto> at line 1"
nil "c:1: break outside loop at line 1"
nil "c:1: label 'a' already defined on line 1"
nil "c:1: unexpected symbol near '1'"
nil "c:1: unexpected symbol near '{'"
nil "c:1: attempt to assign to const variable 'x'"
nil "c:1: syntax error near '='"
nil "c:1: malformed number near '1e'"
nil "c:1: malformed number near '0x'"
nil "c:1: malformed number near '3..2'"
nil "c:1: unknown attribute 'bad'"
nil "c:1: '=' or 'in' expected near '.'"
nil "c:1: unexpected symbol near <eof>"
nil "c:1: unexpected symbol near '}'"
nil "c:1: unexpected symbol near <eof>"
nil "c:1: syntax error near <eof>"
nil "c:1: unexpected symbol near <eof>"
nil "c:1: syntax error near <eof>"
nil "c:1: cannot use '...' outside a vararg function near '...'"
nil "c:1: '}' expected near <eof>"
nil "c:1: '=' expected near '+'"
nil "c:3: unexpected symbol near '='"
nil "c:1: <goto l> at line 1 jumps into the scope of local 'a'"
nil "c:1: unfinished string near '\"a'"
nil "c:1: multiple to-be-closed variables in local list"
end
`,
  },
];
