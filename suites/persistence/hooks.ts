/** `__persist` and makers against the core: beside a collector that runs, and on the core's own. */
import { equal, fails, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { restores, saved } from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;
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
      const snapshot = saved(core);
      fails(core.restore(snapshot, trusted), "BAD_SNAPSHOT", "another kind of object");
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
