/** External tables: JavaScript Maps behind Lua tables, the same from both sides. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaBytes } from "../../runtime/scalar/scalars.ts";
import { LuaTable } from "../../runtime/value/values.ts";

export const externalTables = [
  defineCase({
    id: "hosts/external-10000-items",
    title: "10,000 items go into an external table, are read back in Lua and seen in JavaScript",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table("items")
        for i = 1, 10000 do t["k" .. i] = i end
        local sum = 0
        for i = 1, 10000 do sum = sum + t["k" .. i] end
        return #t, sum`;
      succeeds(core.compute(code), [10_000, 50_005_000], "written and read in Lua");
      const table = core.tables.named("items");
      equal(table.size, 10_000, "entries in JavaScript");
      let number = 0;
      for (const [key, value] of table) {
        number += 1;
        if (key !== `k${number}` || value !== number)
          equal([key, value], [`k${number}`, number], "item");
      }
    },
  }),
  defineCase({
    id: "hosts/external-keys",
    title: '1, "1", 1.5 and true are keys apart; 1.0 is 1, and −0.0 is 0',
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table("keys")
        t[1] = "i"; t["1"] = "s"; t[1.5] = "f"; t[true] = "b"; t[1.0] = "i2"; t[-0.0] = "zero"
        return #t, t[1], t["1"], t[1.5], t[true], t[0], t[false], math.type(next({[1.0]=1}))`;
      succeeds(
        core.compute(code),
        [5, "i2", "s", "f", "b", "zero", undefined, "integer"],
        "in Lua",
      );
      const table = core.tables.named("keys");
      const expected = [
        [1, "i2"],
        ["1", "s"],
        [1.5, "f"],
        [true, "b"],
        [0, "zero"],
      ];
      equal([...table], expected, "in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/external-bad-keys",
    title: "nil, NaN and tables are refused as keys with a Lua error; reading nil or NaN gives nil",
    run: async ({ load }) => {
      const core = await load();
      for (const key of ["nil", "0/0"]) {
        const { error } = fails(core.compute(`_home[${key}] = 1`), "RUNTIME_FAILED", key);
        matches(error, /index is (nil|NaN)/, key);
        succeeds(core.compute(`return _home[${key}]`), [undefined], `reading ${key}`);
      }
      matches(
        fails(core.compute("_home[{}] = 1"), "RUNTIME_FAILED", "a table").error,
        /table cannot be a key/,
        "a table as key",
      );
      equal(core.tables.home.size, 0, "entries");
    },
  }),
  defineCase({
    id: "hosts/external-nil-deletes",
    title: "Assigning nil deletes, in Lua and in JavaScript; # is the number of entries",
    run: async ({ load }) => {
      const core = await load();
      const code = "_home.a = 1 _home.b = 2 _home.a = nil _home.none = nil return #_home, _home.a";
      succeeds(core.compute(code), [1, undefined], "in Lua");
      equal([...core.tables.home.keys()], ["b"], "keys in JavaScript");
      core.tables.home.set("b", undefined);
      succeeds(core.compute("return #_home, _home.b"), [0, undefined], "after JavaScript's nil");
    },
  }),
  defineCase({
    id: "hosts/external-values",
    title: "All values that have an encoding come back from an external table as they were",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = ext.table("values")
        local shared = {1, 2}
        t.nan = 0/0; t.nul = "a\\0b"; t.bytes = "\\xff\\xfe"; t.max = math.maxinteger
        t.float = 1.0; t.no = false; t.table = {a = shared, b = shared}
        local back = t.table
        return t.nan ~= t.nan, t.nul == "a\\0b", #t.bytes, t.max == math.maxinteger,
          math.type(t.float), t.no, back.a == back.b, back.a[2]`;
      const expected = [true, true, 2, true, "float", false, true, 2];
      succeeds(core.compute(code), expected, "in Lua");
      const table = core.tables.named("values");
      equal(table.get("bytes"), new LuaBytes(new Uint8Array([0xff, 0xfe])), "bytes in JavaScript");
      equal(table.get("max"), 2n ** 63n - 1n, "an integer in JavaScript");
      const inner = new LuaTable([[1, 1] as const, [2, 2] as const]);
      const expectedTable = new LuaTable([["a", inner] as const, ["b", inner] as const]);
      equal(table.get("table"), expectedTable, "a table in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/external-large-value",
    title: "A value of 100 KB, larger than any buffer, is stored and read back",
    run: async ({ load }) => {
      const core = await load();
      const code = "_home.x = ('0123456789'):rep(10000) return #_home.x, _home.x:sub(-3)";
      succeeds(core.compute(code), [100_000, "789"], "in Lua");
      equal(core.tables.home.get("x"), "0123456789".repeat(10_000), "in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/external-no-encoding",
    title: "A coroutine can't be stored: a Lua error, and the entry is as it was",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("_home.f = 1"), [], "a number");
      const { error } = fails(
        core.compute("_home.f = coroutine.create(print)"),
        "RUNTIME_FAILED",
        "a coroutine",
      );
      matches(error, /coroutine/, "the message");
      equal(core.tables.home.get("f"), 1, "the entry");
    },
  }),
  defineCase({
    id: "hosts/external-named",
    title: "ext.table(name) is one table in Lua and JavaScript; without a name it is a new one",
    run: async ({ load }) => {
      const core = await load();
      core.tables.named("shop").set("open", true);
      const code = `local a, b = ext.table("shop"), ext.table("shop")
        return a == b, a.open, ext.table() == ext.table(), ext.table("other") == a`;
      succeeds(core.compute(code), [true, true, false, false], "in Lua");
    },
  }),
  defineCase({
    id: "hosts/external-one-handle",
    title: "A table has one handle, also where a finalizer reads it while another one is made",
    run: async ({ load }) => {
      const core = await load();
      const code = `_home.x = ext.table()
        collectgarbage("incremental", 0, 1000, 24)
        local found, runs = nil, 0
        for i = 1, 300 do
          collectgarbage() collectgarbage("stop")
          setmetatable({}, {__gc = function() runs = runs + 1 found = _home.x end})
          found = nil
          collectgarbage("restart")
          local handle = _home.x
          if found and found ~= handle then return i end
        end
        return runs > 0`;
      succeeds(core.compute(code), [true], "the only handle");
    },
  }),
  defineCase({
    id: "hosts/external-newindex-without-value",
    title: "__newindex of a handle, called without a value, is an error and stores nothing",
    run: async ({ load }) => {
      const core = await load();
      const code = 'debug.getmetatable(_home).__newindex(_home, "k")';
      fails(core.compute(code), "RUNTIME_FAILED", "without a value");
      succeeds(core.compute("return _home.k"), [undefined], "the entry");
    },
  }),
  defineCase({
    id: "hosts/external-home-memory",
    title: "_home is external table 1, and Memory is its old name",
    run: async ({ load }) => {
      const core = await load();
      const code = "Memory.x = 5 return Memory == _home, _home.x, ext.id(_home), tostring(_home)";
      const { values } = succeeded(core.compute(code), "in Lua");
      equal(values.slice(0, 3), [true, 5, 1], "in Lua");
      isTrue(core.tables.home === core.tables.get(1), "core.tables.home is table 1");
      equal(core.tables.home.get("x"), 5, "in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/external-low-level",
    title: "ext_table.set, get, size, keys and delete do by id what tables do",
    run: async ({ load }) => {
      const core = await load();
      const id = core.tables.create().set("a", 1).id;
      const code = `local id = ...
        ext_table.set(id, "b", 2)
        ext_table.set(id, 3, "three")
        local keys = ext_table.keys(id)
        ext_table.delete(id, "a")
        ext_table.set(id, "b", nil)
        return #keys, keys[1], keys[2], keys[3], ext_table.size(id), ext_table.get(id, 3),
          ext_table.get(id, "a")`;
      succeeds(core.compute(`function low_level(...) ${code} end`), [], "the function");
      const expected = [3, "a", "b", 3, 1, "three", undefined];
      succeeds(core.call("low_level", id), expected, "in Lua");
      equal([...(core.tables.get(id) ?? [])], [[3, "three"]], "in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/external-many-keys",
    title: "ext_table.keys gives 10,000 keys in order, more than any buffer holds",
    run: async ({ load }) => {
      const core = await load();
      const table = core.tables.named("many");
      for (let i = 1; i <= 10_000; i++) table.set(`key_${i}`, i);
      const code =
        'local keys = ext_table.keys(ext.id(ext.table("many"))) return #keys, keys[10000]';
      succeeds(core.compute(code), [10_000, "key_10000"], "keys");
    },
  }),
  defineCase({
    id: "hosts/external-passed",
    title: "An external table is passed to Lua and back by reference; it is one handle in Lua",
    run: async ({ load }) => {
      const core = await load();
      const table = core.tables.create().set("x", 1);
      succeeds(
        core.compute("function twice(a, b) a.x = a.x + 1 return a == b, a end"),
        [],
        "twice",
      );
      const { values } = succeeded(core.call("twice", table, table), "passed");
      equal(values[0], true, "one handle");
      isTrue(values[1] === table, "the same table comes back");
      equal(table.get("x"), 2, "Lua wrote through it");
    },
  }),
];
