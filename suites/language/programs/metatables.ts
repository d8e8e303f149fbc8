/** Programs on metatables: every event, and what is wrong in one. */
import type { LanguageProgram } from "../language-program.ts";

export const metatablesPrograms: readonly LanguageProgram[] = [
  {
    name: "arithmetic-events",
    title: "operators ask the first operand, then the second",
    program: `
local log = function(name) return function(a,
    b) return name .. ":" .. type(a) .. "," .. type(b) end end
local events = {}
  for _, e in ipairs{"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor",
    "shl", "shr", "concat", "unm", "bnot"} do events["__" .. e] = log(e) end
local o = setmetatable({}, events)
emit(o + 1, 1 + o, o - "x", 2 * o, o / o)
emit(o % 1, o ^ 2)
emit(o // 3, o & 1)
emit(1.5 | o, o ~ 1, o << 1, 1 >> o)
emit(o .. "s", 1 .. o, -o, ~o)
try(function() return {} + 1 end) try(function() return o .. {} end)
  try(function() return {} .. "x" end) try(function() return -{} end)
  try(function() return 1 & {} end)
try(function() return setmetatable({}, { __add = 5 }) + 1 end) try(function() return
  setmetatable({}, { __add = function() error("inside", 2) end }) + 1 end)
`,
    log: `
"add:table,number" "add:number,table" "sub:table,string" "mul:number,table" "div:table,table"
"mod:table,number" "pow:table,number"
"idiv:table,number" "band:table,number"
"bor:number,table" "bxor:table,number" "shl:table,number" "shr:number,table"
"concat:table,string" "concat:number,table" "unm:table,table" "bnot:table,table"
false "p:12: attempt to perform arithmetic on a table value"
true "concat:table,table"
false "p:13: attempt to concatenate a table value"
false "p:13: attempt to perform arithmetic on a table value"
false "p:14: attempt to perform bitwise operation on a table value"
false "p:15: attempt to call a number value (metamethod 'add')"
false "p:16: inside"
end
`,
  },
  {
    name: "comparison-events",
    title: "__eq, __lt and __le decide, and their results become booleans",
    program: `
local mt = { __eq = function(a, b) return a.v == b.v end, __lt = function(a,
    b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v and "yes" end }
local a, b, c = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt), setmetatable({v = 1}, mt)
emit(a == b, a == c, a ~= c, a < b, a > b, a <= b, a >= b, a == 1, rawequal(a, c), a == {v = 1})
try(function() return a < 1 end) try(function() return a < {} end)
  try(function() return {} <= {} end) try(function() return
  setmetatable({}, { __lt = true }) < 1 end)
`,
    log: `
false true false true false true false false false true
false "p:2: attempt to index a number value (local 'b')"
false "p:2: attempt to compare number with nil"
false "p:6: attempt to compare two table values"
false "p:7: attempt to call a boolean value (metamethod 'lt')"
end
`,
  },
  {
    name: "access-events",
    title: "__index and __newindex are followed through chains of tables and functions",
    program: `
local base = { greet = function(self) return "hi " .. self.name end } local mid =
  setmetatable({ kind = "mid" }, { __index = base })
local o = setmetatable({ name = "o" }, { __index = mid, __newindex = function(t, k, v)
  emit("new", k, v) rawset(t, k, v) end })
emit(o:greet(), o.kind, o.none) o.x = 1 o.x = 2 emit(rawget(o, "x"))
local proxy =
  setmetatable({}, { __index = function(_, k) return k .. "!" end,
    __newindex = base }) proxy.y = 5
  emit(proxy.z, proxy[1], base.y, rawget(proxy, "y"))
local loop = {} setmetatable(loop, { __index = loop }) try(function() return loop.x end)
local a, b = {}, {} setmetatable(a, { __index = b, __newindex = b })
  setmetatable(b, { __index = a, __newindex = a }) try(function() return a.x end)
  try(function() a.x = 1 end)
try(function() return setmetatable({}, { __index = 5 }).x end) try(function()
  setmetatable({}, { __newindex = true }).x = 1 end)
`,
    log: `
"hi o" "mid" nil
"new" "x" 1
2
"z!" "1!" 5 nil
false "p:10: '__index' chain too long; possible loop"
false "p:12: '__index' chain too long; possible loop"
false "p:13: '__newindex' chain too long; possible loop"
false "p:14: attempt to index a number value"
false "p:15: attempt to index a boolean value"
end
`,
  },
  {
    name: "other-events",
    title: "__call, __len, __tostring, __name, __pairs, __metatable and __close",
    program: `
local o =
  setmetatable({}, { __call = function(self, ...) return select("#", ...), ... end,
    __len = function() return 42 end, __tostring = function() return "O!" end,
    __metatable = "locked" })
emit(o(1, nil), #o, tostring(o), getmetatable(o)) try(setmetatable, o, {})
  try(function() return #setmetatable({}, { __len = function() return "x" end }) end)
for k, v in pairs(setmetatable({}, { __pairs = function(t) return function(_,
    k) if not k then return 1, "one" end end, t, nil end })) do
  emit(k, v) end
try(tostring, setmetatable({}, { __tostring = function() return 1 end }))
  emit((tostring(setmetatable({}, { __name = "My.Type" })):gsub("0x%x+", "ADDR")))
try(function() return setmetatable({}, { __name = "My.Type" }) + 1 end) try(string.rep,
  setmetatable({}, { __name = "My.Type" }))
local chain = setmetatable({}, { __call =
  setmetatable({}, { __call = function(...) return select("#", ...) end }) }) emit(chain("x"))
emit(getmetatable("").__index == string, ("x").nope) try(function() return ("x"):nope() end)
  try(setmetatable, 1, {}) try(setmetatable, {})
emit(table.concat(setmetatable({}, { __index = function(_, i) return "v" .. i end,
    __len = function() return 3 end }), ","), table.unpack(setmetatable({},
    { __index = function(_, i) return i end }), 1, 3))
`,
    log: `
2 42 "O!" "locked"
false "cannot change a protected metatable"
true "x"
1 "one"
true "1"
"My.Type: ADDR"
false "p:12: attempt to perform arithmetic on a My.Type value"
false "bad argument #1 to 'string.rep' (string expected, got My.Type)"
3
true nil
false "p:16: attempt to call a nil value (method 'nope')"
false "bad argument #1 to 'setmetatable' (table expected, got number)"
false "bad argument #2 to 'setmetatable' (nil or table expected, got no value)"
"v1,v2,v3" 1 2 3
end
`,
  },
];
