/** Programs on functions: variadics, closures, results, order of evaluation. */
import type { LanguageProgram } from "../language-program.ts";

export const functionsPrograms: readonly LanguageProgram[] = [
  {
    name: "variadics",
    title: "varargs are counted with their nils, and are adjusted where one value is wanted",
    program: `
local function count(...) return select("#", ...), ... end
emit(count()) emit(count(nil)) emit(count(nil, nil, 3)) emit((count(1, 2)))
  emit({count(1, nil)}, {(count(1))})
emit(select(-1, 1, 2, 3), select(2, "a", "b", "c")) emit(table.unpack({1, 2, nil, 4}, 1, 4))
  emit(table.pack(nil, 2).n)
try(select, 0) try(select, -5, 1) emit((...), select("#", ...), ...)
local a, b, c = (function() return 1, 2 end)() emit(a, b, c)
local t = {(function() return 1, 2 end)(), (function() return 3, 4 end)()} emit(t, #t)
emit(math.max(count(5, 1)), string.format("%d %d", count(7)))
`,
    log: `
0
1 nil
3 nil nil 3
2
{[1]=2,[2]=1} {[1]=1}
3 "b" "c"
1 2 nil 4
2
false "bad argument #1 to 'select' (index out of range)"
false "bad argument #1 to 'select' (index out of range)"
1 3 1 0x1.4p+1 "three"
1 2 nil
{[1]=1,[2]=3,[3]=4} 3
5 "1 7"
end
`,
  },
  {
    name: "closures",
    title: "closures share their variables, and each turn of a loop has its own",
    program: `
local function counter()
  local n = 0 return function() n = n + 1 return n end, function() return n end end
local up, get = counter() up() up() local other = counter() emit(get(), other())
local list = {} for i = 1, 3 do
  local j = i * 10 list[i] = function() j = j + 1 return i, j end end
emit(list[1]()) emit(list[1]()) emit(list[3]())
local function fib(n) tick() if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
  emit(fib(12))
local function sum(n, total) if n == 0 then return total end return sum(n - 1, total + n) end
  emit(sum(10000, 0))
emit(debug.getinfo(up, "u").nups, debug.getupvalue(up, 1))
  emit(debug.getinfo(1, "l").currentline, debug.getinfo(fib, "S").linedefined)
`,
    log: `
2 1
1 11
1 12
3 31
144
50005000
1 "n" 2
12 7
end
`,
  },
  {
    name: "assignment-order",
    title: "a multiple assignment evaluates before it assigns",
    program: `
local i, t = 1, {} i, t[i] = i + 1, 20 emit(i, t) local x, y = 1, 2 x, y = y, x emit(x, y)
local order = {} local function f(n) order[#order + 1] = n return n end
local r = { f(1), f(2), [f(3)] = f(4) } emit(order, r, f(5) + f(6) * f(7)) emit(order)
emit(f(8) == f(9) or f(10), nil and f(11), false or nil, 1 and 2)
  emit(#order, not nil == true, 2 ^ 3 ^ 2, -2 ^ 2, 1 .. 2 == "12")
`,
    log: `
2 {[1]=20}
2 1
{[1]=1,[2]=2,[3]=3,[4]=4,[5]=5,[6]=6,[7]=7} {[1]=1,[2]=2,[3]=4} 47
{[1]=1,[2]=2,[3]=3,[4]=4,[5]=5,[6]=6,[7]=7}
10 nil nil 2
10 true 0x1p+9 -0x1p+2 true
end
`,
  },
];
