/** Lua tables cross by value: nested, shared and cyclic as they are. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaFloat } from "../../runtime/scalar/scalars.ts";
import { ExternalTable, LuaTable, type LuaValue } from "../../runtime/value/values.ts";

function tableOf(value: LuaValue): LuaTable {
  isTrue(value instanceof LuaTable, "a table by value is expected");
  return value;
}

const nest = (depth: number) => `local t = {} for i = 2, ${depth} do t = {t} end return t`;

export const tablesByValue = [
  defineCase({
    id: "hosts/table-result",
    title: "return {x=1, nested={…}} arrives with exact keys: 1, 1.5, '1', true apart",
    run: async ({ load }) => {
      const core = await load();
      const code =
        "return {x=1, list={10,20}, [1]='i', [1.5]='f', ['1']='s', [true]='b', [2.0]='two'}";
      const expected = new LuaTable([
        ["x", 1],
        ["list", new LuaTable([[1, 10] as const, [2, 20] as const])],
        [1, "i"],
        [1.5, "f"],
        ["1", "s"],
        [true, "b"],
        [2, "two"],
      ]);
      succeeds(core.compute(code), [expected], "the table");
    },
  }),
  defineCase({
    id: "hosts/table-shared-cyclic",
    title: "Shared and cyclic tables keep their identity, over all results together",
    run: async ({ load }) => {
      const core = await load();
      const code = "local a = {} a.self = a local b = {a, a} return b, a";
      const [b, a] = succeeded(core.compute(code), "tables").values;
      isTrue(tableOf(a).get("self") === a, "a.self is a");
      isTrue(tableOf(b).get(1) === a && tableOf(b).get(2) === a, "both of b's are a");
    },
  }),
  defineCase({
    id: "hosts/table-argument",
    title: "Arrays, objects, Maps and cyclic LuaTables arrive in Lua as tables",
    run: async ({ load }) => {
      const core = await load();
      const code = `function look(list, object, map, cyclic)
        return #list, list[2], object.name, object.inner.x, map[2.5], map[true],
          cyclic.self == cyclic, cyclic.list == list
      end`;
      succeeds(core.compute(code), [], "look");
      const list = ["a", "b", "c"];
      const cyclic = new LuaTable();
      cyclic.set("self", cyclic);
      const map = new Map<number | boolean, string>([
        [2.5, "float"],
        [true, "boolean"],
      ]);
      const result = core.call("look", list, { name: "n", inner: { x: 1 } }, map, cyclic);
      succeeds(result, [3, "b", "n", 1, "float", "boolean", true, false], "what Lua sees");
    },
  }),
  defineCase({
    id: "hosts/table-depth",
    title: "Tables nested 100 deep cross; 101 deep is BAD_VALUE, and the core goes on",
    run: async ({ load }) => {
      const core = await load();
      let [table] = succeeded(core.compute(nest(100)), "100 deep").values;
      let depth = 0;
      for (; table instanceof LuaTable; table = table.get(1)) depth += 1;
      equal(depth, 100, "depth");
      fails(core.compute(nest(101)), "BAD_VALUE", "101 deep");
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/table-large-result",
    title: "A table of 10,000 entries as a result (beyond the frame) arrives whole",
    run: async ({ load }) => {
      const core = await load();
      const code = "local t = {} for i = 1, 10000 do t[i] = i * 2 end return t, 'end'";
      const [table, end] = succeeded(core.compute(code), "the table").values;
      equal(tableOf(table).size, 10_000, "entries");
      equal(tableOf(table).toArray()[9_999], 20_000, "the last");
      equal(end, "end", "the value behind it");
    },
  }),
  defineCase({
    id: "hosts/table-copies",
    title: "A table stored in an external table is a copy; an external table is itself",
    run: async ({ load }) => {
      const core = await load();
      const code = `local t = {n = 1}
        _home.copy = t
        t.n = 2
        local e = ext.table()
        _home.reference = e
        e.n = 3
        return _home.copy.n, _home.reference.n, _home.reference == e, e`;
      const { values } = succeeded(core.compute(code), "stored");
      equal(values.slice(0, 3), [1, 3, true], "in Lua");
      const reference = core.tables.home.get("reference");
      isTrue(reference instanceof ExternalTable, "an external table is stored");
      isTrue(values[3] === reference, "the result is the same table");
      equal(reference.get("n"), 3, "its entry in JavaScript");
    },
  }),
  defineCase({
    id: "hosts/table-metatables-left",
    title: "Metatables do not cross, and no metamethod runs when a table is copied",
    run: async ({ load }) => {
      const core = await load();
      const code = `return setmetatable({a = 1}, {
        __index = function() error("index") end,
        __pairs = function() error("pairs") end,
        __len = function() error("len") end,
      })`;
      succeeds(core.compute(code), [new LuaTable([["a", 1]])], "the raw table");
    },
  }),
  defineCase({
    id: "hosts/no-encoding",
    title: "A function, a coroutine, a file as result or in a table is BAD_VALUE that names it",
    run: async ({ load }) => {
      const core = await load();
      for (const [code, kind] of [
        ["return print", "function"],
        ["return {1, {f = print}}", "function"],
        ["return coroutine.create(print)", "thread"],
        ["return io.stdout", "FILE|userdata"],
      ] as const) {
        const { error } = fails(core.compute(code), "BAD_VALUE", code);
        matches(error, new RegExp(kind), code);
      }
      succeeds(core.compute("return 1.0"), [new LuaFloat(1)], "afterwards");
    },
  }),
];
