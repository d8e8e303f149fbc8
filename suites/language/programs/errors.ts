/** Programs on errors: values, levels, positions, and the names that messages tell. */
import type { LanguageProgram } from "../language-program.ts";

export const errorsPrograms: readonly LanguageProgram[] = [
  {
    name: "error-values",
    title: "any value is an error, and a level adds the position",
    program: `
try(error) try(error, nil) try(error, "text") try(error, {1}) try(error, 42)
  try(error, "text", 0)
try(function() error("one", 1) end) try(function()
  local function f() error("two", 2) end f() end)
  try(function() error(setmetatable({}, { __tostring = function() return "obj" end })) end)
try(assert, false) try(assert, nil, "message") try(assert, false, {}) emit(assert(1, 2, 3))
  try(assert)
emit(xpcall(function() error("x", 0) end, function(m) return m .. "!" end))
  emit(xpcall(function() return "fine", 2 end, error))
  emit(xpcall(function(...) return ... end, print, 1, nil))
emit(pcall(pcall)) emit(pcall(pcall, error, "e")) try(xpcall) emit(select("#", pcall(error)))
  try(xpcall, error)
`,
    log: `
false nil
false nil
false "text"
false {[1]=1}
false 42
false "text"
false "p:3: one"
false "p:4: two"
false meta{}
false "assertion failed!"
false "message"
false {}
1 2 3
false "bad argument #1 to 'assert' (value expected)"
false "x!"
true "fine" 2
true 1 nil
false "bad argument #1 to 'pcall' (value expected)"
true false "e"
false "bad argument #2 to 'xpcall' (function expected, got no value)"
2
false "bad argument #2 to 'xpcall' (function expected, got no value)"
end
`,
  },
  {
    name: "names-in-messages",
    title: "a message names the variable, field, method, constant or upvalue at fault",
    program: `
local up, t, n = nil, { x = {} }, 5
try(function() return undefined.x end) try(function() return undefined() end)
  try(function() return up.x end) try(function() return up() end)
try(function() local l l.x = 1 end) try(function() local l l() end)
  try(function() return t.x.y.z end) try(function() t.missing() end)
  try(function() t:method() end)
try(function() return t.x + 1 end) try(function() return 1 + undefined end)
  try(function() return up .. "x" end) try(function() return #n end)
  try(function() return -t end)
try(function() return n.x.y end) try(function() return ("x")() end)
  try(function() return (1)() end) try(function() return t.x < 1 end)
  try(function() t.x.y.z = 1 end) try(function() return 2^53 | 1.5 end)
try(function() return "abc" + 1 end) try(function() return {} .. "x" end)
  try(function() return t[nil].x end) try(function() return math.floor({}) end)
  try(function() return ("x"):rep({}) end) try(function() string.rep() end)
try(function() for i in 5 do end end) try(function() for i = 1, "x" do end end)
  try(function() return 1 < "x" end) try(function() local a <close> = 5 end)
  try(function() return t.a.b end)
try(setmetatable, {}, 5) try(string.char, "x") try(tostring) try(ipairs) try(math.random, 0, -1)
  try(math.tointeger) try(load, 5)
`,
    log: String.raw`
false "p:2: attempt to index a nil value (global 'undefined')"
false "p:2: attempt to call a nil value (global 'undefined')"
false "p:3: attempt to index a nil value (upvalue 'up')"
false "p:3: attempt to call a nil value (upvalue 'up')"
false "p:4: attempt to index a nil value (local 'l')"
false "p:4: attempt to call a nil value (local 'l')"
false "p:5: attempt to index a nil value (field 'y')"
false "p:5: attempt to call a nil value (field 'missing')"
false "p:6: attempt to call a nil value (method 'method')"
false "p:7: attempt to perform arithmetic on a table value (field 'x')"
false "p:7: attempt to perform arithmetic on a nil value (global 'undefined')"
false "p:8: attempt to concatenate a nil value (upvalue 'up')"
false "p:8: attempt to get length of a number value (upvalue 'n')"
false "p:9: attempt to perform arithmetic on a table value (upvalue 't')"
false "p:10: attempt to index a number value (upvalue 'n')"
false "p:10: attempt to call a string value (constant 'x')"
false "p:11: attempt to call a number value"
false "p:11: attempt to compare table with number"
false "p:12: attempt to index a nil value (field 'y')"
false "p:12: number has no integer representation"
false "p:13: attempt to add a 'string' with a 'number'"
false "p:13: attempt to concatenate a table value"
false "p:14: attempt to index a nil value (field '?')"
false "p:14: bad argument #1 to 'floor' (number expected, got table)"
false "p:15: bad argument #1 to 'rep' (number expected, got table)"
false "p:15: bad argument #1 to 'rep' (string expected, got no value)"
false "p:16: attempt to call a number value (for iterator 'for iterator')"
false "p:16: bad 'for' limit (number expected, got string)"
false "p:17: attempt to compare number with string"
false "p:17: variable 'a' got a non-closable value"
false "p:18: attempt to index a nil value (field 'a')"
false "bad argument #2 to 'setmetatable' (nil or table expected, got number)"
false "bad argument #1 to 'string.char' (number expected, got string)"
false "bad argument #1 to 'tostring' (value expected)"
false "bad argument #1 to 'ipairs' (value expected)"
false "bad argument #1 to 'math.random' (interval is empty)"
false "bad argument #1 to 'math.tointeger' (value expected)"
true nil "[string \"5\"]:1: unexpected symbol near '5'"
end
`,
  },
];
