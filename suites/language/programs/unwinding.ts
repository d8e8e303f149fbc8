/** Programs on `error` and yields, which may leave the interpreter without unwinding. */
import type { LanguageProgram } from "../language-program.ts";

export const unwindingPrograms: readonly LanguageProgram[] = [
  {
    name: "errors-across-frames",
    title: "an error passes Lua's frames, C functions, metamethods and coroutines on its way",
    program: `
local function deep(n) if n == 0 then error({ n }) end deep(n - 1) return n end
local function fails(value) error(value, 0) end
local closed = 0
local function closes()
  return setmetatable({}, { __close = function(_, e) closed = closed + 1 emit("close", e)
  end }) end
emit(pcall(deep, 5)) emit(pcall(fails, 1)) emit(pcall(pcall, fails, 2))
emit(pcall(function() local a <close> = closes() local b <close> = closes() fails("x")
  end), closed)
emit(pcall(function() local a <close> = setmetatable({}, { __close = function()
  fails("second") end }) fails("first") end))
emit(pcall(function() return setmetatable({}, { __index = function(_, k) fails(k) end }).key end))
emit(pcall(function() return setmetatable({}, { __lt = function() fails("lt") end }) < {} end))
emit(pcall(table.sort, { 3, 1, 2 }, function() fails("sort") end))
emit(pcall(string.gsub, "abc", "%w", function(c) fails(c) end))
emit(pcall(function() for _ in function() fails("iterator") end do end end))
emit(load(function() fails("reader") end)) emit(pcall(load, function() error() end))
emit(xpcall(fails, function(m) return "handled " .. m end, "y"))
emit(xpcall(fails, function(m) fails(m .. "!") end, "z"))
emit(pcall(fails, "not enough memory")) emit(pcall(error, "not enough memory"))
emit(select("#", pcall(function() error() end))) emit(pcall(function() error("t", {}) end))
emit(pcall(function(...) local n = select("#", ...) fails(n) end, 1, 2, 3))
emit(coroutine.resume(coroutine.create(function() fails("coroutine") end)))
local co = coroutine.create(function() local a <close> = closes() coroutine.yield(1) deep(3) end)
emit(coroutine.resume(co)) emit(coroutine.resume(co))
  emit(coroutine.status(co), coroutine.close(co)) emit(coroutine.resume(co))
emit(pcall(coroutine.wrap(function() emit(pcall(fails, "inner")) fails("outer") end)))
emit(pcall(coroutine.wrap(function() emit(pcall(function() coroutine.yield(1) fails("late")
  end)) end)))
local w = coroutine.wrap(function() emit(pcall(function() coroutine.yield(1) fails("late")
  end)) return 2 end)
emit(w(), w()) emit(pcall(w))
local sum = 0 for i = 1, 300 do tick()
  local ok, e = pcall(fails, i) if not ok then sum = sum + e end end emit(sum)
`,
    log: `
false {[1]=0}
false 1
true false 2
"close" "x"
"close" "x"
false 2
false "second"
false "key"
false "lt"
false "sort"
false "a"
false "iterator"
nil "reader"
true nil nil
false "handled y"
false "error in error handling"
false "not enough memory"
false "not enough memory"
2
false "p:21: bad argument #2 to 'error' (number expected, got table)"
false 3
false "coroutine"
true 1
false {[1]=0}
"close" {[1]=0}
"dead" false {[1]=0}
false "cannot resume dead coroutine"
false "inner"
false "outer"
true 1
false "late"
1 2
false "cannot resume dead coroutine"
45150
end
`,
  },
  {
    name: "yields-across-frames",
    title: "a yield suspends whatever Lua frames there are, and resumes with what it is given",
    program: `
local yield, wrap, create, resume = coroutine.yield, coroutine.wrap, coroutine.create,
  coroutine.resume
local function deep(n) if n == 0 then return yield(n, "deep") end return (deep(n - 1)) end
local co = create(function(...) emit(...) emit(yield()) emit(yield(1)) emit(yield(1, 2, 3))
  emit(deep(4)) local a, b, c = yield("x") emit(a, b, c) yield() return "end" end)
for i = 1, 8 do tick() emit(resume(co, i, i * 2)) end emit(coroutine.status(co))
emit(wrap(function() return yield(1) end)()) emit(wrap(function() return pcall(yield, 1) end)())
local w = wrap(function() local ok, v = pcall(function() return (yield("in pcall")) end)
  emit(ok, v) for i in wrap(function() for i = 1, 3 do tick() yield(i) end end) do tick()
  emit(i) end return yield(setmetatable({}, { __index = function(_, k) return (yield(k))
  end }).key) end)
emit(w()) emit(w("given")) emit(w("value")) emit(w("last"))
local t = setmetatable({}, { __add = function(a, b)
  return (yield("add")) end, __concat = function()
  return (yield("concat")) end, __eq = function() return (yield("eq")) end })
local m = wrap(function() local s = t + 1 local c = t .. "x"
  local e = t == setmetatable({}, getmetatable(t)) return s, c, e end)
emit(m()) emit(m(10)) emit(m("c")) emit(m(false))
local s = create(function() table.sort({ 3, 1, 2 }, function() yield() end) end)
  emit(resume(s)) emit(pcall(yield))
local c = create(function() local a <close> = setmetatable({}, { __close = function()
  yield("closing") end }) yield("open") return "done" end)
emit(resume(c)) emit(resume(c)) emit(resume(c)) emit(resume(c))
local n = create(function() local inner = create(function() yield("inner") end)
  emit(resume(inner)) yield("outer") emit(resume(inner)) end)
emit(resume(n)) emit(resume(n)) emit(coroutine.status(n))
local many = create(function(...) while true do tick() yield(select("#", ...), ...) end
  end) emit(resume(many, 1, nil, 3, nil))
local hooked = create(function() for i = 1, 3 do tick() yield(i) end error("hooked", 0) end)
debug.sethook(hooked, function() end, "crl") for i = 1, 4 do emit(resume(hooked)) end
local total = 0 for v in wrap(function() for i = 1, 300 do tick() yield(i) end
  end) do total = total + v end emit(total)
`,
    log: `
1 2
true
2 4
true 1
3 6
true 1 2 3
4 8
true 0 "deep"
5
true "x"
6 12 nil
true
true "end"
false "cannot resume dead coroutine"
"dead"
1
1
"in pcall"
true "given"
1
2
3
"key"
"value"
"last"
"add"
"concat"
"eq"
10 "c" false
false "attempt to yield across a C-call boundary"
false "attempt to yield from outside a coroutine"
true "open"
true "closing"
true "done"
false "cannot resume dead coroutine"
true "inner"
true "outer"
true
true
"dead"
true 4 1 nil 3 nil
true 1
true 2
true 3
false "hooked"
45150
end
`,
  },
  {
    name: "hooks-from-finalizers",
    title: "a finalizer that runs while an error gets its position sets a hook",
    program: `
local long, hooked, caught = ("x"):rep(10000), 0, 0
local function hook() hooked = hooked + 1 end
local function fails() error(long) end
local finalizer = { __gc = function() debug.sethook(hook, "crl") end }
for i = 1, 300 do tick()
  setmetatable({}, finalizer)
  if not pcall(fails) then caught = caught + 1 end
  debug.sethook()
end
emit(caught, hooked > 0)
`,
    log: `
300 true
end
`,
  },
];
