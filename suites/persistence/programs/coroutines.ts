/** Programs that are suspended when they are saved: wherever Lua itself can yield. */
import type { SavedProgram } from "../saved-program.ts";

/** A program whose coroutine `co` is resumed by `step`, with a log of what it does. */
function suspended(
  parts: Pick<SavedProgram, "name" | "title" | "expected"> & {
    readonly body: string;
    readonly steps: number;
  },
): SavedProgram {
  const { name, title, expected, body, steps } = parts;
  return {
    name,
    title,
    before: `log = {} local yield = coroutine.yield
      local function put(...) log[#log + 1] = table.concat({...}, " ") end
      co = coroutine.create(function(...) ${body} end)
      function step(...) local ok, value = coroutine.resume(co, ...)
        if not ok then put("failed", tostring(value)) end return value end
      step("start")`,
    steps,
    after: `return coroutine.status(co), table.concat(log, "; ")`,
    expected,
  };
}

const closing = (name: string) =>
  `setmetatable({}, {__close = function(_, e) put("closing ${name}", tostring(e)) end})`;

/** Ways to return an open number of results, of which there are three. */
const openReturns = [
  ["arguments", "return ..."],
  ["call", "return table.unpack({...})"],
  ["function", "return (function(...) return ... end)(...)"],
] as const;

/** Code that fails in a C function which has begun a long string buffer. */
const deadBuffers = [
  ["gsub", 'string.gsub(("x"):rep(2000), "x", function() n = n + 1 assert(n < 1500, "boom") end)'],
  ["concat", 'local t = {} for i = 1, 500 do t[i] = "abcdefgh" end t[400] = {} table.concat(t)'],
] as const;

