/** Coroutines on whose stacks calls left what no script is given, or that failed within a call. */
import type { SavedProgram } from "../saved-program.ts";

/** Calls of C functions that leave something of their own above their results. */
const calls = [
  ["gmatch", 'local word = (("secret"):rep(50) .. #_VERSION):gmatch("%a+")()'],
  ["open", 'local file = io.open("config.txt")'],
  ["lines", 'local ok = pcall(io.lines, "config.txt")'],
  ["buffer", 'local ok = pcall(table.concat, {("x"):rep(3000), {}})'],
  ["handle", 'local ok = pcall(ext.table, ("n"):rep(300))'],
  ["encoded", "listen({n = {}})"],
  ["refused", "local ok = pcall(listen, {1, {2, io.stdout}})"],
] as const;

/** The same of calls that fail. */
const failedCalls = [
  ["gmatch", 'local word = (("secret"):rep(50) .. #_VERSION):gmatch("(")()'],
  ["lines", 'io.lines("config.txt")'],
  ["handle", 'ext.table(("n"):rep(300))'],
  ["refused", "listen({1, {2, io.stdout}})"],
  ["stored", "_home.k = {1, {coroutine.create(print)}}"],
] as const;

const surroundings: Pick<SavedProgram, "options" | "prepare"> = {
  options: { quota: { maxNameBytes: 200 } },
  prepare: (core) => core.register("listen", () => undefined),
};

/** Lua code that takes the memory of what the collector freed. */
const reuse = `collectgarbage() collectgarbage() kept = {}
  for i = 1, 900 do kept[i] = ("\\5"):rep(40 + i % 400) .. i end`;

/** An expression whose function has many places on the stack, above those that are in use. */
const sum = "a + b * (c + d * (e + a * (b + c * (d + e))))";

/** Why a coroutine failed: in a call that had not begun, or for which there was no room. */
const failures = [
  ["nil", "missing()", "attempt to call a nil value"],
  ["method", 'local text = "x" text:missing()', "attempt to call a nil value"],
  ["overflow", "local function f() return 1 + f() end f()", "stack overflow"],
  ["operator", "local t = {} a = a .. t", "attempt to concatenate"],
  ["iterator", "for i in 5 do end", "attempt to call a number value"],
] as const;

export const leftoverPrograms: readonly SavedProgram[] = [
  ...calls.map(([name, code]) => ({
    name: `left-by-${name}`,
    title: `What a call left on a coroutine's stack is not saved where a metamethod waits: ${code}`,
    before: `t = setmetatable({}, {__index = function() return coroutine.yield(1) end})
      co = coroutine.wrap(function() ${code} local v = t.field
        local a, b, c, d, e = 1, 2, 3, 4, 5 return v + ${sum} end)
      co() ${reuse}`,
    after: "return co(1000)",
    expected: [1279],
    ...surroundings,
  })),
  ...failedCalls.map(([name, code]) => ({
    name: `left-by-failed-${name}`,
    title: `What a call that failed left on a coroutine's stack is not saved: ${code}`,
    before: `co = coroutine.create(function() ${code} end)
      failed = select(2, coroutine.resume(co)) ${reuse}`,
    after: `local ok, e = coroutine.close(co) return type(failed), ok, e == failed`,
    expected: ["string", false, true],
    ...surroundings,
  })),
  ...failures.map(([name, code, message]) => ({
    name: `failed-in-call-${name}`,
    title: `A coroutine that failed in a call has its error, its places and its variables: ${code}`,
    before: `co = coroutine.create(function(...)
        local first = ... ${code} local a, b, c, d, e = 1, 2, 3, 4, 5 return ${sum} end)
      failed = select(2, coroutine.resume(co, 6, 7))
      told = debug.traceback(co)`,
    after: `local value
      for level = 0, math.huge do
        if not debug.getinfo(co, level) then break end
        local name, found = debug.getlocal(co, level, 1)
        if name == "first" then value = found end
      end
      return failed:find("${message}") ~= nil, debug.traceback(co) == told, value,
        (coroutine.close(co))`,
    expected: [true, true, 6, false],
  })),
  {
    name: "failed-with-nil-to-close",
    title:
      "A variable to close that was set to nil is an error once it is closed, here and elsewhere",
    before: `co = coroutine.create(function()
        local x <close> = setmetatable({}, {__close = function() end})
        debug.setlocal(1, 1, nil) error("failed", 0) end)
      coroutine.resume(co)`,
    after: "local ok, e = coroutine.close(co) return ok, e:find('call a nil value') ~= nil",
    expected: [false, true],
  },
  {
    name: "failed-at-the-stacks-end",
    title: "Coroutines that failed where the stack had no room for a message, at each size of it",
    before: `list, told = {}, {}
      local function add(f, ...)
        list[#list + 1] = coroutine.create(f)
        coroutine.resume(list[#list], ...)
        told[#list] = debug.traceback(list[#list]) end
      for n = 1, 195, 6 do
        local locals = {} for i = 1, n do locals[i] = ("local v%d = %d "):format(i, i) end
        add(load(table.concat(locals) .. "local config return config.name")) end
      for n = 20, 400, 20 do
        add(function() return utf8.codepoint(("a"):rep(n) .. "\\xff", 1, n + 1) end) end
      for n = 1, 250, 12 do
        local arguments = {} for i = 1, n do arguments[i] = i end
        add(function() return error("n", 0, table.unpack(arguments)) end)
        add(function() local missing missing(table.unpack(arguments)) end) end`,
    after: `local count = 0
      for i, co in ipairs(list) do
        local same = debug.traceback(co) == told[i]
        local ok, e = coroutine.close(co)
        if same and not ok and type(e) == "string" then count = count + 1 end end
      return count == #list, count`,
    expected: [true, 95],
  },
  {
    name: "failed-before-varargs",
    title: "Coroutines without room for their arguments, at each number of them",
    before: `local arguments = {} for i = 1, 14990 do arguments[i] = i end
      f = load("local a, b = ... local c" .. (", c"):rep(30) .. " return 1 + a")
      function begin(n) f(table.unpack(arguments, 1, n)) end
      local least, most = 1, 14990
      while most - least > 1 do
        local middle = (least + most) // 2
        co = coroutine.create(begin)
        if coroutine.resume(co, middle) then least = middle else most = middle end
      end
      co = coroutine.create(begin)
      failed = select(2, coroutine.resume(co, most)) collectgarbage()`,
    after: `local name, value = debug.getlocal(co, 0, -1)
      return failed:find("stack overflow") ~= nil, name, coroutine.close(co) == false`,
    expected: [true, undefined, true],
  },
];
