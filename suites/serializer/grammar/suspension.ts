/** Statements that are saved in the middle: loops, closures, weak tables, calls of all kinds. */

import { scalars, strings, values } from "../../language/grammar/expressions.ts";
import { type Code, list, lua, oneOf, word, words } from "../../language/grammar/grammar.ts";
import { few, small } from "../../language/grammar/literals.ts";

const keys: Code = oneOf(
  words("x y name t1 t2 o1 fn1 fn2 print s1 f1 string.len math.floor"),
  word('"key"', '"a longer key, not kept among the short strings of Lua, see"', "1", "2", "2^53"),
  word(
    "1.5",
    "-0.5",
    "{}",
    "{1}",
    "true",
    "false",
    "coroutine.create(emit)",
    "tell",
    "-7",
    "1e100",
  ),
  word("setmetatable({}, {__gc = function() end})", "function() return t1 end", "i1", "#s1"),
);

const entries: Code = list(lua`[${keys} or 0] = ${scalars(0)}`, {
  min: 0,
  max: 14,
  joint: ", ",
});

const loops: Code = oneOf(
  lua`do local t, seen = {${entries}}, {}
  for k, v in ${word("pairs(t)", "next, t", "next, t, nil")} do tick() seen[#seen + 1] = mark(k, v)
  ${word("", "t[k] = nil", "if type(k) == 'string' then t[k] = nil end", "t[k] = k")}
  ${word("", "", "collectgarbage()")}
  end sorted(seen) tell(t) end`,
  lua`do local t, seen = {}, {} for k = 1, ${words("3 9 20 40")} do
  t[${word("k", "{}", "'k' .. k", "k + 0.5", "function() return k end")}] = k end
  for k, v in pairs(t) do tick() if v % 3 == 0 then t[k] = nil end seen[#seen + 1] = mark(v) end
  for _, v in pairs(t) do seen[#seen + 1] = mark(v) tick() end sorted(seen) end`,
  lua`for a, b in (${strings(1)} .. "one two"):gmatch(${word("'%a+'", "'()(%w)'", "'.'", "'%s*'")})
  do
  tick() emit(a, b) end`,
  lua`for p, c in utf8.codes("h\\u{e9}\\u{20ac}\\u{10348}") do tick() emit(p, c) end`,
  lua`for i, v in ipairs({${list(scalars(0), { min: 0, max: 6, joint: ", " })}}) do
  tick() emit(i, v) end`,
  lua`for k = ${word("1, 4", "4, 1, -1", "1.0, 3", "math.maxinteger - 2, math.maxinteger")} do
  tick() emit(k) end`,
  lua`do local k = 0 ::again:: tick() k = k + 1 if k < ${few} then goto again end emit(k) end`.map(
    (text) => `(function() ${text} end)()`,
  ),
);

const shared: Code = oneOf(
  lua`do local n = ${scalars(0)}
  local function put(v) tick() n = v return n end local function get() tick() return n end
  tick() try(put, ${values(0)}) emit(get()) tell(put, get) fn1 = get end`,
  lua`do local list = {} for k = 1, 3 do local v = k
  list[k] = function() tick() v = v + 1 return v end end
  tick() for k = 1, 3 do emit(list[k](), list[k]()) end tell(list) end`,
  lua`do local n = 0 local inner = coroutine.wrap(function() local m = 0
  while true do n, m = n + 1, m + 10 coroutine.yield(n, function() m = m + 1 return m end) end end)
  local _, f = inner() tick() n = n + 100 emit(f()) tick() emit((inner())) emit(f()) end`,
  lua`do local function fib(n) tick() if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
  emit(fib(${few})) end`,
  lua`do local memo = setmetatable({}, {__mode = ${word('"k"', '"v"', '"kv"', '"x"')}})
  memo[t1] = t2 memo[2] = {} memo.x = {} memo[{}] = 1 memo[o1] = function() return o1 end
  tick() collectgarbage() tick() emit(count(memo)) tell(memo) end`,
  lua`do local function even(n) end local function odd(n) tick() if n == 0 then return false end
  return even(n - 1) end even = function(n) if n == 0 then return true end return odd(n - 1) end
  emit(even(${small}^0 * ${few})) end`,
);