export const coroutinePrograms: readonly SavedProgram[] = [
  ...openReturns.map(([name, code]) =>
    suspended({
      name: `closing-return-${name}`,
      title: `A function that yields while it closes a variable returns all its results: ${name}`,
      body: `local function f(...)
          local a <close> = setmetatable({}, {__close = function() yield() yield() end})
          local b <close> = setmetatable({}, {__close = function() yield() end})
          ${code} end
        put(f(1, 2, 3))`,
      steps: 3,
      expected: ["dead", "1 2 3"],
    }),
  ),
  {
    name: "dead-in-return-hook",
    title: "A coroutine that failed in a hook while a function of it returned",
    before: `function f(...) local x <close> = nil return ... end
      co = coroutine.create(function()
        debug.sethook(function()
          if debug.getinfo(2, "f").func == f then error("hook", 0) end end, "r")
        f(1, 2, 3, 4, 5, 6, 7) end)
      failed = select(2, coroutine.resume(co))`,
    after: "return failed, coroutine.status(co), coroutine.close(co)",
    expected: ["hook", "dead", false, "hook"],
  },
  ...deadBuffers.map(([name, code]) => ({
    name: `dead-buffer-${name}`,
    title: `A coroutine that failed in ${name}, within a long string, is closed with its error`,
    before: `n = 0 co = coroutine.create(function()
        local x <close> = setmetatable({}, {__close = function(_, e) seen = e end}) ${code} end)
      expected = select(2, coroutine.resume(co))`,
    after: `local ok, e = coroutine.close(co)
      return ok, e == expected, seen == expected, (e:find("boom") or e:find("index 400")) ~= nil`,
    expected: [false, true, true, true],
  })),
  {
    name: "many-to-close",
    title: "Thousands of variables to close, with others between them, close from last to first",
    before: `closed, count = {}, 0
      function variable()
        count = count + 1
        local number = count
        return setmetatable({}, {__close = function() closed[#closed + 1] = number end})
      end
      f = load("local depth = ... " ..
        ("local v <close>, w, x <const> = variable(), 1, 2 "):rep(60) ..
        "if depth > 1 then f(depth - 1) else coroutine.yield() end")
      co = coroutine.create(f)
      coroutine.resume(co, 50)`,
    after: `local ok = coroutine.close(co)
      for i, number in ipairs(closed) do ok = ok and number == count - i + 1 end
      return ok, #closed, coroutine.status(co)`,
    expected: [true, 3000, "dead"],
  },
  suspended({
    name: "depth",
    title: "A coroutine 50 Lua calls deep, not by tail calls",
    body: `local function deep(n) local here = n
      if n == 0 then return yield() end local got = deep(n - 1) return got + here - here + 1 end
      put(deep(50))`,
    steps: 1,
    expected: ["dead", "51"],
  }),
  {
    name: "arguments",
    title: "Coroutines that wait in functions of each number of parameters and of arguments",
    before: `waiting = {}
      function begin(f, count)
        local co = coroutine.create(f) coroutine.resume(co, table.unpack({1, 2, 3}, 1, count))
        return co
      end
      for _, names in ipairs {"", "a", "a, b", "...", "a, ...", "a, b, ..."} do
        local f = load("return function(" .. names .. ") local x = coroutine.yield() return " ..
          (names == "" and "x" or names) .. " end")()
        for count = 0, 3 do
          waiting[#waiting + 1] = {f = f, count = count, co = begin(f, count)}
        end
      end`,
    after: `local function ending(co)
        local values = table.pack(coroutine.resume(co, "x"))
        for i = 1, values.n do values[i] = tostring(values[i]) end
        return table.concat(values, " ")
      end
      local same, last = 0
      for _, each in ipairs(waiting) do
        last = ending(begin(each.f, each.count))
        if ending(each.co) == last then same = same + 1 end
      end
      return same, last`,
    expected: [24, "true 1 2 3"],
  },
  suspended({
    name: "above-what-left",
    title: "Suspended where an earlier yield left something in a slot that nothing was put in yet",
    body: `T = setmetatable({}, {__add = function() return yield() end})
      yield() local u = T local v = u + 1 put(tostring(v))`,
    steps: 2,
    expected: ["dead", "2"],
  }),
  {
    name: "died-above-what-left",
    title: "A coroutine that an error ended where an earlier yield left something",
    before: `co = coroutine.create(function() coroutine.yield() local t return t + 1 end)
      coroutine.resume(co) first = coroutine.resume(co)`,
    after: "return first, coroutine.status(co)",
    expected: [false, "dead"],
  },
  suspended({
    name: "in-pcall",
    title: "Suspended inside pcall inside pcall: errors are still caught, each where it was",
    body: `put(tostring(pcall(function()
      local ok, e = pcall(function() yield() error("inner", 0) end)
      put(tostring(ok), e) yield() error("outer", 0) end))) put("after")`,
    steps: 2,
    expected: ["dead", "false inner; false; after"],
  }),
  suspended({
    name: "in-xpcall",
    title: "Suspended inside xpcall: the handler is called where the error is",
    body: `local function handler(m) return "handled " .. m .. " at " ..
        debug.getinfo(2, "n").name end
      put(select(2, xpcall(function(a) yield() error(a, 0) end, handler, "x")))`,
    steps: 1,
    expected: ["dead", "handled x at error"],
  }),
  suspended({
    name: "in-metamethods",
    title: "Suspended in metamethods: their results go where the operation has them",
    body: `local m = setmetatable({}, {__index = function(_, k) return yield() .. k end,
        __newindex = function(t, k, v) yield() rawset(t, k, v) end,
        __add = function() return yield() end, __lt = function() return yield() end,
        __le = function() return not yield() end, __eq = function() return yield() end,
        __concat = function() return "c" .. yield() end, __unm = function() return yield() end,
        __len = function() return yield() end, __call = function(_, ...) return yield(), ... end})
      put(m.key) m.set = "set" put(rawget(m, "set")) put(m + 1, 1 + m)
      put(tostring(m < 1), tostring(m <= 1), tostring(m == setmetatable({}, getmetatable(m))))
      put(m .. "x", "a" .. "b" .. m, -m, #m, m("p", "q"))
      if m < m then put("less") end`,
    steps: 13,
    expected: ["dead", "1key; set; 3 4; true false true; c8 ac9 10 11 12 p q; less"],
  }),
  suspended({
    name: "in-close",
    title: "Suspended in __close, and with variables still to be closed",
    body: `do local a <close> = ${closing("a")}
        local b <close> = setmetatable({}, {__close = function(_, e) put("b", yield()) end}) end
      local ok, e = pcall(function() local c <close> = ${closing("c")}
        local d <close> = setmetatable({}, {__close = function(_, e) put(e, yield()) end})
        error("failing", 0) end) put(tostring(ok), e)
      local r = (function() local f <close> = setmetatable({}, {__close = function() yield() end})
        return "returned" end)() put(r)
      yield() error("at the end", 0)`,
    steps: 4,
    expected: [
      "dead",
      "b 1; closing a nil; failing 2; closing c failing; false failing; returned; " +
        "failed at the end",
    ],
  }),
  suspended({
    name: "in-iterators",
    title: "Suspended in and around iterators: pairs, ipairs, gmatch, codes, wrap, __pairs",
    body: `for i, v in ipairs({"a", "b"}) do yield() put(i, v) end
      for w, at in ("one two"):gmatch("(%a+)()") do yield() put(w, at) end
      for at, c in utf8.codes("\\u{e9}x") do yield() put(at, c) end
      for v in coroutine.wrap(function() for i = 1, 2 do coroutine.yield(i * i) end end) do
        yield() put(v) end
      for k, v in pairs(setmetatable({}, {__pairs = function(t) yield()
        return function(_, k) yield() if not k then return "made", "up" end end, t end})) do
        put(k, v) end
      for i = 3, 1, -1 do yield() put(i) end for x = 1.0, 2.0, 0.5 do yield() put(x) end`,
    steps: 17,
    expected: [
      "dead",
      "1 a; 2 b; one 4; two 8; 1 233; 3 120; 1; 4; made up; 3; 2; 1; 1.0; 1.5; 2.0",
    ],
  }),
  suspended({
    name: "goto-loop",
    title: "A loop by goto, with a local that is new in each turn",
    body: `local n, functions = 0, {} ::top:: do local here = n functions[#functions + 1] =
      function() here = here + 1 return here end end n = n + 10 yield()
      if n < 40 then goto top end for _, f in ipairs(functions) do put(f(), f()) end`,
    steps: 4,
    expected: ["dead", "1 2; 11 12; 21 22; 31 32"],
  }),
  {
    name: "dead-registers",
    title: "What earlier calls left in the registers of a suspended frame does not hinder a save",
    before: `object = setmetatable({}, {__add = function() return coroutine.yield() end})
      local function at_depth(n, f) if n == 0 then f() else at_depth(n - 1, f) end end
      -- A frame with many registers, of which few are in use while it waits in __add.
      local function waits() local v = object + 1
        return v, 1 .. a .. b .. c .. d .. e .. f .. g .. h .. i .. j .. k .. l .. m .. n .. o end
      a, b, c, d, e, f, g, h = 2, 3, 4, 5, 6, 7, 8, 9
      i, j, k, l, m, n, o = 10, 11, 12, 13, 14, 15, 16
      list = {} for depth = 0, 6 do list[depth] = coroutine.wrap(function()
        at_depth(depth, function() local long, short = ("x"):rep(3000), ("x"):rep(3) end)
        return waits() end) list[depth]() end`,
    after: `local sum = 0 for depth = 0, 6 do local v, text = list[depth](depth)
        sum = sum + v * #text end return sum`,
    expected: [21 * 23],
  },
  {
    name: "wrap-in-wrap",
    title: "A wrap that waits for a wrap that waits: all of them go on",
    before: `local function generate(n) return coroutine.wrap(function()
        if n == 0 then for i = 1, 9 do coroutine.yield(i) end end
        for v in generate(n - 1) do coroutine.yield(v * 2) end end) end
      outer = coroutine.wrap(function() local inner = coroutine.wrap(function()
        local inmost = coroutine.wrap(function() for i = 1, 9 do coroutine.yield(i) end end)
        while true do coroutine.yield(inmost() * 10) end end)
        while true do coroutine.yield(inner() + 1) end end)
      first = outer()`,
    after: "return first, outer(), outer()",
    expected: [11, 21, 31],
  },
  {
    name: "open-upvalue",
    title: "A variable of a suspended coroutine, shared with closures outside and one another",
    before: `co = coroutine.wrap(function() local n, m = 1, 100
        coroutine.yield(function() n = n + 1 return n end, function() return n, m end)
        while true do n = n * 10 coroutine.yield(n) end end)
      increase, look = co()`,
    after: `local a = increase() local b = co() local c, m = look() local d = increase()
      return a, b, c, m, d, co(), (look())`,
    expected: [2, 20, 20, 100, 21, 210, 210],
  },
  {
    name: "dead-coroutines",
    title: "Dead coroutines: how each ended, and the traceback of the one that failed",
    before: `finished = coroutine.create(function() return 1 end) coroutine.resume(finished)
      failed = coroutine.create(function() local function inner() error("deep") end inner() end)
      coroutine.resume(failed)
      closed = coroutine.create(function() coroutine.yield() end)
      coroutine.resume(closed) coroutine.close(closed)
      fresh = coroutine.create(function(...) return ... end)`,
    after: `local s = coroutine.status
      return s(finished), s(failed), s(closed), s(fresh), select(2, coroutine.resume(finished)),
        debug.traceback(failed), select(2, coroutine.close(failed)),
        select(2, coroutine.resume(fresh, "begun"))`,
    expected: [
      "dead",
      "dead",
      "dead",
      "suspended",
      "cannot resume dead coroutine",
      "stack traceback:\n\t[C]: in function 'error'\n\teval:2: in local 'inner'\n\t" +
        "eval:2: in function <eval:2>",
      "eval:2: deep",
      "begun",
    ],
  },
  {
    name: "dead-in-close",
    title: "A coroutine that failed while its variables were closed",
    before: `co = coroutine.create(function()
        local c <close> = setmetatable({}, {__close = function() error({code = 7}) end}) end)
      ok, problem = coroutine.resume(co)`,
    after: "return ok, problem.code, coroutine.status(co), (coroutine.close(co))",
    expected: [false, 7, "dead", false],
  },
  {
    name: "hooks",
    title: "A hook on a coroutine, set by debug.sethook, is there and called on",
    before: `lines = 0 co = coroutine.create(function() coroutine.yield()
        local a = 1
        local b = 2
        return a + b end)
      debug.sethook(co, function(event, line) lines = lines + 1 end, "l")
      coroutine.resume(co)`,
    after: `local before = lines local _, mask = debug.gethook(co) coroutine.resume(co)
      return mask, lines - before`,
    expected: ["l", 3],
  },
];
