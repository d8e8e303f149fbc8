/** Functions and objects in external tables: stored by value, read as a copy each time. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaGraph } from "../../runtime/value/values.ts";

export const storedFunctions = [
  defineCase({
    id: "hosts/stored-function",
    title:
      "A function is stored with its upvalues; each read is a fresh copy, a counter of its own",
    run: async ({ load }) => {
      const core = await load();
      const code = `local n = 0
        _home.count = function() n = n + 1 return n end
        local count = _home.count
        return count(), count(), _home.count(), n, count == _home.count`;
      succeeds(core.compute(code), [1, 2, 1, 0, false], "counters");
      const varargs = `_home.pack = function(...) return select("#", ...), ... end
        return _home.pack(1, nil, 3)`;
      succeeds(core.compute(varargs), [3, 1, undefined, 3], "varargs");
      succeeds(core.compute("_home.pack = nil return _home.pack"), [undefined], "deleted");
    },
  }),
  defineCase({
    id: "hosts/stored-shared-upvalues",
    title: "Functions of one value share their upvalues; open ones are stored with what they hold",
    run: async ({ load }) => {
      const core = await load();
      const code = `local n = 5
        local function inc() n = n + 1 return n end
        _home.pair = {inc = inc, get = function() return n end}
        n = 100
        local first, second = _home.pair, _home.pair
        first.inc() first.inc()
        return first.get(), second.get(), n`;
      succeeds(core.compute(code), [7, 5, 100], "the pair");
      const running = `local co = coroutine.wrap(function(x)
          _home.reader = function() x = x + 1 return x end
          coroutine.yield()
        end)
        co(41)
        return _home.reader()`;
      succeeds(core.compute(running), [42], "a variable of a suspended coroutine");
    },
  }),
  defineCase({
    id: "hosts/stored-recursion",
    title: "Functions that call themselves and each other, and one with its own _ENV",
    run: async ({ load }) => {
      const core = await load();
      const code = `local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
        local even, odd
        function even(n) if n == 0 then return true end return odd(n - 1) end
        function odd(n) if n == 0 then return false end return even(n - 1) end
        _home.fib, _home.even = fib, even
        return _home.fib(15), _home.even(10), _home.even(7)`;
      succeeds(core.compute(code), [610, true, false], "recursion");
      const own = `local box = {}
        do local _ENV = {x = 1, box = box} function box.f() x = x + 1 return x end end
        _home.f, x = box.f, 50
        local f = _home.f
        return f(), f(), _home.f(), x`;
      succeeds(core.compute(own), [2, 3, 2, 50], "an environment of its own");
    },
  }),
  defineCase({
    id: "hosts/stored-objects",
    title: "Objects keep their metatables, inheritance, cycles and shared parts",
    run: async ({ load }) => {
      const core = await load();
      const code = `local Animal = {} Animal.__index = Animal
        function Animal:speak() return self.name .. self.sound end
        local Dog = setmetatable({sound = "!"}, {__index = Animal}) Dog.__index = Dog
        Dog.__eq = function(a, b) return a.name == b.name end
        local rex = setmetatable({name = "Rex", 10, 20, 30, [1.5] = "f", [true] = "t"}, Dog)
        rex.self, rex.friend = rex, setmetatable({name = "Tom"}, Dog)
        rex[rex.friend] = "friend"
        _home.rex = rex
        local copy = _home.rex
        return copy:speak(), copy.friend:speak(), copy == rex, rawequal(copy, rex),
          copy.self == copy, copy[copy.friend], #copy, copy[3], copy[1.5], copy[true],
          getmetatable(copy) == getmetatable(copy.friend)`;
      const expected = ["Rex!", "Tom!", true, false, true, "friend", 3, 30, "f", "t", true];
      succeeds(core.compute(code), expected, "objects");
      const weak = `local key = {}
        _home.weak = setmetatable({[key] = 1}, {__mode = "k"})
        local copy = _home.weak
        collectgarbage()
        return next(copy), getmetatable(copy).__mode`;
      succeeds(core.compute(weak), [undefined, "k"], "a weak table");
      const finalizer = `_home.last = setmetatable({}, {__gc = function() ran = true end})
        do local copy = _home.last end
        collectgarbage() collectgarbage()
        local first = ran
        ran = nil
        do local again = _home.last end
        collectgarbage() collectgarbage()
        return first, ran`;
      succeeds(core.compute(finalizer), [true, undefined], "a copy has no finalizer");
    },
  }),
  defineCase({
    id: "hosts/stored-named",
    title: "The globals, libraries, modules and external tables in a value are those of its reader",
    run: async ({ load }) => {
      const modules = new Map([["shop", "local m = {} function m.open() return m end return m"]]);
      const core = await load({ modules });
      const code = `local shop, t = require("shop"), ext.table()
        t.deep = "here"
        _home.f = function() return string, _G, shop, t, _home, _ENV end
        _home.library, _home.globals, _home.print = {string}, _G, print
        local s, g, m, u, h, e = _home.f()
        return s == string, g == _G, m == shop and m.open() == shop, u == t, h == _home, e == _G,
          _home.library[1] == string, _home.globals == _G, _home.print == print`;
      succeeds(
        core.compute(code),
        Array.from({ length: 9 }, () => true),
        "identities",
      );
      core.register("double", (value) => Number(value) * 2);
      succeeds(core.compute("_home.d = {double} return _home.d[1](21)"), [42], "a host function");
      succeeds(core.compute("package.loaded.shop = nil"), [], "the module is forgotten");
      const { error } = fails(core.compute("return _home.f()"), "RUNTIME_FAILED", "afterwards");
      matches(error, /there is no module 'shop' here/, "the message");
      succeeds(core.compute(`require("shop") return type(_home.f())`), ["table"], "loaded again");
    },
  }),
  defineCase({
    id: "hosts/stored-refused",
    title: "What can't be stored is a Lua error that names it, and the entry is as it was",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("_home.x = 1"), [], "an entry");
      const refused = [
        ["coroutine.create(print)", /a coroutine cannot be stored/],
        ["{coroutine.wrap(print)}", /a coroutine cannot be stored/],
        ["io.stdout", /a file cannot be stored/],
        ["{f = function() return 1 end, io.stdout}", /a file cannot be stored/],
        ["string.gmatch('a', 'b')", /gmatch/],
        ["math.random", /math\.random/],
        ["(pairs(_home))", /loop over an ext\.table/],
        ["setmetatable({}, {__persist = false})", /__persist/],
        ["{{setmetatable({}, {__persist = function() end})}}", /__persist/],
        ["debug.upvalueid(function() return _home end, 1)", /light userdata/],
      ] as const;
      for (const [value, message] of refused) {
        const { error } = fails(core.compute(`_home.x = ${value}`), "RUNTIME_FAILED", value);
        matches(error, message, value);
      }
      equal(core.tables.home.get("x"), 1, "the entry");
      const caught =
        "local ok, m = pcall(function() _home.x = coroutine.running() end) return ok, m";
      const [ok, message] = succeeded(core.compute(caught), "caught").values;
      equal(ok, false, "pcall");
      matches(message, /^eval:1: a coroutine cannot be stored$/, "where it was raised");
      succeeds(
        core.compute("_home.x = setmetatable({7}, {__persist = true}) return _home.x[1]"),
        [7],
        "true",
      );
      matches(
        fails(core.compute("return print"), "BAD_VALUE", "a result").error,
        /function/,
        "a result",
      );
      fails(core.compute("_home[print] = 1"), "RUNTIME_FAILED", "a key");
    },
  }),
  defineCase({
    id: "hosts/stored-iteration",
    title: "Loops and ext_table.get read stored functions; values around them are untouched",
    run: async ({ load }) => {
      const core = await load();
      const code = `local n = 3
        _home.a = 1 _home.f = function() return n end _home.b = {2}
        _home.o = setmetatable({}, {__index = {v = 4}})
        local seen = {}
        for k, v in pairs(_home) do
          seen[#seen + 1] = k .. "=" .. tostring(type(v) == "function" and v() or
            type(v) == "table" and (v.v or v[1]) or v)
        end
        return table.concat(seen, " "), ext_table.get(1, "f")()`;
      succeeds(core.compute(code), ["a=1 f=3 b=2 o=4", 3], "a loop");
    },
  }),
  defineCase({
    id: "hosts/stored-javascript",
    title: "JavaScript sees such a value as a LuaGraph, reads it, and sets it into another table",
    run: async ({ load }) => {
      const core = await load();
      const code = `local inner = ext.table()
        inner.x = 7
        local n = 5
        _home.f = function() n = n + inner.x return n end`;
      succeeds(core.compute(code), [], "stored");
      const graph = core.tables.home.get("f");
      isTrue(graph instanceof LuaGraph, "a LuaGraph");
      equal(graph.functionCount, 1, "functions in it");
      matches(
        String(graph),
        /value = function <eval:4> \{upvalues n=5, inner=external table 2/,
        "text",
      );
      const other = core.tables.named("other").set("g", graph).set("h", graph);
      equal(other.get("g"), graph, "unchanged");
      succeeds(core.compute("return ext.table('other').g()"), [12], "called from another table");
      core.compute("_home.f = nil");
      core.runGc();
      core.runGc();
      core.tables.collect();
      succeeds(core.compute("return ext.table('other').h()"), [12], "its table is kept alive");
      other.clear();
      core.runGc();
      core.runGc();
      core.tables.collect();
      equal(core.tables.get(2), undefined, "and goes with it");
    },
  }),
  defineCase({
    id: "hosts/stored-quota",
    title: "A stored function counts its bytes towards the quota",
    run: async ({ load }) => {
      const core = await load({ quota: { maxBytes: 2000 } });
      const code = "_home.f = function() return 1 end return _home.f()";
      succeeds(core.compute(code), [1], "within the quota");
      const { used } = core.tables;
      isTrue(used.bytes > 100 && used.bytes < 2000, `${used.bytes} bytes in use`);
      const large = "local s = ('x'):rep(2000) _home.g = function() return s end";
      const { error } = fails(core.compute(large), "RUNTIME_FAILED", "beyond the quota");
      matches(error, /quota exceeded/, "the message");
      equal(core.tables.used, used, "in use afterwards");
    },
  }),
  defineCase({
    id: "hosts/stored-10000-times",
    title: "10,000 stores and reads leave nothing behind",
    run: async ({ load }) => {
      const core = await load();
      const code = `local Class = {} Class.__index = Class function Class:get() return self.n end
        for i = 1, 5000 do
          _home.f = function() return i end
          _home.o = setmetatable({n = i, t = _home}, Class)
          if _home.f() ~= i or _home.o:get() ~= i or _home.o.t ~= _home then error(i) end
        end`;
      succeeds(core.compute("_home.f, _home.o = print, _home"), [], "entries");
      succeeds(core.compute(code), [], "once, for what stays");
      core.runGc();
      core.runGc();
      const before = core.memoryStats().heapUsedBytes;
      succeeds(core.compute(code), [], "10,000 stores and reads");
      core.runGc();
      core.runGc();
      const grownBytes = core.memoryStats().heapUsedBytes - before;
      isTrue(grownBytes <= 256, `${grownBytes} bytes more are in use`);
      return { grownBytes };
    },
  }),
];
