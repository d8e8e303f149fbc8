/** Where memory runs out, an error goes to what runs, and leaves nothing behind. */
import { equal, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { restores, saved } from "./saved-program.ts";

const fill = "local function fill() pcall(function() for i = 1, 1e6 do keep[i] = {} end end) end";

interface Program {
  readonly name: string;
  readonly what: string;
  /** It leaves a coroutine `co` behind. */
  readonly code: string;
  /** What holds then, and in a core where the state is restored: values that are all true. */
  readonly after: string;
}

const programs: readonly Program[] = [
  {
    name: "table-variables",
    what: "a table is made: no variable of a scope that has ended is alive",
    code: `local names = {} for i = 1, 190 do names[i] = "a" .. i end
      local f = load("return function(fill) do local " .. table.concat(names, ",") ..
        " fill() end local t = {" .. ("nil,"):rep(400) .. "} return t end")()
      co = coroutine.create(f)
      assert(not coroutine.resume(co, fill))
      keep = nil collectgarbage() collectgarbage()`,
    after: `local found = {}
      for n = 1, 200 do found[#found + 1] = debug.getlocal(co, 0, n) end
      for n = 1, 200 do pcall(debug.setlocal, co, 0, n, 1) end
      return found[1] == "fill", not table.concat(found, " "):find("a%d")`,
  },
  {
    name: "resume",
    what: "a dead coroutine is resumed: the one that resumes it catches the error",
    code: `local dead = coroutine.wrap(function() end) dead()
      co = coroutine.create(function()
        fill()
        local ok, message = pcall(dead)
        keep = nil caught = {ok, message}
        return "done"
      end)
      result = {coroutine.resume(co)}`,
    after: `return result[1], result[2] == "done", caught[1] == false,
      caught[2] == "not enough memory", coroutine.status(co) == "dead"`,
  },
  {
    name: "resume-deep",
    what: "a dead coroutine is resumed in coroutines: all variables are closed",
    code: `local dead = coroutine.wrap(function() end) dead()
      closed, made = 0, {}
      local function level(n)
        local x <close> = setmetatable({}, {__close = function() closed = closed + 1 end})
        if n == 0 then fill() pcall(dead) keep = nil return 1 end
        made[n] = coroutine.create(level)
        return pcall(coroutine.resume, made[n], n - 1)
      end
      pcall(level, 4) co = made[4]`,
    after: `local dead = closed == 5
      for _, each in ipairs(made) do dead = dead and coroutine.status(each) == "dead" end
      return dead`,
  },
  {
    name: "getinfo",
    what: "another coroutine is looked at: it goes on as it was",
    code: `closed = 0
      seen = coroutine.create(function()
        local x <close> = setmetatable({}, {__close = function() closed = closed + 1 end})
        for i = 1, 9 do coroutine.yield(i) end
      end)
      coroutine.resume(seen)
      co = coroutine.create(function()
        fill()
        local ok = pcall(debug.getinfo, seen, 1, "L")
        keep = nil told = ok
        return "done"
      end)
      result = {coroutine.resume(co)}`,
    after: `local ok, i = coroutine.resume(seen)
      return result[1], result[2] == "done", told == false, ok, i == 2, closed == 0`,
  },
  {
    name: "long-string",
    what: "the first long string is built: later ones are",
    code: `fill()
      local function try() return (("x"):rep(300, "y")) end
      for i = #keep, 1, -1 do
        keep[i] = nil
        local ok, message = pcall(try)
        if ok or not message:find("memory") then break end
      end
      keep = nil collectgarbage()
      co = coroutine.create(print)`,
    after: `return #("x"):rep(1000) == 1000, #table.concat({("x"):rep(900):upper(), "y"}) == 901`,
  },
];

export const outOfMemoryCases = programs.map(({ name, what, code, after }) =>
  defineCase({
    id: `persistence/out-of-memory-${name}`,
    title: `Where memory runs out while ${what}`,
    limitMs: 60_000,
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      succeeded(core.compute(`keep = {} ${fill} ${code}`), "the program");
      core.runGc();
      const snapshot = saved(core);
      const other = await load({ seed: 2 });
      restores(other, snapshot);
      equal(other.diff(snapshot, saved(other)), [], "what differs when it is saved again");
      for (const each of [core, other]) {
        const { values } = succeeded(each.compute(after), "what holds then");
        isTrue(values.length > 0 && values.every((value) => value === true), String(values));
      }
      succeeds(core.compute("coroutine.close(co) return coroutine.status(co)"), ["dead"], "closed");
    },
  }),
);
