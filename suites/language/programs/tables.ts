/** Programs on tables: the library, borders of sequences, iteration. */
import type { LanguageProgram } from "../language-program.ts";

export const tablesPrograms: readonly LanguageProgram[] = [
  {
    name: "table-library",
    title: "insert, remove, move, concat and unpack work at both ends, and check positions",
    program: `
local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) table.insert(t, 6, 5) emit(t, #t)
emit(table.remove(t), table.remove(t, 1), table.remove(t, #t + 1), t)
  emit(table.remove({}), table.remove({}, 0))
emit(table.move({1, 2, 3}, 2, 3, 1), table.move({1, 2, 3}, 1, 3, 2), table.move({1, 2}, 1, 2,
    1, {9, 9, 9}))
emit(table.concat({1, 2.5, "x"}, ", "), table.concat({}), table.concat({1, 2, 3}, "-", 2, 3),
    table.concat({1}, "-", 2))
emit(table.unpack({1, 2, 3}, 2)) emit(table.unpack({}, 1, 2)) emit(table.unpack({1, 2}, 3))
try(table.insert, t, 10, 1) try(table.insert, t) try(table.insert, t, 1, 2, 3)
  try(table.remove, t, 10) try(table.concat, {1, {}, 3}) try(table.insert, nil, 1)
try(table.unpack, {}, 1, 1e8) try(table.concat, {1, 2}, "", 1, 3)
  try(table.move, {}, 1, math.maxinteger, 2)
`,
    log: `
{[1]=0,[2]=1,[3]=2,[4]=3,[5]=4,[6]=5} 6
5 0 nil {[1]=1,[2]=2,[3]=3,[4]=4}
nil nil
{[1]=2,[2]=3,[3]=3} {[1]=1,[2]=1,[3]=2,[4]=3} {[1]=1,[2]=2,[3]=9}
"1, 2.5, x" "" "2-3" ""
2 3
nil nil

false "bad argument #2 to 'table.insert' (position out of bounds)"
false "wrong number of arguments to 'insert'"
false "wrong number of arguments to 'insert'"
false "bad argument #2 to 'table.remove' (position out of bounds)"
false "invalid value (table) at index 2 in table for 'concat'"
false "bad argument #1 to 'table.insert' (table expected, got nil)"
false "too many results to unpack"
false "invalid value (nil) at index 3 in table for 'concat'"
false "bad argument #4 to 'table.move' (destination wrap around)"
end
`,
  },
  {
    name: "sort",
    title: "sort orders numbers, strings and by a function, and notices a wrong order",
    program: `
local t = {5, 2, 8, 1, 9, 3} table.sort(t) emit(t)
  table.sort(t, function(a, b) return a > b end) emit(t)
local words = {"banana", "apple", "Cherry", "date"} table.sort(words) emit(words)
  table.sort(words, function(a, b) return #a < #b end) emit(#words[1], #words[4])
try(table.sort, {1, "x", 2}) try(table.sort, {{}, {}})
  try(table.sort, {3, 1, 2, 5, 4}, function() return true end)
try(table.sort, {3, 2, 1}, function(a, b) error("compare", 0) end) try(table.sort, {1, 2}, 5)
  try(table.sort, {1, 2, nil, 4})
local big = {} for i = 1, 90 do big[i] = (i * 37) % 91 end table.sort(big)
  emit(big[1], big[45], big[90])
`,
    log: `
{[1]=1,[2]=2,[3]=3,[4]=5,[5]=8,[6]=9}
{[1]=9,[2]=8,[3]=5,[4]=3,[5]=2,[6]=1}
{[1]="Cherry",[2]="apple",[3]="banana",[4]="date"}
4 6
false "attempt to compare string with number"
false "attempt to compare two table values"
false "invalid order function for sorting"
false "compare"
false "bad argument #2 to 'table.sort' (function expected, got number)"
false "attempt to compare nil with number"
1 45 90
end
`,
  },
  {
    name: "iteration",
    title: "pairs, ipairs and next visit each entry once, and entries may go on the way",
    program: `
local sum, t = 0, {10, 20, 30, x = 5, [2.5] = 7}
  for k, v in pairs(t) do sum = sum + v t[k] = nil end emit(sum, next(t))
for i, v in ipairs({1, 2, nil, 4}) do emit(i, v) end emit(next({}, nil), next({5}))
  emit(rawlen({1, 2}), rawlen("abc"), rawequal(t, t), rawget(t, "x"))
try(next, {}, "missing") try(ipairs) try(pairs, nil) try(rawset, {}, nil, 1)
  try(rawset, {}, 0/0, 1) try(function() local x = {} x[nil] = 1 end) try(rawlen, 5)
emit(#{1, 2, 3, nil}, #{n = 1}, #"abc", {[1] = "a", [2] = "b"}, {1, 2, [2] = "x", 3})
`,
    log: `
72 nil
1 1
2 2
nil 1 5
2 3 true nil
false "invalid key to 'next'"
false "bad argument #1 to 'ipairs' (value expected)"
true function nil nil
false "table index is nil"
false "table index is NaN"
false "p:6: table index is nil"
false "bad argument #1 to 'rawlen' (table or string expected, got number)"
3 0 3 {[1]="a",[2]="b"} {[1]=1,[2]=2,[3]=3}
end
`,
  },
];
