/** Errors are values, messages are short and whole text, and the core goes on after each. */

import { equal, fails, isWithin, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { LuaTable } from "../../runtime/value/values.ts";

const byteLength = (text: unknown) => new TextEncoder().encode(String(text)).length;

export const errors = [
  defineCase({
    id: "hosts/expression",
    title: '"5 + 3" gives 8: code is tried as an expression first, also several and with calls',
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("5 + 3"), [8], "5 + 3");
      succeeds(core.compute("1, 'two', nil"), [1, "two", undefined], "a list");
      succeeds(core.compute("('x'):rep(3)"), ["xxx"], "a call");
      succeeds(core.compute("x = 5"), [], "an assignment");
      succeeds(core.compute("x -- comment"), [5], "with a comment");
    },
  }),
  defineCase({
    id: "hosts/error-then-good",
    title: "After each of 12 kinds of error, good code runs and the state is as it was",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("kept = {1, 2, 3}"), [], "a global");
      for (const [code, expected] of [
        ["local = 1", "COMPILE_FAILED"],
        ["return 'unfinished", "COMPILE_FAILED"],
        ["goto nowhere", "COMPILE_FAILED"],
        ["error('message')", "RUNTIME_FAILED"],
        ["error()", "RUNTIME_FAILED"],
        ["error({})", "RUNTIME_FAILED"],
        ["nothing.field = 1", "RUNTIME_FAILED"],
        ["return 1 + {}", "RUNTIME_FAILED"],
        ["local function f() return f() + 1 end return f()", "RUNTIME_FAILED"],
        ["coroutine.yield(1)", "RUNTIME_FAILED"],
        ["return print", "BAD_VALUE"],
        ["return ('x'):rep(1 << 40)", "RUNTIME_FAILED"],
      ] as const) {
        fails(core.compute(code), expected, code);
        succeeds(core.compute("return #kept, 1 + 1"), [3, 2], `after ${code}`);
      }
    },
  }),
  defineCase({
    id: "hosts/error-values",
    title: "error(v) gives v: text with its place, a number, a table, nil, true",
    run: async ({ load }) => {
      const core = await load();
      const errorOf = (code: string) => fails(core.compute(code), "RUNTIME_FAILED", code).error;
      equal(errorOf("\nerror('here')"), "eval:2: here", "a text");
      equal(errorOf("error('plain', 0)"), "plain", "a text without place");
      equal(errorOf("error(42)"), 42, "a number");
      equal(errorOf("error({code = 7})"), new LuaTable([["code", 7]]), "a table");
      equal(errorOf("error(nil)"), undefined, "nil");
      equal(errorOf("error(true)"), true, "true");
      equal(
        errorOf("error(setmetatable({}, {__tostring = function() return 'object' end}))"),
        "object",
        "a table with __tostring",
      );
      matches(errorOf("error(print)"), /^function/, "a function, as text");
    },
  }),
  defineCase({
    id: "hosts/message-199-bytes",
    title: "A message has at most 199 bytes, and is cut between characters, never in one",
    run: async ({ load }) => {
      const core = await load();
      const messageOf = (code: string) =>
        String(fails(core.compute(code), "RUNTIME_FAILED", code).error);
      equal(messageOf("error(('a'):rep(199), 0)"), "a".repeat(199), "199 bytes");
      equal(messageOf("error(('a'):rep(200), 0)"), "a".repeat(199), "200 bytes");
      equal(messageOf("error(('é'):rep(150), 0)"), "é".repeat(99), "two bytes each");
      equal(messageOf("error('a' .. ('é'):rep(150), 0)"), `a${"é".repeat(99)}`, "shifted by one");
      equal(messageOf("error(('😀'):rep(80), 0)"), "😀".repeat(49), "four bytes each");
      isWithin(byteLength(messageOf("error(('€'):rep(200))")), { min: 197, max: 199 }, "bytes");
      const syntax = fails(core.compute(`x = ${"y".repeat(500)} z z`), "COMPILE_FAILED", "syntax");
      isWithin(byteLength(syntax.error), { max: 199 }, "bytes of a syntax error");
    },
  }),
  defineCase({
    id: "hosts/syntax-error-reported",
    title: "The syntax error reported is the chunk's, not that of the try as an expression",
    run: async ({ load }) => {
      const core = await load();
      const { error } = fails(
        core.compute("local x = 1\nlocal y = = 2"),
        "COMPILE_FAILED",
        "chunk",
      );
      matches(error, /^eval:2: unexpected symbol near '='/, "the message");
    },
  }),
  defineCase({
    id: "hosts/deep-recursion",
    title:
      "Endless recursion in Lua, pcall, patterns, tostring and sort is a Lua error, not a trap",
    run: async ({ load }) => {
      const core = await load();
      for (const code of [
        "local function f() return 1 + f() end f()",
        "local function f() return pcall(f) end local ok, m = f() error(m or 'none')",
        "local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x.y",
        "local t = setmetatable({}, {}) getmetatable(t).__tostring = tostring tostring(t)",
        "local function f(s) return (s:gsub('.', f)) end f('x')",
        "local c = function(f) return coroutine.wrap(function() return f(f) end)() end c(c)",
        "return load(('('):rep(1000) .. '1' .. (')'):rep(1000))() ",
        "local function f(a, b) table.sort({1, 2, 3}, f) return a < b end table.sort({3, 2, 1}, f)",
      ]) {
        const result = core.compute(code);
        if (!result.ok && result.code === "POISONED") fails(result, "RUNTIME_FAILED", code);
        succeeds(core.compute("return 1"), [1], `after ${code}`);
      }
    },
  }),
];