const calls: Code = oneOf(
  lua`emit((function(...) tick() local a, b = ... tick() return select("#", ...), b, a, ... end)(
  ${list(values(0), { min: 0, max: 5, joint: ", " })}))`,
  lua`do local function deep(n, ...) tick() if n == 0 then return ... end
  return ${word("deep(n - 1, n, ...)", "(deep(n - 1, n, ...))", "n, deep(n - 1, ...)")} end
  emit(deep(${words("1 5 20 50")})) end`,
  lua`emit(pcall(function() tick() emit(pcall(function() tick() error(${scalars(0)}) end)) tick()
  error({}) end))`,
  lua`emit(xpcall(function(...) tick() local x = nil .. s1 end,
  function(m) tick() return m end, 1))`,
  lua`try(function() local a <close> = setmetatable({}, {__close = function(_, e)
  tick() emit("a", e) end})
  local b <close> = setmetatable({}, {__close = function(_, e) tick() emit("b", e) end})
  tick() ${word("", "error(s1)", "return a ~= b", "do return i1, s1 end")} end)`,
  lua`do local m = setmetatable({}, {__index = function(t, k) tick() return k end,
  __newindex = function(t, k, v) tick() rawset(t, k, v) end, __call = function(_, ...) tick()
  return ... end, __concat = function(a, b) tick() return "c" end, __eq = function() tick() return
  true end, __lt = function() tick() return 1 end, __le = function() tick() return nil end,
  __len = function() tick() return 7 end, __unm = function() tick() return "u" end})
  m.x = ${scalars(0)} emit(m.y, m.x, m(1, 2, nil), m .. 1, 1 .. m, m == setmetatable({},
  getmetatable(m)), m < 1, 1 <= m, #m, -m) if m < m then emit("less") end
  for k = 1, 2 do if not (m <= m) then emit("not") tick() end end end`,
  lua`for a, b in coroutine.wrap(function() for k = 1, ${few} do coroutine.yield(k, t1) end end) do
  tick() emit(a) end`,
  lua`do co = coroutine.create(function(...) local a = ... while true do
  a = select("#", coroutine.yield(a, ...)) end end)
  emit(coroutine.resume(co, ${values(0)}, ${values(0)})) tick() emit(coroutine.resume(co, 1, 2))
  tick() emit(coroutine.status(co), coroutine.close(co), coroutine.status(co)) tick() tell(co) end`,
  lua`math.randomseed(${small}) tick() emit(math.random(1000), math.random(0), math.random())`,
);

const tables: Code = oneOf(
  lua`tell(t1, t2, o1, o2, fn1, fn2, co)`,
  lua`tick() tell(${values(1)}, ${values(1)})`,
  lua`t1[${keys} or 0] = ${values(0)}`,
  lua`t2[${keys} or 0] = nil`,
  lua`do local t = {${entries}} tick() tell(t) for k = 1, ${words("2 5 17")} do t[k] = k end tick()
  t[#t] = nil tell(t) t1 = t emit(#t) end`,
  lua`do local t = {${list(values(0), { min: 0, max: 9, joint: ", " })}} t[#t + 2] = 1 tick()
  emit(#t) t[#t + 1] = 2 emit(#t, select("#", table.unpack(t))) t.t = t tell(t) end`,
  lua`do local e = {x = emit, print = print} 
  local f = load("x(x ~= nil, y) y = 1 return _ENV", "=e",
  "t", e) tick() emit(pcall(f)) tick() emit(pcall(f)) tell(f == fn1, e.y) end`,
);

export const suspension: Code = oneOf(loops, shared, calls, tables);
