/** Tables from which keys were dropped: in their places other objects have come to lie. */
import { equal, fails, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { restores, saved } from "./saved-program.ts";

/** Tables of objects as keys, of which some are dropped, and what `next` and a search find. */
const program = `
  math.randomseed(7)
  local random, i, n, a, b = math.random, 0, 0, 0, 0
  tables, kept = {}, {}
  for each = 1, 150 do tables[each], kept[each] = {}, {} end
  for step = 1, 9000 do
    local each = random(150)
    local t, keys = tables[each], kept[each]
    i, n = step, each
    if random(5) < 4 then
      local key = random(2) == 1 and {i} or NEW
      t[key], keys[#keys + 1] = i, key
    elseif #keys > 0 then
      t[table.remove(keys, random(#keys))] = nil
    end
    if step % 500 == 0 then
      for _, keys in ipairs(kept) do
        for at = #keys, 1, -1 do
          if at % 3 > 0 then tables[_][keys[at]] = nil table.remove(keys, at) end
        end
      end
      collectgarbage()
    end
  end
  collectgarbage()
  others = {} for each = 1, 600 do local a, b = each, each others[each] = OTHER end
  function lost()
    local count = 0
    for n, t in ipairs(tables) do
      local seen, expected = 0, 0
      for key, value in pairs(t) do
        seen = seen + 1
        if t[key] ~= value then count = count + 1 end
      end
      for _, key in pairs(kept[n]) do
        expected = expected + 1
        if t[key] == nil then count = count + 1 end
      end
      if seen ~= expected then count = count + 1 end
    end
    return count
  end
  function grow()
    for n, t in ipairs(tables) do
      for i = 1, 20 do local key = {} t[key], kept[n][#kept[n] + 1] = i, key end
    end
  end`;

/** What the keys are, and what takes the places of those that were dropped. */
const kinds = [
  ["tables", "{}", "{a, b}"],
  ["closures", "(function() n = i end)", "function() a = b end"],
  ["strings", '("key" .. n .. ":" .. i)', '("other" .. a)'],
  ["upvalues", "(function() keys = i end)", "{}"],
  ["coroutines", "coroutine.create(print)", "coroutine.create(print)"],
] as const;

export const droppedKeyCases = [
  ...kinds.map(([name, key, other]) =>
    defineCase({
      id: `persistence/dropped-keys-${name}`,
      title: `Tables whose keys of ${name} were dropped have all others, find them, and grow`,
      run: async ({ load }) => {
        const core = await load({ seed: 1 });
        const code = program.replace("NEW", key).replace("OTHER", other);
        succeeds(core.compute(code), [], "the tables");
        succeeds(core.compute("return lost()"), [0], "before");
        const restored = await load({ seed: 2 });
        restores(restored, saved(core));
        succeeds(restored.compute("return lost()"), [0], "restored");
        succeeds(restored.compute("grow() return lost()"), [0], "grown");
        isTrue(restored.diff(saved(restored), saved(restored)).length === 0, "no differences");
      },
    }),
  ),
  defineCase({
    id: "persistence/dropped-keys-data",
    title: "Data alone, with objects and numbers as keys, the objects dropped, without trust",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `tables, others = {}, {}
        for n = 1, 300 do
          local t, keys = {}, {}
          for i = 1, 5 do keys[i] = {} t[keys[i]] = i t[n + i / 8] = i end
          for i = 1, 5 do t[keys[i]] = nil end
          tables[n] = t
        end
        collectgarbage() for i = 1, 3000 do others[i] = {} end`;
      succeeds(core.compute(code), [], "the tables");
      const restored = await load({ seed: 2 });
      isTrue(restored.restore(saved(core)).ok, "restored without trust");
      const found = `local count = 0 for n, t in ipairs(tables) do
          for i = 1, 5 do if t[n + i / 8] == i then count = count + 1 end end
          for key in pairs(t) do count = count + 1 end end return count`;
      succeeds(core.compute(found), [3000], "before");
      succeeds(restored.compute(found), [3000], "restored");
      const grow = `for n, t in ipairs(tables) do for i = 1, 20 do t[n + i / 32] = i end end
        ${found}`;
      succeeds(restored.compute(grow), succeeded(core.compute(grow), "grown").values, "grown");
    },
  }),
  ...kinds.map(([name, key]) =>
    defineCase({
      id: `persistence/dropped-keys-in-loop-${name}`,
      title: `A loop at a key that it removed goes on, whatever lay in its place: ${name}`,
      run: async ({ load }) => {
        const core = await load({ seed: 7 });
        const other = await load({ seed: 2 });
        let reused = 0;
        for (let n = 0; n < 24; n++) {
          const made = (i: number) => `(function(n, i, keys) return ${key} end)(${n}, ${i}, {})`;
          const code = `collectgarbage("stop") filler = {} for i = 1, ${n} do filler[i] = {} end
            t = {} for i = 1, 12 do t["k" .. i] = i end
            do local old = ${made(1)} place = ("%p"):format(old) t[old] = 1 t[old] = nil end
            collectgarbage() object = nil
            for i = 1, 50 do object = ${made(2)}
              if ("%p"):format(object) == place then break end end
            local isReused = ("%p"):format(object) == place
            t[object], seen = 99, {}
            loop = coroutine.wrap(function() for k, v in next, t do
              seen[#seen + 1] = v if k == object then t[k] = nil coroutine.yield() end end end)
            loop() return isReused`;
          const { values } = succeeded(core.compute(code), "a loop");
          if (values[0] === true) reused += 1;
          restores(other, saved(core));
          const on = 'loop() return table.concat(seen, ",")';
          succeeds(other.compute(on), succeeded(core.compute(on), "here").values, `filler ${n}`);
        }
        isTrue(reused > 0, "the place of a key was taken by another");
        return { reused };
      },
    }),
  ),
  defineCase({
    id: "persistence/dropped-keys-set-again",
    title: "A loop at a long text that was removed and set again goes on as it would have",
    run: async ({ load }) => {
      for (let seed = 0; seed < 20; seed++) {
        const core = await load({ seed });
        const code = `local long = ("k"):rep(50) t, seen = {}, {}
          for i = 1, 40 do t[long .. i] = i end
          loop = coroutine.wrap(function() for k, v in pairs(t) do
            seen[#seen + 1] = v
            if #seen == 20 then
              t[k] = nil collectgarbage() t[long .. k:sub(51)] = 99 coroutine.yield()
            end end end) loop()`;
        succeeds(core.compute(code), [], "a loop");
        const other = await load({ seed: 50 });
        restores(other, saved(core));
        const on = 'loop() return table.concat(seen, " ")';
        succeeds(other.compute(on), succeeded(core.compute(on), "here").values, `seed ${seed}`);
      }
    },
  }),
  defineCase({
    id: "persistence/dropped-keys-beside-makers",
    title:
      "Beside objects that are made anew tables keep their order, and loops at removed keys go on",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `object = setmetatable({}, {__persist = function() return function()
          return {made = true} end end})
        t, seen = {}, {} for i = 1, 40 do t["k" .. i] = i end
        for i = 1, 20 do t["k" .. 2 * i] = nil end for i = 1, 8 do t["new" .. i] = object end
        loop = coroutine.wrap(function() for k in pairs(t) do
          seen[#seen + 1] = k if #seen == 9 then t[k] = nil coroutine.yield() end end end) loop()`;
      succeeds(core.compute(code), [], "the tables");
      const other = await load({ seed: 2 });
      restores(other, saved(core));
      succeeds(other.compute("return object.made, t.new1 == object"), [true, true], "made anew");
      const on = `local names = {} for k in pairs(t) do names[#names + 1] = k end loop()
        return table.concat(names, " "), table.concat(seen, " ")`;
      succeeds(other.compute(on), succeeded(core.compute(on), "here").values, "the order");
    },
  }),
  defineCase({
    id: "persistence/dropped-keys-functions",
    title:
      "C functions and light userdata that were keys, and that nothing else refers to, are gone",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `local function f() return table end
        t, seen = {x = 1}, {} t[f], t[debug.upvalueid(f, 1)] = 2, 3
        for name, each in pairs(os) do t[each] = name end
        for key in pairs(t) do if type(key) ~= "string" then t[key] = nil end end
        os, package.loaded.os = nil, nil
        loop = coroutine.wrap(function()
          for key in next, list do seen[#seen + 1] = key list[key] = nil coroutine.yield() end end)
        list = {[print] = 1, [pairs] = 2, [next] = 3, [math.sin] = 4, [string.rep] = 5}
        math.sin, string.rep = nil, nil loop() loop()
        _home.stored = setmetatable(t, {__index = {}})`;
      succeeds(core.compute(code), [], "the tables");
      const other = await load({ seed: 2 });
      restores(other, saved(core));
      const on = `loop() loop() loop() loop() local names = {}
        for key in pairs(t) do names[#names + 1] = key end
        return #names, names[1], #seen, next(list)`;
      succeeds(core.compute(on), [1, "x", 5, undefined], "here");
      succeeds(other.compute(on), [1, "x", 5, undefined], "elsewhere");
      succeeds(core.compute("return next(_home.stored)"), ["x", 1], "what is stored");
    },
  }),
  defineCase({
    id: "persistence/dropped-keys-again",
    title: "Tables with keys that were dropped are restored, saved again, and stored",
    run: async ({ load }) => {
      let core = await load({ seed: 1 });
      const code = `record, byTable = {x = 1, y = 2}, {[{}] = 1}
        weak = setmetatable({}, {__mode = "k"}) record.y = nil byTable[next(byTable)] = nil
        for i = 1, 9 do weak[{}] = i end
        collectgarbage() _home.stored = setmetatable({record, byTable}, {})`;
      succeeds(core.compute(code), [], "the tables");
      for (let i = 1; i <= 3; i++) {
        const snapshot = saved(core, `saved ${i} times`);
        core = await load({ seed: i });
        restores(core, snapshot);
        const left = "return record.x, record.y == nil, next(byTable) == nil";
        succeeds(core.compute(left), [1, true, true], "what is left");
        succeeds(core.compute("_home.stored = setmetatable({record, byTable}, {})"), [], "stored");
        succeeds(core.compute("return _home.stored[1].x"), [1], "and read");
      }
    },
  }),
  defineCase({
    id: "persistence/dropped-keys-beside-refused",
    title: "What can't be saved is told by path where variables lie in the places of dropped keys",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const code = `tables, others = {}, {}
        for n = 1, 200 do
          local t, keys = {}, {}
          for i = 1, 8 do local x = i keys[i] = function() x = x + 1 end t[keys[i]] = i end
          for i = 1, 8 do if (n + i) % 3 > 0 then t[keys[i]] = nil end end
          tables[n] = t
        end
        collectgarbage()
        for i = 1, 1000 do local a, b = i, i others[i] = function() a = b end end
        bad = setmetatable({}, {__persist = false})`;
      succeeds(core.compute(code), [], "the state");
      const { refused } = fails(core.snapshot(), "NOT_PERSISTABLE", "refused");
      equal(refused, [{ path: "_G.bad", reason: "__persist is false" }], "its path");
      succeeds(core.compute("return 1"), [1], "afterwards");
    },
  }),
];
