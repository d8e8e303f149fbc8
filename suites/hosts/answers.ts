/** What ran is no error, and what failed says where and why. */

import { equal, fails, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaError } from "../../runtime/check/errors.ts";
import { LuaTable } from "../../runtime/value/values.ts";

/** Calls that are meant as statements, whose results can't leave Lua. */
const statements = [
  "require 'setup'",
  "setmetatable(types, {__index = print})",
  "rawset({}, 'f', print)",
  "init()",
  "init(), 5",
  "object:method()",
  "(init)()",
  "io.write('')",
  "coroutine.create(print)",
  "deep()",
  "deep({})",
  "table.pack(table.pack(print))",
] as const;

export const answers = [
  defineCase({
    id: "hosts/statements-as-expressions",
    title:
      "A call whose results can't leave Lua has run: it gives none, wherever in them that lies",
    run: async ({ load }) => {
      const core = await load({ modules: { setup: "return {start = function() end}" } });
      const code = `types, count = {f = print}, 0
        function init() count = count + 1 return {1, {2, {types}}} end
        object = {method = function(self) count = count + 1 return self end}
        function deep(last) local t = last or {} for i = 1, 101 do t = {t} end return t end`;
      succeeds(core.compute(code), [], "the functions");
      for (const each of statements) {
        if (each === "init(), 5") fails(core.compute(each), "BAD_VALUE", "a list is no statement");
        else succeeds(core.compute(each), [], each);
      }
      succeeds(core.compute("count"), [4], "each ran once");
      fails(core.compute("types"), "BAD_VALUE", "a value that was asked for");
      fails(core.compute("return init()"), "BAD_VALUE", "results that were asked for");
      succeeds(core.compute("1, {2, {3}}"), [1, listOf(2, listOf(3))], "what can leave");
      const told = await load({ traceback: true });
      const { output } = succeeds(told.compute("print('x') rawset({}, 1, print)"), [], "a chunk");
      equal(output, "x\n", "its output");
      const quiet = succeeds(told.compute("setmetatable({print}, {})"), [], "with tracebacks");
      equal(quiet.output, "", "no traceback of what is no error");
    },
  }),
  defineCase({
    id: "hosts/place-of-caller",
    title: "An error of level 2 has the place of the call, of an expression as of a statement",
    run: async ({ load }) => {
      const core = await load();
      const code = "function check() error('bad', 2) end function own() error('own') end";
      succeeds(core.compute(code), [], "the functions");
      const errorOf = (text: string) => fails(core.compute(text), "RUNTIME_FAILED", text).error;
      for (const text of [
        "check()",
        "local x = check()",
        "check(), 1",
        "1 + check()",
        "(check())",
      ]) {
        equal(errorOf(text), "eval:1: bad", text);
      }
      equal(errorOf("\n\ncheck()"), "eval:3: bad", "in another line");
      equal(
        errorOf("return check()"),
        "bad",
        "a tail call of the script's own has no place in Lua",
      );
      equal(errorOf("own()"), "eval:1: own", "level 1");
      succeeds(core.compute("select('#', table.unpack({}, 1, 250))"), [250], "many results");
      succeeds(core.compute("table.unpack({}, 1, 250)"), Array(250).fill(undefined), "all of them");
    },
  }),
  defineCase({
    id: "hosts/cause-of-the-error",
    title: "`cause` is the exception that became the error, and none that a script had caught",
    run: async ({ load }) => {
      const core = await load();
      const thrown = new Error(`the host's reason: ${"é".repeat(200)}`);
      core.register("boom", () => {
        throw thrown;
      });
      const raised = new LuaError(new Map([["code", 7]]));
      core.register("raise", () => {
        throw raised;
      });
      const causeOf = (code: string) => fails(core.compute(code), "RUNTIME_FAILED", code).cause;
      for (const code of [
        "boom()",
        "local ok, e = pcall(boom) error(e, 0)",
        "local ok, e = pcall(boom) error('while starting: ' .. e)",
        "error(select(2, xpcall(boom, debug.traceback)), 0)",
        "coroutine.wrap(boom)()",
      ]) {
        equal(causeOf(code), thrown, code);
      }
      equal(causeOf("raise()"), raised, "an error value");
      core.register("short", () => {
        throw new Error("");
      });
      core.register("one", () => {
        throw new LuaError(1);
      });
      const bytes = new LuaError(new Uint8Array([0x61, 0x62]));
      core.register("bytes", () => {
        throw bytes;
      });
      equal(causeOf("bytes()"), bytes, "bytes that are a text");
      for (const code of [
        "pcall(short) error('unrelated')",
        "pcall(one) error('1 of many')",
        "pcall(raise) error(('x'):rep(9))",
        "pcall(boom) error('unrelated')",
        "pcall(boom) error({message = 'unrelated'})",
        "pcall(boom) local x = nil + 1",
        "pcall(raise) error('unrelated')",
      ]) {
        equal(causeOf(code), undefined, code);
      }
      equal(
        "cause" in core.compute("pcall(boom) return print"),
        false,
        "of a value that can't leave",
      );
    },
  }),
  defineCase({
    id: "hosts/error-objects-that-hold-functions",
    title: "An error object arrives without what can't leave Lua, and all the rest of it",
    run: async ({ load }) => {
      const core = await load();
      const errorOf = (code: string) => fails(core.compute(code), "RUNTIME_FAILED", code).error;
      const message = new LuaTable([["message", "hello"]]);
      equal(errorOf("error({message = 'hello', f = print})"), message, "a function");
      equal(errorOf("error({message = 'hello', [print] = 1})"), message, "a function as key");
      equal(
        errorOf("error({message = 'hello', co = coroutine.create(print)})"),
        message,
        "a thread",
      );
      equal(errorOf("error({message = 'hello', file = io.stdout})"), message, "a file");
      equal(
        errorOf("error(setmetatable({message = 'hello'}, {__index = print}))"),
        message,
        "a metatable",
      );
      const nested = new LuaTable([["inner", new LuaTable([["message", "hello"]])]]);
      equal(errorOf("error({inner = {message = 'hello', f = print}})"), nested, "deeper");
      const shared = fails(
        core.compute("local t = {f = print, 1} error({t, t, [{}] = print, last = t})"),
        "RUNTIME_FAILED",
        "shared",
      ).error;
      const [first, second] = shared instanceof LuaTable ? shared.toArray() : [];
      equal([first, second === first], [listOf(1), true], "what is in it twice");
      const deep =
        "local t = {} for i = 1, 200 do t = {t} end error({deep = t, message = 'hello'})";
      const { error } = fails(core.compute(deep), "RUNTIME_FAILED", "too deep");
      equal(error instanceof LuaTable ? error.get("message") : error, "hello", "its message");
    },
  }),
  defineCase({
    id: "hosts/thrown-objects",
    title: "What a host function throws has its message in Lua, whatever kind of object it is",
    run: async ({ load }) => {
      const core = await load();
      for (const [thrown, expected] of [
        [{ message: "of a plain object", code: 4 }, /^eval:1: of a plain object$/],
        [{ code: 4 }, /^eval:1: a plain object was thrown$/],
        [Object.assign(Object.create(null), { message: "no prototype" }), /^eval:1: no prototype$/],
        [{ toString: () => "its own text" }, /^eval:1: its own text$/],
        [new TypeError("of an error"), /^eval:1: of an error$/],
        ["a text", /^eval:1: a text$/],
        [17, /^eval:1: 17$/],
        [undefined, /^eval:1: undefined$/],
        [{ message: 5 }, /^eval:1: a plain object was thrown$/],
      ] as const) {
        core.register("boom", () => {
          throw thrown;
        });
        const { error } = fails(core.compute("boom()"), "RUNTIME_FAILED", String(expected));
        matches(error, expected, "its message");
      }
    },
  }),
  defineCase({
    id: "hosts/deep-tables-stored",
    title: "An external table takes a list of any depth, with and without metatables or functions",
    run: async ({ load }) => {
      const core = await load();
      for (const node of ["{next = n}", "setmetatable({next = n}, {})"]) {
        for (const last of ["nil", "{f = function() return 7 end}"]) {
          for (const depth of [99, 100, 101, 102, 2500]) {
            const what = `${depth} times ${node}, ${last}`;
            const code = `local n = ${last} for i = 1, ${depth} do n = ${node} end _home.list = n
              local at, count = _home.list, 0
              while at and at.next do at, count = at.next, count + 1 end
              return count, at and at.f and at.f()`;
            const end = last === "nil" ? depth - 1 : depth;
            const result = succeeded(core.compute(code), what);
            equal(result.values, [end, last === "nil" ? undefined : 7], what);
          }
        }
      }
    },
  }),
];

function listOf(...items: readonly (number | LuaTable)[]): LuaTable {
  return new LuaTable(items.map((item, i) => [i + 1, item] as const));
}
