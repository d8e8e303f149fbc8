/** The scenarios of the sweep: all the ways in which the core and Lua allocate. */
import type { RawCore } from "../raw-core.ts";
import type { Scenario } from "./sweep.ts";

const evals = (...codes: readonly string[]) =>
  codes.map((code) => (raw: RawCore) => raw.compute(code));

/** Functions, constants and locals of all kinds: compiling them takes many blocks. */
const longCode = Array.from(
  { length: 12 },
  (_, i) => `local function f${i}(a, b, ...)
    local t = {x${i} = "constant ${i}", ${i}.5, [a] = b, ...}
    for k, v in pairs(t) do if k == ${1000 + i} then goto done end end
    ::done::
    return function() return t, a, f${i} end
  end`,
).join("\n");

const moduleText = `local m = {} for i = 1, 5 do m["key" .. i] = {i} end
  function m.sum() local s = 0 for i = 1, 5 do s = s + m["key" .. i][1] end return s end
  return m`;

export const scenarios: readonly Scenario[] = [
  {
    name: "compile",
    title: "code is compiled",
    steps: evals(`${longCode}\nreturn type(f11(1, 2)), select("#", f3(1, 2)())`),
  },
  {
    name: "tables",
    title: "tables grow in both parts, are nested, sorted, moved, packed and unpacked",
    steps: evals(`local t = {}
      for i = 1, 70 do t[i] = {i, k = {i}} t["k" .. i] = -i end
      table.sort(t, function(a, b) return a[1] > b[1] end)
      local u = table.move(t, 1, 60, 10, {})
      local p = table.pack(table.unpack(t, 1, 60))
      return t[1][1], u[10].k[1], p.n, #t`),
  },
  {
    name: "strings",
    title: "strings are joined, repeated, replaced, formatted and packed in growing buffers",
    steps: evals(`local s = ""
      for i = 1, 30 do s = s .. i .. ("x"):rep(i) end
      local g = (s:rep(9)):gsub("%d+", function(d) return "<" .. d .. ">" end)
      local f = ("%q %-90s %a %.14g"):format(s, s:upper(), 0.1, 1 / 3)
      local p = string.pack("s4z", g, f)
      local l = {}
      for w in g:gmatch("<%d>") do l[#l + 1] = w:reverse() end
      return #s, #g, #f, #p, table.concat(l, ","), utf8.char(228, 8364, 128512)`),
  },
  {
    name: "coroutines",
    title: "coroutines are made, switched, wrapped, closed with variables to close, and dropped",
    steps: evals(`local closed = 0
      local function body(n)
        local c <close> = setmetatable({}, {__close = function() closed = closed + 1 end})
        for i = 1, n do coroutine.yield(i, ("y"):rep(i)) end
        return "end"
      end
      local sum = 0
      for n = 1, 6 do
        local co = coroutine.create(body)
        for i = 1, n do local _, v = coroutine.resume(co, n) sum = sum + (tonumber(v) or 100) end
        assert(coroutine.close(co))
      end
      local deep = coroutine.wrap(function() return coroutine.wrap(function()
        local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
        return f(150)
      end)() end)
      return sum, closed, deep()`),
  },
  {
    name: "dump-and-load",
    title: "functions are dumped, loaded from bytecode and from text piece by piece",
    options: { bytecode: "trusted" },
    steps: evals(`local function f(a)
        local t = {a, "constant", 2.5}
        return function() return t[2] end
      end
      local g = assert(load(string.dump(f, true), "dumped", "b"))
      local pieces, i = {"return ", "{'a', ", "'b'}, ", "...", " + 1"}, 0
      local h = assert(load(function() i = i + 1 return pieces[i] end))
      return g(1)(), h(1)[2], select(2, h(41))`),
  },
  {
    name: "finalizers",
    title: "finalizers allocate, fail and bring objects back while memory is short",
    steps: evals(`local kept, runs = {}, 0
      for i = 1, 12 do
        setmetatable({i}, {__gc = function(o)
          runs = runs + 1
          kept[#kept + 1] = {o, ("g"):rep(i * 10)}
          if i % 3 == 0 then error("in gc " .. i) end
        end})
      end
      collectgarbage() collectgarbage()
      return runs > 0 and #kept <= 12`),
    catchesErrors: true,
  },
  {
    name: "external-tables",
    // The room that the table of handles has depends on the ids in it.
    slackBytes: 64,
    title: "external tables are opened, filled by value, read, iterated, deleted and dropped",
    steps: evals(`local t, named = ext.table(), ext.table("named")
      for i = 1, 10 do t[i] = {i, tostring(i)} t["k" .. i] = ("v"):rep(i * 30) end
      t.other = named
      local n, l = 0, 0
      for k, v in pairs(t) do n = n + 1 l = l + #tostring(k) end
      for i = 1, 10 do t[i] = nil end
      local id = ext.id(t)
      ext_table.set(id, "deep", {{{1}}})
      return n, l, #t, ext_table.get(id, "deep")[1][1][1], ext.id(t.other) == ext.id(named)`),
  },
  {
    name: "errors",
    title: "errors of all kinds are raised, caught, handled with tracebacks, and reported",
    options: { traceback: true },
    steps: [
      (raw) =>
        raw.compute(`local n = 0
        for i = 1, 5 do
          if not pcall(error, {i, "object"}) then n = n + 1 end
          if not pcall(function() local x = nil + i end) then n = n + 1 end
          if not xpcall(function() error("m" .. i) end, debug.traceback) then n = n + 1 end
          if not pcall(string.rep) then n = n + 1 end
        end
        return n`),
      // Raised to the host: the traceback is written then.
      (raw) => {
        const code = "local function f(n) if n == 0 then error('up') end f(n - 1) end f(9)";
        const answer = raw.compute(code);
        return answer === "RUNTIME_FAILED" ? 0 : answer;
      },
    ],
    catchesErrors: true,
  },
  {
    name: "host-functions",
    title: "functions of the host take and give values, and throw",
    prepare: (raw) => {
      raw.register("double", (value) =>
        Array.isArray(value) ? value : `${String(value)}${String(value)}`,
      );
      raw.register("throwing", () => {
        throw new Error("of the host");
      });
    },
    steps: evals(`local s = "x"
      for i = 1, 13 do s = double(s) end
      local t = double({1, {2, "three"}, x = {y = {}}}) 
      local ok, m = pcall(throwing, s)
      return #s, type(t), ok`),
  },
  {
    name: "stored-functions",
    title: "functions and objects are stored in external tables, large ones too",
    steps: evals(`local Class = {} Class.__index = Class
      function Class:get() return self.n end
      local o = setmetatable({n = 5, t = _home, string, [1.5] = {}}, Class)
      o.list, o.text = {}, ("long"):rep(2000)
      for i = 1, 40 do o.list[i] = {i, "key " .. i} end
      _home.o, _home.f = o, function() return o.n end
      return o:get()`),
    cleanup: (raw) => raw.compute("_home.o, _home.f = nil"),
  },
  {
    name: "stored-functions-read",
    title: "functions and objects are read from external tables, by key and in a loop",
    prepare: (raw) => {
      raw.compute(`local Class = {} Class.__index = Class
        function Class:get() return self.n end
        local t, o = ext.table(), setmetatable({n = 5, string, [1.5] = {}}, Class)
        o.t, o.text = t, ("long"):rep(2000)
        for i = 1, 20 do o[i] = {i, "key " .. i} end
        ext.table("stored").o = o
        ext.table("stored").f = function() return o.n end`);
    },
    steps: evals(`local sum = 0
      for _, v in pairs(ext.table("stored")) do
        sum = sum + (type(v) == "table" and v:get() or v())
      end
      return sum + ext.table("stored").o:get()`),
  },
  {
    name: "results",
    title: "results go out by value, in the frame and past it, by compute and by call",
    prepare: (raw) => {
      raw.compute("function give(a, b) return {a, {b, [a] = 'v'}, ('z'):rep(5000)}, a end");
    },
    steps: [
      (raw) =>
        raw.compute(`local t = {} for i = 1, 40 do t[i] = {i, "s" .. i, k = i / 2} end
        return t, ("r"):rep(70000), 1.5, true`),
      (raw) => raw.call("give", "name", [1, 2, "three"]),
    ],
  },
  {
    name: "register",
    title: "host functions are registered on paths, whose tables are made, and removed",
    steps: [
      (raw) => raw.register("app.tools.save", () => 5),
      (raw) => raw.register("plain", () => 6),
      (raw) => raw.compute("return app.tools.save() + plain()"),
    ],
    cleanup: (raw) => raw.compute("app, plain = nil"),
  },
  {
    name: "require",
    title: "modules come from the host, run, and are forgotten",
    host: { modules: (name) => (name.startsWith("m") ? moduleText : undefined) },
    steps: evals(`local sum = require("m1").sum() + require("m2").sum()
      local found = pcall(require, "other")
      return sum, found`),
    cleanup: (raw) => raw.compute("package.loaded.m1, package.loaded.m2 = nil"),
  },
  {
    name: "output",
    title: "print and io.write, dates and numbers to text, with much output",
    steps: evals(`for i = 1, 40 do print(i, i / 3, {} ~= nil, ("o"):rep(50)) end
      io.write(("w"):rep(3000), 1.5, 7)
      return os.date("!%Y-%m-%d %H:%M:%S", 0), tostring(1e100), ("%d"):format(2^53)`),
  },
  {
    name: "long-code",
    title: "code longer than the buffer is pulled from the host",
    steps: [
      (raw) => {
        const items = `"item", `.repeat(9_000);
        const code = new TextEncoder().encode(`local t = {\n${items}}\nreturn #t`);
        raw.host.environment.modules.provideCode(code);
        return raw.status(raw.guest.compute(0, code.length));
      },
    ],
  },
  {
    name: "collections",
    title: "collections by run_gc and in generational mode, with weak tables and ephemerons",
    steps: [
      (raw) =>
        raw.compute(`collectgarbage("generational")
        local weak, keys = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"})
        for i = 1, 60 do local o = {i} weak[i] = o keys[o] = {o} end
        collectgarbage("step") collectgarbage()
        collectgarbage("incremental")
        return next(weak) == nil`),
      (raw) => raw.status(raw.guest.runGc()),
      (raw) => raw.compute("return 'done'"),
    ],
  },
];
