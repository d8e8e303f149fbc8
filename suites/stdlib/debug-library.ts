/** Cases on the debug library: what it refuses, what it still does, and that no script harms. */

import {
  CheckFailure,
  equal,
  isTrue,
  matches,
  succeeded,
  succeeds,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { show } from "../../harness/suite/show.ts";
import type { Core } from "../../runtime/core/core.ts";
import { attackPrelude, attacks } from "./debug-attacks.ts";

/** Each is refused, and done where the host trusts scripts. */
const refusals: readonly (readonly [code: string, message: RegExp])[] = [
  ["debug.setupvalue(host, 1, 2)", /^eval:1: setupvalue: a C function's upvalues can't be changed/],
  ["debug.setmetatable(io.stdout, nil)", /^eval:1: setmetatable: the metatable of userdata can't/],
  [
    "debug.setlocal(2, 1, true)",
    /^eval:1: setlocal: what is no variable can't be changed \(the host/,
  ],
  ["for i = 1, 1 do debug.setlocal(1, 2, 0) end", /^eval:1: setlocal: what is no variable can't/],
];

/** True in any core: what stock Lua does for variables, and with what a hook is called for. */
const harmless: readonly string[] = [
  "local a = 1 local f = function() return a end debug.setupvalue(f, 1, 2) return a == 2",
  `local a, b = 1, 2 local f, g = function() return a end, function() return b end
    debug.upvaluejoin(f, 1, g, 1)
    return f() == 2 and debug.upvalueid(f, 1) == debug.upvalueid(g, 1)`,
  "local a = 1 local n = debug.setlocal(1, 1, 2) return n == 'a' and a == 2",
  `local function f(...) debug.setlocal(1, -1, 7) local n, v = debug.getlocal(1, -2)
    return ... == 7 and n == "(vararg)" and v == 6 end return f(5, 6)`,
  `local co = coroutine.create(function(a) coroutine.yield() return a end) coroutine.resume(co, 1)
    debug.setlocal(co, 1, 1, 2) return select(2, coroutine.resume(co)) == 2`,
  `local n, v = debug.getupvalue(("x"):gmatch("x"), 1) return n == ""`,
  `for i = 1, 3 do local n, v = debug.getlocal(1, 1) if n ~= "(for state)" then return n end end
    return true`,
  `local seen = {} debug.sethook(function()
      local info = debug.getinfo(2, "ru")
      for i = info.ftransfer, info.ftransfer + info.ntransfer - 1 do
        seen[#seen + 1] = tostring(select(2, debug.getlocal(2, i)))
      end end, "cr")
    select(2, 10, 20) io.type(io.stdout) debug.sethook()
    return table.concat(seen, " "):find("2 10 20 20 file (0x", 1, true) ~= nil`,
  `return debug.setmetatable(5, {__index = {x = 6}}) == 5 and (5).x == 6
    and debug.setmetatable(5, nil) == 5`,
  `local info = debug.getinfo(1, "nSltufrL")
    return info.func ~= nil and info.activelines[1] and info.what == "main"`,
  `return debug.traceback("x"):find("^x\\nstack traceback:\\n") == 1`,
];

/** After an attack: strings are built, files written, tables kept, and the state is saved. */
function unharmed(core: Core, what: string): void {
  const works = `
    local s = ("x"):rep(3000):gsub("x", "yy")
    local t = ext.table() t.x = s for k, v in pairs(t) do assert(k == "x" and v == s) end
    for w in ("a b"):gmatch("%a") do s = s .. w end
    local co = coroutine.wrap(function() coroutine.yield(math.random(5)) return io.write("") end)
    return #s, co() <= 5, co() == io.stdout, host(1)`;
  succeeds(core.compute(works), [6002, true, true, "host 1"], `${what}: the core goes on`);
  const saved = core.snapshot();
  if (!saved.ok) throw new CheckFailure(`${what}: a snapshot: ${show(saved.error)}`);
  isTrue(core.restore(saved.bytes, { bytecode: "trusted" }).ok, `${what}: and restored`);
  isTrue(core.runGc() >= 0, `${what}: what is garbage is freed`);
  succeeds(core.compute(works), [6002, true, true, "host 1"], `${what}: the restored core goes on`);
}

const host = (...values: readonly unknown[]): string => `host ${values.join()}`;

export const debugLibrary = [
  defineCase({
    id: "stdlib/debug-refuses",
    title:
      "The debug library doesn't change what C code takes for granted, unless it is trusted to",
    run: async ({ load }) => {
      for (const bytecode of ["text", "trusted"] as const) {
        for (const [code, message] of refusals) {
          const core = await load({ bytecode });
          core.register("host", host);
          const chunk = `local done, error = pcall(function() ${code} end) return done, error`;
          const [done, error] = succeeded(core.compute(chunk), code).values;
          equal(done, bytecode === "trusted", `${bytecode}: ${code}`);
          if (!done) matches(error, message, code);
        }
      }
    },
  }),
  defineCase({
    id: "stdlib/debug-reads",
    title: "C functions' upvalues and temporaries have names alone, unless scripts are trusted",
    run: async ({ load }) => {
      const code = `local function f() local n, v = debug.getlocal(3, 1) return n, type(v) end
        local r = {pcall(string.gsub, "x", "x", function() r = {f()} end)}
        local n, v = debug.getupvalue(math.random, 1)
        return r[1], r[2], n, type(v), debug.getregistry()._IO_output ~= nil, _G.r[1], _G.r[2]`;
      const text = await load();
      const values = ["", "nil", false, "(C temporary)", "nil"];
      equal(succeeded(text.compute(code), "text").values.slice(2), values, "text");
      const trusted = await load({ bytecode: "trusted" });
      const read = ["", "userdata", true, "(C temporary)", "string"];
      equal(succeeded(trusted.compute(code), "trusted").values.slice(2), read, "trusted");
    },
  }),
  defineCase({
    id: "stdlib/debug-harmless",
    title: "What the debug library does with variables, hooks and stacks is as in stock Lua",
    run: async ({ load }) => {
      for (const bytecode of ["text", "trusted"] as const) {
        const core = await load({ bytecode });
        for (const code of harmless) succeeds(core.compute(code), [true], `${bytecode}: ${code}`);
      }
    },
  }),
  defineCase({
    id: "stdlib/debug-hooks-of-entries",
    title: "A hook that prints or raises is called for a script's calls, not for the core's own",
    run: async ({ load }) => {
      const core = await load();
      core.register("host", host);
      const hook = (body: string, mask: string) =>
        core.compute(`debug.sethook(function() ${body} end, "${mask}")`);
      succeeded(hook("io.write('boo')", "r"), "a hook that prints");
      succeeds(core.compute("return 'abcdefgh', 1"), ["abcdefgh", 1], "the results");
      const raises = "if debug.getinfo(3) == nil then error('hook') end";
      succeeded(hook(raises, "cr"), "a hook that raises");
      isTrue(core.runGc() >= 0, "a collection");
      core.register("late", host);
      const saved = core.snapshot();
      isTrue(saved.ok, "a snapshot");
      isTrue(core.restore(saved.bytes, { bytecode: "trusted" }).ok, "it is restored");
      isTrue(core.runGc() >= 0, "a collection in the restored state");
      succeeded(core.compute("debug.sethook()"), "none");
      unharmed(core, "hooks");
    },
  }),
  defineCase({
    id: "stdlib/debug-body-of-entries",
    title: "The functions that the core enters Lua by refuse to be called by scripts",
    run: async ({ load }) => {
      const core = await load({ traceback: true });
      core.register("host", host);
      const code = `local answers = {}
        for level = 1, 5 do
          local info = debug.getinfo(level, "fS")
          if info and info.what == "C" then
            for _, value in ipairs{1, io.stdout, _home, {}, debug.upvalueid(host, 1)} do
              answers[#answers + 1] = select(2, pcall(info.func, value))
            end
            answers[#answers + 1] = select(2, pcall(info.func))
          end
        end
        return #answers, answers[1], answers[6]`;
      const refused = "a script cannot enter Lua";
      succeeds(core.compute(code), [6, refused, refused], "the body");
      succeeded(
        core.compute(`raised = setmetatable({}, {__tostring = function()
        for level = 1, 5 do
          local info = debug.getinfo(level, "fS")
          if info and info.what == "C" then
            pcall(info.func) pcall(info.func, io.stdout) pcall(info.func, {})
            print(("o"):rep(40000))
          end
        end
        return "text" end})`),
        "the error object",
      );
      equal(core.compute("error(raised)").ok, false, "it is raised");
      unharmed(core, "the body of entries");
    },
  }),
  ...attacks.map(({ name, code, found }) =>
    defineCase({
      id: `stdlib/debug-attack-${name.replaceAll(/[^a-z]+/g, "-")}`,
      title: `No way to the memory, and an unharmed core: ${name}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        core.register("host", host);
        succeeds(core.compute(attackPrelude), [], "the prelude");
        succeeds(core.compute(code), [found], name);
        unharmed(core, name);
      },
    }),
  ),
];
