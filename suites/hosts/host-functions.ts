/** JavaScript functions that Lua calls: values, errors, many and large results. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaError } from "../../runtime/check/errors.ts";
import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { LuaTable, type LuaValue, LuaValues, multiple } from "../../runtime/value/values.ts";

export const hostFunctions = [
  defineCase({
    id: "hosts/function-values",
    title: "A host function gets exact values and returns one; undefined is nil",
    run: async ({ load }) => {
      const core = await load();
      const seen: (readonly LuaValue[])[] = [];
      core.register("look", (...given) => {
        seen.push(given);
        return given[0];
      });
      const code = "return look(1, 1.0, 'a\\0b', '\\xff', nil, true, 0/0), look(), look({x = 1}).x";
      succeeds(core.compute(code), [1, undefined, 1], "results");
      const bytes = new LuaBytes(new Uint8Array([0xff]));
      const first = [1, new LuaFloat(1), "a\0b", bytes, undefined, true, Number.NaN];
      equal(seen, [first, [], [new LuaTable([["x", 1]])]], "arguments");
    },
  }),
  defineCase({
    id: "hosts/function-multiple",
    title: "multiple(…) returns several values, or none",
    run: async ({ load }) => {
      const core = await load();
      core.register("three", () => multiple(1, undefined, "c"));
      core.register("none", () => multiple());
      const code = "return select('#', none()), select('#', three()), three()";
      succeeds(core.compute(code), [0, 3, 1, undefined, "c"], "results");
    },
  }),
  defineCase({
    id: "hosts/function-throws",
    title:
      "What a host function throws is a Lua error with its message and place; pcall catches it",
    run: async ({ load }) => {
      const core = await load();
      const thrown = new TypeError("no such file");
      core.register("fail", () => {
        throw thrown;
      });
      const failure = fails(core.compute("local x\nfail()"), "RUNTIME_FAILED", "uncaught");
      equal(failure.error, "eval:2: no such file", "the message");
      isTrue(failure.cause === thrown, "the cause is what was thrown");
      const code = "local ok, message = pcall(fail) return ok, message";
      const [ok, message] = succeeded(core.compute(code), "caught").values;
      equal(ok, false, "pcall");
      matches(message, /no such file$/, "the message in Lua");
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/function-throws-value",
    title: "LuaError raises any Lua value; other things that are thrown raise their text",
    run: async ({ load }) => {
      const core = await load();
      core.register("raise", () => {
        throw new LuaError({ code: 42 });
      });
      core.register("odd", () => {
        throw null;
      });
      succeeds(core.compute("return select(2, pcall(raise)).code"), [42], "a table");
      matches(fails(core.compute("odd()"), "RUNTIME_FAILED", "null").error, /null$/, "null");
    },
  }),
  defineCase({
    id: "hosts/function-bad-result",
    title: "A result that has no Lua value (a Promise, a function) is a Lua error that says so",
    run: async ({ load }) => {
      const core = await load();
      const promise = Promise.resolve(1);
      core.register("later", (): never => {
        // As an application without types would write it: `async () => 1`.
        return promise as unknown as never;
      });
      const { error } = fails(core.compute("later()"), "RUNTIME_FAILED", "a Promise");
      matches(error, /Promise.*synchronous/, "the message");
    },
  }),
  defineCase({
    id: "hosts/function-many-results",
    title: "More results than a list has are refused, however many there are",
    run: async ({ load }) => {
      const core = await load();
      let given = 0;
      const countless = function* (): Generator<number> {
        for (;;) yield given++;
      };
      core.register("countless", () => new LuaValues(countless() as unknown as number[]));
      const { error } = fails(core.compute("countless()"), "RUNTIME_FAILED", "countless");
      matches(error, /10001 values; a list has up to 10000/, "the message");
      equal(given, 10_002, "values that were asked for");
    },
  }),
  defineCase({
    id: "hosts/function-large",
    title: "Arguments and results of 300 KB cross, and the function is called once",
    run: async ({ load }) => {
      const core = await load();
      let calls = 0;
      core.register("double", (text) => {
        calls += 1;
        return `${String(text)}${String(text)}`;
      });
      const code = "local s = double(('abc'):rep(50000)) return #s, s:sub(-3)";
      succeeds(core.compute(code), [300_000, "abc"], "the result");
      equal(calls, 1, "calls");
    },
  }),
  defineCase({
    id: "hosts/function-path",
    title: 'register("app.math.add", f) makes the tables on the way',
    run: async ({ load }) => {
      const core = await load();
      core.register("app.math.add", (a, b) => Number(a) + Number(b));
      core.register("app.name", () => "app");
      succeeds(core.compute("return app.math.add(2, 3), app.name()"), [5, "app"], "from Lua");
      succeeds(core.call("app.math.add", 1, 2), [3], "from JavaScript");
    },
  }),
  defineCase({
    id: "hosts/function-busy",
    title: "Calling the core from its own host function answers BUSY, and the outer call goes on",
    run: async ({ load }) => {
      const core = await load();
      const codes: string[] = [];
      core.register("again", () => {
        for (const result of [core.compute("1"), core.call("print"), core.snapshot()]) {
          codes.push(result.ok ? "ok" : result.code);
        }
      });
      succeeds(
        core.compute("print('before') again() print('after') return 1"),
        [1],
        "the outer call",
      );
      equal(codes, ["BUSY", "BUSY", "BUSY"], "codes");
      succeeds(core.compute("2"), [2], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/function-output-order",
    title: "A host function between prints does not disturb the output or its order",
    run: async ({ load }) => {
      const core = await load();
      core.register("nothing", () => "x".repeat(70_000));
      const code = "print('a') local s = nothing() print(#s) print('b')";
      equal(succeeds(core.compute(code), [], "prints").output, "a\n70000\nb\n", "output");
    },
  }),
  defineCase({
    id: "hosts/call-paths",
    title: "call reaches globals and paths; an unknown name is NOT_FOUND, a number RUNTIME_FAILED",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.call("string.format", "%d-%s", 5, "x"), ["5-x"], "string.format");
      succeeds(core.call("math.max", 3, 9, 4), [9], "math.max");
      fails(core.call("nowhere"), "NOT_FOUND", "an unknown global");
      fails(core.call("string.nothing"), "NOT_FOUND", "an unknown field");
      fails(core.call(""), "BAD_VALUE", "an empty name");
      succeeds(core.compute("number = 5"), [], "a number");
      fails(core.call("number"), "RUNTIME_FAILED", "a number called");
    },
  }),
];
