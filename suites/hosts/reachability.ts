/** Which external tables live: those that _home, a named table or Lua itself refers to. */
import { equal, isTrue, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

export const reachability = [
  defineCase({
    id: "hosts/handles-released",
    title: "After a collection, tables that Lua dropped are gone; those it holds stay",
    run: async ({ load }) => {
      const core = await load();
      const code =
        "for i = 1, 50 do local t = ext.table() t.x = i end kept = ext.table() kept.x = 0";
      succeeds(core.compute(code), [], "51 tables");
      core.runGc();
      core.runGc();
      const left = [...core.tables].map((table) => table.get("x"));
      equal(left, [undefined, 0], "entries x of the tables left: _home and kept");
      equal(core.tables.used.entries, 1, "entries left");
    },
  }),
  defineCase({
    id: "hosts/references-kept",
    title: "A table that only another table's value refers to lives as long as that does",
    run: async ({ load }) => {
      const core = await load();
      const code = `local inner = ext.table()
        inner.deep = "here"
        _home.box = {list = {inner}}
        inner = nil
        return ext.id(_home.box.list[1])`;
      const [id] = succeeded(core.compute(code), "stored").values;
      core.runGc();
      core.runGc();
      isTrue(typeof id === "number", "an id");
      equal(core.tables.get(id)?.get("deep"), "here", "the inner table");
      succeeds(core.compute("return _home.box.list[1].deep"), ["here"], "from Lua again");
      succeeds(core.compute("_home.box = nil"), [], "dropped");
      core.runGc();
      core.runGc();
      core.tables.collect();
      equal(core.tables.get(id), undefined, "the inner table afterwards");
    },
  }),
  defineCase({
    id: "hosts/collected-goes-on",
    title: "A collected table that JavaScript holds is a Map still, and Lua's again when passed",
    run: async ({ load }) => {
      const core = await load();
      const table = core.tables.create().set("x", 1);
      core.tables.collect();
      equal(core.tables.get(table.id), undefined, "in the core");
      equal(table.set("y", 2).get("x"), 1, "in JavaScript");
      succeeds(core.compute("function read(t) return t.x, t.y, #t end"), [], "read");
      succeeds(core.call("read", table), [1, 2, 2], "from Lua");
    },
  }),
];
