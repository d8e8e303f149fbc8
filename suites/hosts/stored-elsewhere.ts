/** Functions stored by one core and read by another: exported bytes carry them. */

import { equal, fails, isTrue, matches, succeeds, throws } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { DecodeError, EncodeError, UsageError } from "../../runtime/check/errors.ts";
import { LuaGraph } from "../../runtime/value/values.ts";

export const storedElsewhere = [
  defineCase({
    id: "hosts/stored-elsewhere",
    title: "The bytes of a stored function make it work in another core, whatever its hash seed",
    run: async ({ load }) => {
      const writer = await load({ seed: 1 });
      const code = `local Stack = {} Stack.__index = Stack
        function Stack:push(v) self[#self + 1] = v return self end
        function Stack.__len(self) return rawlen(self) end
        function Stack:sum() local s = 0 for i = 1, #self do s = s + self[i] end return s end
        _home.stack = setmetatable({}, Stack):push(1):push(2)
        _home.fail = function() error("on its line") end`;
      succeeds(writer.compute(code), [], "stored");
      const reader = await load({ seed: 2 });
      for (const key of ["stack", "fail"]) {
        const graph = writer.tables.home.get(key);
        isTrue(graph instanceof LuaGraph, key);
        const copy = new LuaGraph(graph.toBytes(), () => reader.tables.home);
        equal(copy, graph, `${key}: the same bytes`);
        reader.tables.home.set(key, copy);
      }
      succeeds(reader.compute("return _home.stack:push(3):sum(), #_home.stack"), [6, 2], "read");
      const { error } = fails(reader.compute("_home.fail()"), "RUNTIME_FAILED", "an error");
      matches(error, /^eval:6: on its line$/, "with its line");
    },
  }),
  defineCase({
    id: "hosts/stored-host-function",
    title:
      "A stored host function is the one of its name in every core, or none; also after restore",
    run: async ({ load }) => {
      const writer = await load({ seed: 1 });
      for (const name of ["harmless", "dangerous"]) writer.register(name, () => name);
      succeeds(writer.compute("_home.action = {run = harmless}"), [], "stored");
      const graph = writer.tables.home.get("action");
      isTrue(graph instanceof LuaGraph, "a graph");
      const other = await load({ seed: 2 });
      for (const name of ["dangerous", "harmless"]) other.register(name, () => name);
      const snapshot = other.snapshot();
      isTrue(snapshot.ok, "saved");
      const third = await load({ seed: 3 });
      third.register("dangerous", () => "dangerous");
      for (const core of [other, third]) {
        core.tables.home.set("action", new LuaGraph(graph.toBytes(), () => core.tables.home));
      }
      const run = "return _home.action.run()";
      succeeds(other.compute(run), ["harmless"], "in another order");
      isTrue(writer.restore(snapshot.bytes, { bytecode: "trusted" }).ok, "restored");
      succeeds(writer.compute(run), ["harmless"], "after restore");
      fails(third.compute(run), "RUNTIME_FAILED", "where it is not registered");
    },
  }),
  defineCase({
    id: "hosts/stored-function-unknown-to-state",
    title: "A stored host function is called by a state that was saved before it was registered",
    run: async ({ load }) => {
      const core = await load({ seed: 1 });
      const before = core.snapshot();
      isTrue(before.ok, "saved");
      core.register("late", () => "called");
      succeeds(core.compute("_home.action = {run = late}"), [], "stored");
      isTrue(core.restore(before.bytes, { bytecode: "trusted" }).ok, "restored");
      succeeds(core.compute("return late, _home.action.run()"), [undefined, "called"], "the call");
    },
  }),
  defineCase({
    id: "hosts/function-number-taken",
    title: "Of two names that share a number the second is refused, in whatever order they come",
    run: async ({ load }) => {
      for (const [one, two] of [
        ["f182197", "f226041"],
        ["f226041", "f182197"],
      ] as const) {
        const core = await load();
        core.register(one, () => one);
        const error = throws(UsageError, () => core.register(two, () => two), two);
        matches(error.message, /register it under another name/, "the message");
        succeeds(core.compute(`return ${one}(), ${two}`), [one, undefined], "the first");
        core.register(one, () => "again");
        succeeds(core.compute(`return ${one}()`), ["again"], "registered anew");
      }
    },
  }),
  defineCase({
    id: "hosts/stored-other-core",
    title: "A graph that refers to external tables stays with its core; it is no argument or part",
    run: async ({ load }) => {
      const one = await load();
      const other = await load();
      succeeds(one.compute("local t = ext.table() _home.f = function() return t end"), [], "f");
      const graph = one.tables.home.get("f");
      isTrue(graph instanceof LuaGraph, "a graph");
      throws(EncodeError, () => other.tables.home.set("f", graph), "into another core");
      throws(EncodeError, () => one.tables.home.set("f", [graph]), "in a table");
      throws(EncodeError, () => one.tables.home.set(graph, 1), "as a key");
      throws(EncodeError, () => one.call("print", graph), "as an argument");
      throws(
        DecodeError,
        () => new LuaGraph(graph.toBytes().slice(0, 40), () => one.tables.home),
        "cut",
      );
      equal(other.tables.home.size, 0, "entries");
    },
  }),
];
