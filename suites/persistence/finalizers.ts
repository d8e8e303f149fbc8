/** Finalizers beside saving and restoring: none runs too early, for what is not gone, or twice. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { readContainer } from "../../runtime/snapshot/container.ts";
import { decodeHostSection } from "../../runtime/snapshot/host-section.ts";
import { restores, saved } from "./saved-program.ts";

const trusted = { bytecode: "trusted" } as const;

export const finalizerCases = [
  defineCase({
    id: "persistence/finalizer-that-arms-itself",
    title: 'The idiom for "at every collection" goes on after a snapshot as after an image',
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `count = 0
        local type = {} type.__gc = function(o) count = count + 1
          setmetatable({last = count}, getmetatable(o)) end
        setmetatable({}, type) collectgarbage()`;
      succeeds(core.compute(code), [], "armed");
      const collected =
        "local before = count collectgarbage() collectgarbage() return count - before";
      succeeds(core.compute(collected), [2], "at each collection");
      const image = core.image();
      const snapshot = saved(core);
      const other = await load({ seed: 2 });
      restores(other, snapshot);
      succeeds(other.compute(collected), [2], "restored");
      restores(other, saved(other));
      succeeds(other.compute(collected), [2], "restored again");
      isTrue(core.loadImage(image, trusted).ok, "the image");
      succeeds(core.compute(collected), [2], "of the image");
      const held = `local light = debug.upvalueid(function() return count end, 1)
        setmetatable({}, {__gc = function(o) setmetatable({light = light}, getmetatable(o)) end})`;
      succeeds(core.compute(held), [], "one that holds what can't be saved");
      const { refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "what only a finalizer holds");
      matches(refused?.[0]?.path, /^\(object \d+ with a finalizer\)\.light$/, "its path");
    },
  }),
  defineCase({
    id: "persistence/finalizer-of-what-is-held",
    title: "What an object holds that is made anew is not finalized: not when saved, nor restored",
    run: async ({ load }) => {
      const code = `_home.left = 10
        local resource = {__gc = function(r) release(r.id) _home.left = r.owner.count end}
        local type = {__persist = function(o) local id = o.held.id
          return function() acquire(id) return {held = {id = id}, count = 1} end end}
        connection = setmetatable({count = 10}, type)
        connection.held = setmetatable({id = 7, owner = connection}, resource)`;
      const begin = async () => {
        const core = await load({ seed: 1 });
        const calls: unknown[] = [];
        core.register("acquire", (id) => void calls.push(["acquire", id]));
        core.register("release", (id) => void calls.push(["release", id]));
        return { core, calls };
      };
      const { core, calls } = await begin();
      succeeds(core.compute(code), [], "the connection");
      const snapshot = saved(core);
      equal(calls, [["acquire", 7]], "while it is tried");
      succeeds(core.compute("return connection.held.id, _home.left"), [7, 10], "it goes on");
      const other = await begin();
      other.core.tables.home.set("left", 10);
      restores(other.core, snapshot);
      other.core.runGc();
      equal(other.calls, [["acquire", 7]], "restored");
      succeeds(other.core.compute("return connection.held.id, _home.left"), [7, 10], "there");
      succeeds(core.compute("connection = nil collectgarbage()"), [], "let go");
      equal(calls.at(-1), ["release", 7], "when it is gone");
    },
  }),
  ...["generational", "incremental"].map((mode) =>
    defineCase({
      id: `persistence/finalizer-beside-makers-${mode}`,
      title: `A finalizer never sees an object that is not made yet: ${mode}`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        const code = `seen = {}
          local function thing(n) return setmetatable({n = n}, {__persist = function(o)
            local n = o.n return function()
              for i = 1, 200 do local garbage = setmetatable({}, {__gc = function() end}) end
              dropped = nil collectgarbage() return {n = n + 1} end end}) end
          object = thing(1)
          local type = {} type.__gc = function(o)
            seen[#seen + 1] = o.of.n if o.of ~= object or not o.own.n then seen.wrong = true end
            if o.again then setmetatable({of = o.of, own = o.own, again = true}, type) end end
          setmetatable({of = object, own = thing(7), again = true}, type)
          dropped = setmetatable({of = object, own = thing(8)}, type)
          others = {thing(2), thing(3)}
          collectgarbage("${mode}")`;
        succeeded(core.compute(code), "the state");
        const snapshot = saved(core);
        const other = await load({ seed: 2 });
        succeeded(other.compute("seen = 1"), "another state");
        restores(other, snapshot);
        other.runGc();
        other.runGc();
        const after = "return seen.wrong, seen[#seen], object.n, #seen > 0, others[2].n";
        succeeds(other.compute(after), [undefined, 2, 2, true, 4], "restored");
      },
    }),
  ),
  defineCase({
    id: "persistence/finalizer-of-a-helper",
    title: "What a __persist makes for a moment is not saved, whatever finalizer it has",
    run: async ({ load }) => {
      for (const helper of [
        "new(0)",
        "setmetatable({}, {__gc = function() count = count + 1 end})",
        "setmetatable({new(0)}, {__gc = function(o) setmetatable(o, getmetatable(o)) end})",
      ]) {
        const core = await load({ seed: 1 });
        const code = `count = 0
          function new(x) return setmetatable({x = x}, type) end
          type = {__gc = function() count = count + 1 end}
          type.__persist = function(v) local x, helper = v.x, ${helper}
            return function() return new(x) end end
          object = new(5)`;
        succeeded(core.compute(code), "the object");
        const first = saved(core, helper);
        saved(core, `${helper} again`);
        const other = await load({ seed: 2 });
        restores(other, first);
        succeeds(other.compute("collectgarbage() return object.x, count"), [5, 0], "restored");
      }
    },
  }),
  defineCase({
    id: "persistence/finalizer-of-handles",
    title: "A snapshot counts the handles that there are: none of those that were collected",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const counts = () => {
        const read = readContainer(saved(core));
        isTrue(read.ok, "the container reads");
        return [...decodeHostSection(read.container.host).handles];
      };
      succeeds(core.compute('list = {ext.table("t"), ext.table()}'), [], "handles");
      equal(
        counts(),
        [1, 2, 3].map((id) => [id, 1]),
        "what is held",
      );
      succeeds(core.compute("list = nil"), [], "two go");
      equal(counts(), [[1, 1]], "that of _home");
      succeeds(core.compute("_home, Memory = nil"), [], "and it");
      equal(counts(), [], "none");
    },
  }),
  defineCase({
    id: "persistence/trial-leaves-nothing",
    title: "A state that is tried prints nothing, leaves no tables, and runs no finalizer",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      let finalized = 0;
      core.register("tick", () => {
        finalized += 1;
      });
      const code = `local type = {} type.__gc = function() tick() setmetatable({}, type) end
        setmetatable({}, type)
        big = {} for i = 1, 13000 do big[i] = {i} end
        object = setmetatable({}, {__persist = function() return function()
          print("made") local t = ext.table() t.x = 1 return {t} end end})
        collectgarbage("generational")`;
      succeeded(core.compute(code), "the state");
      const { heapUsedBytes, heapTotalBytes } = core.memoryStats();
      isTrue(heapUsedBytes > 0.6 * heapTotalBytes, "a heap that is filled");
      saved(core);
      const before = finalized;
      for (let i = 0; i < 5; i++) saved(core);
      equal(finalized - before, 10, "at the two collections before each");
      const result = succeeded(core.compute("print('mine')"), "afterwards");
      equal(result.output, "mine\n", "what was printed");
      equal([...core.tables].length, 1, "tables");
    },
  }),
];
