/** `__persist` and makers against the core: beside a collector that runs, and on the core's own. */

import {
  equal,
  fails,
  isTrue,
  matches,
  succeeded,
  succeeds,
  throws,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { BusyError } from "../../runtime/check/errors.ts";
import { LuaTable } from "../../runtime/value/values.ts";
import { restores, saved } from "./saved-program.ts";

/** Paces at which the collector stands in the middle of a cycle when the state is saved. */
const paces = [
  [13, 6, 1268, 424],
  [9, 8, 580, 351],
  [13, 9, 1723, 489],
  [1, 6, 96, 332],
  [21, 8, 1769, 346],
  [5, 1, 700, 120],
  [41, 6, 2500, 60],
  [1, 9, 3000, 500],
] as const;

export const hookCases = [
  defineCase({
    id: "persistence/hook-beside-garbage",
    title: "Objects that a finalizer drops at each collection are asked, or gone: never half",
    run: async ({ load }) => {
      for (const [stepMultiplier, stepSize, live, dropped] of paces) {
        const core = await load({ seed: 1 });
        const code = `live = {} for i = 1, ${live} do live[i] = {i} end
          local type = {__persist = function()
            junk = {} for i = 1, 20 do junk[i] = {("x"):rep(60)} end
            return function() return {} end end}
          local function again() setmetatable({}, {__gc = function()
            for i = 1, ${dropped} do setmetatable({}, type) end again() end}) end
          again() collectgarbage("incremental", 1, ${stepMultiplier}, ${stepSize})`;
        succeeded(core.compute(code), "the state");
        const snapshot = saved(core);
        succeeds(core.compute("collectgarbage() return #live"), [live], "it goes on");
        restores(await load({ seed: 2 }), snapshot);
      }
    },
  }),
  defineCase({
    id: "persistence/hook-taken-away",
    title: "A __persist that another one's took away is not called, whatever else can be called",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = {}
        type.__persist = function() type.__persist = nil return function() return {new = 1} end end
        type.__call = function() called = true end
        a, b = setmetatable({}, type), setmetatable({}, type)`;
      succeeded(core.compute(code), "the state");
      restores(core, saved(core));
      const after = "return called, a.new, b.new, a == b";
      succeeds(core.compute(after), [undefined, undefined, undefined, false], "what they are");
    },
  }),
  defineCase({
    id: "persistence/hook-that-makes-nothing",
    title: "Saving finds a maker that makes no object, with its path, and all such at once",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const makers: readonly (readonly [string, RegExp])[] = [
        ["", /a nil was made anew/],
        ["return nil", /a nil was made anew/],
        ["return 5", /a number was made anew/],
        ["return 'x'", /a string was made anew/],
        ["return true", /a boolean was made anew/],
        ["return function() end", /a function was made anew/],
        ["return coroutine.create(print)", /a thread was made anew/],
        ["error('no way')", /eval:1: no way/],
        ["local x = nil + 1", /arithmetic on a nil value/],
      ];
      const objects = makers.map(
        ([code]) => `setmetatable({}, {__persist = function() return function() ${code} end end})`,
      );
      succeeds(core.compute(`app = {list = {${objects.join(",")}}}`), [], "the objects");
      const { error, refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "saved");
      matches(error, /^can't be saved: _G\.app\.list\[\d\] \(its maker failed: /, "all");
      equal(refused?.length, makers.length, "how many");
      for (const [i, [code, reason]] of makers.entries()) {
        const found = refused?.find(({ path }) => path === `_G.app.list[${i + 1}]`);
        matches(found?.reason, reason, `the maker ${code}`);
      }
      succeeds(core.compute("app.list = nil"), [], "they go");
      saved(core);
    },
  }),
  defineCase({
    id: "persistence/hook-among-many",
    title: "The one maker of 500 that fails is found, and of all of them as many as are looked for",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = {__persist = function(o) local n = o.n return function()
          if n == failing or not failing then error("not " .. n) end return {} end end}
        failing, list = 433, {} for n = 1, 500 do list[n] = setmetatable({n = n}, type) end`;
      succeeds(core.compute(code), [], "the objects");
      const { refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "one");
      const reason = "its maker failed: eval:2: not 433";
      equal(refused, [{ path: "_G.list[433]", reason }], "the one");
      succeeds(core.compute("failing = nil"), [], "all");
      const all = fails(core.snapshot(), "NOT_PERSISTABLE", "all").refused ?? [];
      isTrue(all.length >= 10 && all.length <= 40, `${all.length} are found`);
    },
  }),
  defineCase({
    id: "persistence/hook-innocent",
    title: "No maker is blamed where a state can't be restored for want of memory",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = {__persist = function() return function() return {} end end}
        made, all, room = {}, {}, ("x"):rep(20000)
        for i = 1, 20 do made[i] = setmetatable({}, type) end
        pcall(function() while true do all[#all + 1] = {} end end)
        room = nil collectgarbage()`;
      succeeds(core.compute(code), [], "a full heap");
      const failure = fails(core.snapshot(), "NOT_PERSISTABLE", "saved");
      matches(failure.error, /could not be restored: not enough memory/, "why");
      equal(failure.refused, undefined, "nobody");
    },
  }),
  defineCase({
    id: "persistence/hook-that-fails",
    title: "A __persist that raises or gives no Lua function is told with its path and its error",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      for (const [code, reason, error] of [
        ["error('not now')", "eval:1: not now", "eval:1: not now"],
        ["error({code = 7})", "an error object", new LuaTable([["code", 7]])],
        ["error({message = 'busy', f = print})", "busy", new LuaTable([["message", "busy"]])],
        ["error(42)", "42", 42],
        ["error(setmetatable({}, {__tostring = function() return 'own' end}))", "own", "own"],
        [
          "error(setmetatable({}, {__tostring = function() error('twice') end}))",
          "an error object that cannot leave Lua",
          "an error object that cannot leave Lua",
        ],
        ["error(('x'):rep(5000), 0)", `${"x".repeat(300)}…`, "x".repeat(5000)],
        ["", "it gives no Lua function", "it gives no Lua function"],
        ["return print", "it gives no Lua function", "it gives no Lua function"],
        ["return {}", "it gives no Lua function", "it gives no Lua function"],
      ] as const) {
        const text = `app = {[true] = setmetatable({}, {__persist = function() ${code} end})}`;
        succeeds(core.compute(text), [], code);
        const failure = fails(core.snapshot(), "NOT_PERSISTABLE", code);
        const path = "_G.app[true]";
        equal(failure.refused, [{ path, reason: `its __persist failed: ${reason}`, error }], code);
      }
      const empty = "app = setmetatable({}, {__persist = function() error() end})";
      succeeds(core.compute(empty), [], "an error of nil");
      const { refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "an error of nil");
      equal(refused, [{ path: "_G.app", reason: "its __persist failed" }], "an error of nil");
    },
  }),
  defineCase({
    id: "persistence/hook-that-makes-another",
    title: "An object that a __persist makes and keeps is told as made while the state was saved",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = {__persist = function() return function() return {} end end}
        app = setmetatable({}, {__persist = function() made = made or {setmetatable({}, type)}
          return function() return {} end end})`;
      succeeds(core.compute(code), [], "the object");
      const { refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "the first time");
      equal(refused, [{ path: "_G.made[1]", reason: "made while the state was saved" }], "refused");
      saved(core, "the second time: it was there before");
    },
  }),
  defineCase({
    id: "persistence/hooks-that-meet",
    title: "Makers that use, give or hold other objects with makers: restored, or not saved",
    run: async ({ load }) => {
      const begin = async (code: string) => {
        const core = await load({ seed: 1 });
        const type = `function thing(make) return setmetatable({}, {__persist = function()
          return make end}) end`;
        succeeds(core.compute(`${type} ${code}`), [], code);
        return core;
      };
      const uses = await begin(`b = {child = thing(function() return {n = 5} end)}
        local held = b.child held.n = 5
        a = thing(function() return {sum = held.n + 1} end)`);
      const { error } = fails(uses.snapshot(), "NOT_PERSISTABLE", "one that uses another");
      matches(error, /_G\.a \(its maker failed: .*arithmetic on a nil value/, "the message");
      const gives = await begin(`b = thing(function() return {n = 5} end) local other = b
        a = thing(function() return other end) c = {a, [a] = a}`);
      restores(gives, saved(gives));
      succeeds(gives.compute("return a == b, a.n, c[1].n, c[a] == a"), [true, 5, 5, true], "gives");
      const holds = await begin(`b = thing(function() return {n = 5} end) local other = b
        a = thing(function() return {other = other} end)`);
      restores(holds, saved(holds));
      succeeds(holds.compute("return a.other == b, a.other.n"), [true, 5], "holds");
      const endless = await begin(`local x, y
        x = thing(function() return y end) y = thing(function() return x end) a, b = x, y`);
      const taken = endless.snapshot();
      if (taken.ok) restores(endless, taken.bytes);
      succeeds(endless.compute("return type(a)"), ["table"], "two that give each other");
      const large = await begin(`list = {} for i = 1, 90 do list[i] = thing(function()
        return {("x"):rep(20000) .. i} end) end`);
      fails(large.snapshot(), "NOT_PERSISTABLE", "more than there is memory for");
    },
  }),
  defineCase({
    id: "persistence/saving-changes-nothing",
    title: "Constructors that register what they make, and finalizers that arm again: saved often",
    run: async ({ load }) => {
      for (const code of [
        `all = {} function new(n) local o = setmetatable({n = n}, type) all[n] = o return o end
          type = {__persist = function(o) local n = o.n return function() return new(n) end end}
          a = new(1)`,
        `type = {__persist = function(o) local n = o.n
            return function() return setmetatable({n = n}, type) end end}
          function type.__gc(o) setmetatable({n = o.n}, type) end
          setmetatable({n = 1}, type) all = {} collectgarbage()`,
      ]) {
        const core = await load({ seed: 1 });
        succeeds(core.compute(code), [], code);
        const before = core.memoryStats().luaObjectsCount;
        for (let i = 0; i < 6; i++) saved(core, `saved ${i} times`);
        const { luaObjectsCount } = core.memoryStats();
        isTrue(luaObjectsCount < before + 20, `${before} objects became ${luaObjectsCount}`);
        succeeds(core.compute("return all[1] == a"), [true], "the state");
        const other = await load({ seed: 2 });
        restores(other, saved(core));
        saved(other, "the restored one");
        succeeds(other.compute("return a == nil or a.n == 1"), [true], "what is restored");
      }
    },
  }),
  defineCase({
    id: "persistence/hook-enters-nothing",
    title: "What is called while a state is tried finds the core busy, whatever it asks of it",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const answers: unknown[] = [];
      core.register("meddle", () => {
        for (const ask of [
          () => core.compute("return 1"),
          () => core.snapshot(),
          () => core.restore(new Uint8Array(0)),
          () => core.loadImage(new Uint8Array(0)),
        ]) {
          const result = ask();
          answers.push(result.ok ? "ok" : result.code);
        }
        for (const ask of [() => core.dispose(), () => core.runGc(), () => core.image()]) {
          answers.push(throws(BusyError, () => void ask(), "while it is busy").name);
        }
      });
      const code = `object = setmetatable({}, {__persist = function()
        return function() meddle() return {} end end})`;
      succeeds(core.compute(code), [], "the object");
      const snapshot = saved(core);
      equal(new Set(answers), new Set(["BUSY", "BusyError"]), "what it found");
      equal(answers.length, 7, "while it was tried");
      restores(core, snapshot);
      succeeds(core.compute("return type(object)"), ["table"], "afterwards");
    },
  }),
  defineCase({
    id: "persistence/made-anew-order",
    title: "What is made after makers ran has the order that it would have had without them",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = {} type.__persist = function() return function()
          for i = 1, 7 do local garbage = {} end return setmetatable({}, type) end end
        object = setmetatable({}, type)`;
      succeeds(core.compute(code), [], "the object");
      const other = await load({ seed: 2 });
      restores(other, saved(core));
      const order = `local t, order = {}, {} for i = 1, 30 do t[{i}] = i end
        for _, v in pairs(t) do order[#order + 1] = v end return table.concat(order, " ")`;
      succeeds(other.compute(order), succeeded(core.compute(order), "here").values, "there");
    },
  }),
  defineCase({
    id: "persistence/made-anew-same-bytes",
    title: "A state with makers gives the same bytes again, whatever holes its heap has",
    run: async ({ load }) => {
      for (let holes = 0; holes < 12; holes++) {
        const core = await load({ seed: 1 });
        const code = `local type = {__persist = function(o) local id = o.id
            return function() return {id = id} end end}
          objects, others = {}, {}
          for i = 1, 200 do objects[i] = setmetatable({id = i}, type) end
          for i = 1, 300 do
            local made = {{i}, "text" .. i .. ("z"):rep(i % 60), function() return i end,
              coroutine.create(print), {a = i, b = 2}}
            others[i] = made[i * 7 % 5 + 1]
          end
          for i = 20 + ${holes}, 120 + 10 * ${holes} do others[i] = nil end collectgarbage()
          for i = 150, 300, ${2 + (holes % 3)} do others[i] = nil end collectgarbage()`;
        succeeded(core.compute(code), "the state");
        const first = saved(core);
        for (let i = 0; i < 3; i++) equal(saved(core), first, `${holes}, again`);
      }
    },
  }),
  ...["generational", "incremental"].map((mode) =>
    defineCase({
      id: `persistence/made-anew-${mode}`,
      title: `What makers give outlives the next collection: ${mode}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        const code = `live = {} for i = 1, 2000 do live[i] = {i} end
          local type = {__persist = function() return function()
            return {value = 42, text = ("x"):rep(100)} end end}
          local key = setmetatable({}, type)
          holder, typed = {key, [key] = "key"}, setmetatable({}, {__index = key})
          setmetatable(holder, setmetatable({}, type))
          collectgarbage("incremental", 1, 3, 4) collectgarbage("${mode}")`;
        succeeded(core.compute(code), "the state");
        const snapshot = saved(core);
        restores(core, snapshot);
        const after = `collectgarbage("step", 0) kept = {}
          for i = 1, 4000 do kept[i] = {value = "another's", text = ("A"):rep(28 + i % 60) .. i} end
          collectgarbage("step", 0) collectgarbage("step", 0)
          return rawget(holder[1], "value"), holder[1].text, holder[holder[1]], typed.value,
            getmetatable(holder).value`;
        succeeds(core.compute(after), [42, "x".repeat(100), "key", 42, 42], "what was made");
        core.runGc();
        succeeds(core.compute("return #holder[1].text, #live"), [100, 2000], "after a collection");
      },
    }),
  ),
  defineCase({
    id: "persistence/made-anew-types",
    title: "The metatables of basic types are made anew as well",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local type = setmetatable(getmetatable(""), {__persist = function()
        return function() return {__index = string} end end})`;
      succeeded(core.compute(code), "the state");
      restores(core, saved(core));
      succeeds(core.compute('return ("x"):upper()'), ["X"], "methods of strings");
    },
  }),
  defineCase({
    id: "persistence/made-anew-hooks",
    title: "The table of debug's hooks can't be made anew as something else",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `debug.sethook(function() end, "l")
        local hooks = debug.getregistry()._HOOKKEY
        hooks.__persist = function() return function() return _home end end`;
      succeeded(core.compute(code), "the state");
      const { error } = fails(core.snapshot(), "NOT_PERSISTABLE", "another kind of object");
      matches(
        error,
        /registry\._HOOKKEY \(its maker failed: bad snapshot: registry\)/,
        "the message",
      );
      succeeds(core.compute("local x = 1\nx = x + 1\nreturn x"), [2], "it goes on");
    },
  }),
  defineCase({
    id: "persistence/overflown-coroutine",
    title: "A coroutine that died of too deep a recursion is saved and restored",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `co = coroutine.create(function() local function f() return 1 + f() end f() end)
        return coroutine.resume(co)`;
      const result = core.compute(code);
      isTrue(result.ok && result.values[0] === false, "it overflows");
      restores(core, saved(core));
      succeeds(core.compute("return coroutine.status(co)"), ["dead"], "what it is");
    },
  }),
  defineCase({
    id: "persistence/refused-output",
    title: "Output that the host refused is lost, and no other bytes are in its place",
    run: async ({ load }) => {
      const core = await load({ seed: 1, quota: { maxOutputBytes: 40_000 } });
      const code = `pcall(function() for i = 1, 100 do io.write(("A"):rep(900)) end end)
        local n = 0 return pcall(function() _home.f = function() n = n + 1 return n end end)`;
      const { outputBytes } = core.compute(code);
      isTrue(outputBytes.length > 0, "some of it is there");
      equal([...new Set(outputBytes)], ["A".charCodeAt(0)], "what was printed");
      const after = "_home.f = function() return 7 end return _home.f()";
      succeeds(core.compute(after), [7], "the next call");
    },
  }),
];
