/** The states that are damaged: one of each kind of object between them, and nothing that runs. */

import { isTrue, succeeded } from "../../harness/suite/check.ts";
import type { Core } from "../../runtime/core/core.ts";
import { readContainer } from "../../runtime/snapshot/container.ts";
import { type Load, saved } from "../persistence/saved-program.ts";

/**
 * Restoring, collecting and closing them calls no Lua function: damaged bytecode is loaded and
 * collected, and never runs. So none has a finalizer, a hook or a rebuilt object.
 */
export interface ReferenceState {
  readonly name: string;
  readonly title: string;
  readonly code: string;
}

/** Most of the libraries, which take most of a snapshot, are the same in each. */
const slim = `for _, name in ipairs({"debug", "os", "utf8", "io", "math", "package"}) do
  if name ~= "package" then package.loaded[name] = nil end _G[name] = nil end`;

export const referenceStates: readonly ReferenceState[] = [
  {
    name: "data",
    title: "tables with cycles, all keys, weak ones, and numbers and strings of all kinds",
    code: `t = {1, 2.5, "three", true, nil, -0.0, [0.5] = "f", [-7] = math.mininteger, x = {}}
      t.self = t
      t[t], t.x[print], t.x[1/0] = t, string.len, ("long "):rep(20)
      w = setmetatable({}, {__mode = "k"})
      w[t], w[{}] = 1, 2 holes = {1, nil, nil, 4} for i = 1, 9 do t["k" .. i] = i end
      t.k3, t.k4 = nil
      setmetatable(t, {__index = string, __name = "T"}) random = math.random math.randomseed(1)`,
  },
  {
    name: "functions",
    title: "closures that share variables, recursive and vararg ones, constants, nested functions",
    code: `do local n, s = 0, "constant" function put(v) n = v return s end
        function get() return n, put end end
      function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
      function nested(a, b, ...) local c = select("#", ...) return function(x)
        return function() for i = 1, c do a = a .. i + 1.5 end return a, b, x, c end end end
      held = nested("a", 2, 3, 4)(5) environment = load("return x", "=chunk", "t", {x = 1})`,
  },
  {
    name: "coroutines",
    title: "suspended, nested, failed and finished coroutines, with open variables",
    code: `co = coroutine.wrap(function(...) local k <close> = setmetatable({}, {__close = print})
        local n = 1 up = function() n = n + 1 return n end
        for i = 1, 5 do pcall(function(...) coroutine.yield(i, n, ...) end, ...) end end)
      co(1, 2, 3)
      deep = coroutine.create(function() local function down(n) if n == 0 then coroutine.yield() end
        local r = n > 0 and down(n - 1) return r end down(10) end) coroutine.resume(deep)
      failed = coroutine.create(function() local x = nil .. 1 end) coroutine.resume(failed)
      over = coroutine.create(print) outer = coroutine.wrap(function() local inner =
        coroutine.wrap(function() coroutine.yield(1) end) inner()
        coroutine.yield(inner) end) outer()`,
  },
  {
    name: "iterators",
    title: "suspended loops: pairs with entries taken away, gmatch, codes, metamethods",
    code: `keys = {} for i = 1, 20 do keys[i % 2 == 0 and {} or "k" .. i] = i end
      loop = coroutine.wrap(function() for k, v in pairs(keys) do keys[k] = nil
        coroutine.yield(k) end end) for i = 1, 5 do loop() end
      words = coroutine.wrap(function() for a, b in ("one two three"):gmatch("(%a)(%a+)") do
        coroutine.yield(a) end end) words() gm = ("x y"):gmatch("%a") gm()
      object = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end,
        __lt = function() coroutine.yield() return true end})
      meta = coroutine.wrap(function() local a = object.first .. object.second
        return object < object, a end) meta() meta("x")
      each = coroutine.wrap(function() for _, c in utf8.codes("abc") do coroutine.yield(c) end end)
      each()`,
  },
  {
    name: "objects",
    title: "classes with inheritance, C closures, files and string metatables",
    code: `Class = {} Class.__index = Class
      function Class.new(n) return setmetatable({n = n}, Class) end
      Sub = setmetatable({}, {__index = Class}) Sub.__index = Sub
      Sub.__call = function(s) return s.n end
      list = {} for i = 1, 5 do list[i] = setmetatable({n = i, before = list[i - 1]}, Sub) end
      debug.setmetatable(1, {__index = math})
      getmetatable("").__add = function(a, b) return a .. b end
      out, lines = io.stdout, io.write searcher = package.searchers[2]
      collectgarbage("generational")`,
  },
];

/** A core with the state in it. */
async function coreWith({ code, name }: ReferenceState, load: Load): Promise<Core> {
  const core = await load({ seed: 1 });
  succeeded(core.compute(code), "the state");
  if (name !== "objects") succeeded(core.compute(slim), "its libraries taken away");
  return core;
}

export async function snapshotOf(state: ReferenceState, load: Load): Promise<Uint8Array> {
  return saved(await coreWith(state, load));
}

/** Its body: what the guest reads, without any checksum. */
export function bodyOf(snapshot: Uint8Array): Uint8Array {
  const read = readContainer(snapshot);
  isTrue(read.ok, "the container reads");
  return read.container.body.slice();
}
