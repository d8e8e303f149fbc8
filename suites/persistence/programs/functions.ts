/** Programs on functions: their variables, shared by identity, their environments and arguments. */
import type { HostFunction } from "../../../runtime/instance/host-functions.ts";
import type { SavedProgram } from "../saved-program.ts";

let coresPrepared = 0;

export const functionPrograms: readonly SavedProgram[] = [
  {
    name: "counter",
    title: "A counter closure counts on",
    before: `local function make() local n = 0 return function() n = n + 1 return n end end
      count, other = make(), make() count() count() other()`,
    after: "return count(), count(), other()",
    expected: [3, 4, 2],
  },
  {
    name: "shared-upvalue",
    title: "Two closures share a variable, by identity",
    before: `do local n = 10
      function put(v) n = v end function get() return n end end
      do local n = 10 function apart() return n end end`,
    after: `put(7) return get(), apart(), debug.upvalueid(put, 1) == debug.upvalueid(get, 1),
      debug.upvalueid(put, 1) == debug.upvalueid(apart, 1)`,
    expected: [7, 10, true, false],
  },
  {
    name: "memoized",
    title: "A memoized function has what it has computed",
    before: `calls = 0 do local memo = {}
      function fib(n) if n < 2 then return n end
        if not memo[n] then calls = calls + 1 memo[n] = fib(n - 1) + fib(n - 2) end
        return memo[n] end end fib(30)`,
    after: "local before = calls return fib(30), calls - before, fib(32), calls - before",
    expected: [832040, 0, 2178309, 2],
  },
  {
    name: "recursive",
    title: "Recursive and mutually recursive local functions call themselves",
    before: `local function factorial(n) return n < 2 and 1 or n * factorial(n - 1) end
      local even, odd
      function even(n) return n == 0 or odd(n - 1) end
      function odd(n) return n ~= 0 and even(n - 1) end
      functions = {factorial = factorial, even = even, odd = odd}`,
    after: `local f = functions local _, inside = debug.getupvalue(f.factorial, 1)
      return f.factorial(10), f.even(101), f.odd(101), inside == f.factorial`,
    expected: [3628800, false, true, true],
  },
  {
    name: "environment",
    title: "An _ENV that is not _G, shared by two functions, and one set by debug.setupvalue",
    before: `local env = {x = 1, tostring = tostring}
      f = load("x = x + 1 return x", "=f", "t", env) g = load("return x, _ENV", "=g", "t", env)
      h = load("return y") debug.setupvalue(h, 1, {y = "of h"}) environment = env`,
    after: `local x, env = f(), nil x, env = g()
      return x, env == environment, env ~= _G, h(), rawget(_G, "x")`,
    expected: [2, true, true, "of h", undefined],
  },
  {
    name: "varargs",
    title: "Vararg functions, suspended ones among them, keep all their arguments",
    before: `function pack(...) return select("#", ...), ... end
      co = coroutine.wrap(function(...) local a, b = ... coroutine.yield()
        return select("#", ...), a, b, ... end) co(1, nil, "three", nil)`,
    after: `local n, a, b, c, d, e, f = co() local m, x = pack(nil, 2)
      return n, a, b, c, d, e, f, m, x`,
    expected: [4, 1, undefined, 1, undefined, "three", undefined, 2, undefined],
  },
  {
    name: "host-functions",
    title: "Host functions by their names, in upvalues and tables, whatever their numbers",
    before:
      "do local double = app.double function four(x) return double(double(x)) end end " +
      "list = {app.double, app.name} key = {[app.name] = 'as a key'}",
    after: `return four(3), list[1] == app.double, list[2](), key[app.name]`,
    expected: [12, true, "host", "as a key"],
    prepare: (core) => {
      const functions: readonly (readonly [string, HostFunction])[] = [
        ["app.name", () => "host"],
        ["app.double", (x) => Number(x) * 2],
      ];
      // Each core numbers them another way.
      coresPrepared += 1;
      const inOrder = coresPrepared % 2 === 0 ? functions : functions.toReversed();
      for (const [name, hostFunction] of inOrder) core.register(name, hostFunction);
    },
  },
  {
    name: "prototype-shared",
    title: "A thousand closures of one function are saved with its code once",
    before: `list = {} for i = 1, 1000 do list[i] = function() return i end end`,
    after: `local sum = 0 for i = 1, 1000 do sum = sum + list[i]() end
      return sum, list[1] ~= list[2]`,
    expected: [500500, true],
  },
  {
    name: "debug-information",
    title: "Names of variables, lines and sources are as they were",
    before: `local secret = 1 function f(a, b)
        local c = a + secret
        error("at the third line of its source") end`,
    after: `local info = debug.getinfo(f, "SLu") local ok, message = pcall(f, 1)
      return message, info.linedefined, info.lastlinedefined, info.nparams, info.short_src,
        debug.getlocal(f, 2), (debug.getupvalue(f, 1))`,
    expected: ["eval:3: at the third line of its source", 1, 3, 2, "eval", "b", "secret"],
  },
];
