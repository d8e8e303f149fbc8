/** Programs on coroutines: values both ways, errors, closing, yields from everywhere. */
import type { LanguageProgram } from "../language-program.ts";

export const coroutinesPrograms: readonly LanguageProgram[] = [
  {
    name: "resume-and-yield",
    title: "values pass both ways, and the status follows",
    program: `
local co co = coroutine.create(function(a, b) emit("start", a, b, coroutine.status(co))
  local c = coroutine.yield(a + b) emit("got", c) local d, e = coroutine.yield()
  emit(d, e) return "done", nil end)
emit(coroutine.status(co), coroutine.resume(co, 1, 2)) emit(coroutine.resume(co, "x"))
  emit(coroutine.status(co), coroutine.resume(co, 3, 4))
  emit(coroutine.status(co), coroutine.resume(co))
local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
  emit(gen(), gen(), gen(), gen()) try(gen)
for v in coroutine.wrap(function() coroutine.yield("a") coroutine.yield("b") end) do emit(v) end
emit(coroutine.isyieldable(), select(2, coroutine.running())) try(coroutine.yield, 1)
  try(coroutine.resume, 1) try(coroutine.create, 1)
local outer outer = coroutine.wrap(function() local inner = coroutine.wrap(function()
  emit(coroutine.status(coroutine.running())) coroutine.yield("in") end)
    coroutine.yield(inner()) inner() return "out" end)
  emit(outer(), outer())
`,
    log: `
"start" 1 2 "running"
"suspended" true 3
"got" "x"
true
3 4
"suspended" true "done" nil
"dead" false "cannot resume dead coroutine"
1 2 3
false "cannot resume dead coroutine"
"a"
"b"
false true
false "attempt to yield from outside a coroutine"
false "bad argument #1 to 'coroutine.resume' (thread expected, got number)"
false "bad argument #1 to 'coroutine.create' (function expected, got number)"
"running"
"in" "out"
end
`,
  },
  {
    name: "yields-everywhere",
    title: "a yield crosses pcall, metamethods, iterators and closing, but no C callback",
    program: `
local co = coroutine.wrap(function()
  emit(pcall(function() emit(coroutine.yield("in pcall")) error("after") end))
  emit(setmetatable({}, { __add = function(a, b) return coroutine.yield("add") + b end }) + 5)
  emit(setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end }).key)
  emit(setmetatable({}, { __lt = function() return coroutine.yield("lt") end }) < {})
  emit(setmetatable({}, { __concat = function() return coroutine.yield("concat") end }) .. "x")
  for k in function(_, k) return coroutine.yield("iterator") end do emit(k) end
  do
    local function closing() emit("closing", coroutine.yield("close")) end
    local c <close> = setmetatable({}, { __close = closing })
  end
  local function failing() coroutine.yield("in xpcall") error("handled") end
  emit(xpcall(failing, function(m) return "<" .. m .. ">" end))
  emit(pcall(table.sort, {2, 1}, function() coroutine.yield() end))
  emit(pcall(string.gsub, "x", "x", function() coroutine.yield() end))
  emit(select("#", coroutine.yield("last"))) return "end"
end)
local sent = { "start", "a", 10, "value", true, "joined", nil, "shut", "x", "y" }
  for i = 1, 10 do emit("out", co(sent[i])) end
`,
    log: `
"out" "in pcall"
"a"
false "p:2: after"
"out" "add"
15
"out" "key"
"value"
"out" "lt"
true
"out" "concat"
"joined"
"out" "iterator"
"out" "close"
"closing" "shut"
"out" "in xpcall"
false "<p:12: handled>"
false "attempt to yield across a C-call boundary"
false "attempt to yield across a C-call boundary"
"out" "last"
1
"out" "end"
end
`,
  },
  {
    name: "errors-and-close",
    title: "an error ends a coroutine, close closes what is pending",
    program: `
local co = coroutine.create(function() local x <close> =
  setmetatable({}, { __close = function(_, e)
  emit("closed", e) end }) coroutine.yield(1) error({ code = 7 }) end)
emit(coroutine.resume(co)) emit(coroutine.resume(co))
  emit(coroutine.status(co), coroutine.resume(co)) emit(coroutine.close(co))
co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function(_, e)
  emit("pending", e) error("in close", 0) end }) coroutine.yield() end) coroutine.resume(co)
emit(coroutine.close(co)) emit(coroutine.status(co), coroutine.close(co))
  emit(coroutine.close(coroutine.create(print)))
try(coroutine.wrap(function() error("wrapped") end))
  try(coroutine.wrap(function() error({}) end)) try(coroutine.close, coroutine.running())
co = coroutine.wrap(function() return pcall(co) end) emit(co())
co = coroutine.create(function() local function deep() error("deep") end deep() end)
  emit(coroutine.resume(co)) emit((debug.traceback(co, "trace")))
`,
    log: String.raw`
true 1
false {["code"]=7}
"dead" false "cannot resume dead coroutine"
"closed" {["code"]=7}
false {["code"]=7}
"pending" nil
false "in close"
"dead" true
true
false "p:10: wrapped"
false {}
false "cannot close a running coroutine"
false "cannot resume non-suspended coroutine"
false "p:13: deep"
"trace\
stack traceback:\
\9[C]: in function 'error'\
\9p:13: in local 'deep'\
\9p:13: in function <p:13>"
end
`,
  },
];
