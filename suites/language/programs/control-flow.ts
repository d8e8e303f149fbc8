/** Programs on control flow: loops and their edges, goto, scopes. */
import type { LanguageProgram } from "../language-program.ts";

export const controlFlowPrograms: readonly LanguageProgram[] = [
  {
    name: "numeric-for",
    title: "a numeric loop never overflows, and refuses a step of zero",
    program: `
for i = math.maxinteger - 1, math.maxinteger do emit(i) end
for i = math.mininteger + 1, math.mininteger, -1 do emit(i) end
for i = 1, 2, 0.5 do emit(i) end for i = 1.0, 3 do emit(i) end for i = 3, 1 do
  emit("never", i) end
for i = 1, 0.5 do emit("never", i) end for i = 3, 1.5, -1 do emit(i) end
for i = 1, math.huge do if i > 2 then break end emit(i) end
  for i = -1, -math.huge, -1 do if i < -2 then break end emit(i) end
for i = math.mininteger, math.maxinteger, math.maxinteger do emit(i) end
try(function() for i = 1, 10, 0 do end end) try(function() for i = 1.0, 10, 0.0 do end end)
try(function() for i = "1", 2 do end end) try(function() for i = 1, {} do end end)
  try(function() for i = 1, 2, "x" do end end)
`,
    log: `
9223372036854775806
9223372036854775807
-9223372036854775807
-9223372036854775808
0x1p+0
0x1.8p+0
0x1p+1
0x1p+0
0x1p+1
0x1.8p+1
3
2
1
2
-1
-2
-9223372036854775808
-1
9223372036854775806
false "p:9: 'for' step is zero"
false "p:9: 'for' step is zero"
true
false "p:10: bad 'for' limit (number expected, got table)"
false "p:11: bad 'for' step (number expected, got string)"
end
`,
  },
  {
    name: "goto-and-break",
    title: "goto continues, breaks out of nested loops, and makes loops",
    program: `
for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end if i == 2 then goto out end
  emit(i, j) ::continue:: end end
::out::
do local k = 0 ::top:: k = k + 1 if k < 3 then goto top end emit(k) end
local i = 0 repeat local done = i >= 2 i = i + 1 until done emit(i)
while true do i = i + 1 if i > 5 then break end end emit(i)
do local closures = {} for n = 1, 3 do closures[n] = function() n = n + 1 return n end end
  emit(closures[1](), closures[1](), closures[2]()) end
do local k, list = 1, {} ::again::
  local x = k list[k] = function() return x end k = k + 1 if k <= 3 then goto again end
  emit(list[1](), list[3]()) end
`,
    log: `
1 1
1 3
3
3
6
2 3 3
1 3
end
`,
  },
  {
    name: "attributes",
    title: "<const> can't be assigned, <close> is closed on every way out, in reverse order",
    program: `
local function closing(name) return setmetatable({}, { __close = function(_, e)
  emit("close", name, e) end }) end
do local a <close>, b <const> = closing("a"), 5 local c <close> = closing("c")
  emit("body", b) end
try(function() local a <close> = closing("x") local b <close> = closing("y") error("oops") end)
emit((function() local a <close> = closing("r") return "value", 2 end)())
for i = 1, 2 do local a <close> = closing(i) if i == 1 then goto next end break ::next:: end
for v in function(_, k) k = (k or 0) + 1 if k < 3 then return k end end, nil, nil,
    closing("iterator") do
  emit(v) end
try(function() local a <close> = 42 end) emit(load("local x <const> = 1 x = 2", "=c"))
  emit(load("local x <foo> = 1", "=c"))
try(function() local a <close> =
  setmetatable({}, { __close = function() error("first", 0) end })
  local b <close> = setmetatable({}, { __close = function(_, e)
  emit(e) error("second", 0) end }) error("body", 0) end)
`,
    log: `
"body" 5
"close" "c" nil
"close" "a" nil
"close" "y" "p:5: oops"
"close" "x" "p:5: oops"
false "p:5: oops"
"close" "r" nil
"value" 2
"close" 1 nil
"close" 2 nil
1
2
"close" "iterator" nil
false "p:11: variable 'a' got a non-closable value"
nil "c:1: attempt to assign to const variable 'x'"
nil "c:1: unknown attribute 'foo'"
"body"
false "first"
end
`,
  },
];
