/** Modules: require finds what the host registers, and package.preload. */
import { UsageError } from "../../harness/core/errors.ts";
import { bytesOf } from "../../harness/core/scalars.ts";
import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

export const modules = [
  defineCase({
    id: "hosts/require-map",
    title: "require finds a module of the host's Map, runs it once, and gives it its name",
    run: async ({ load }) => {
      const source = "runs = (runs or 0) + 1 return {name = ..., runs = runs}";
      const core = await load({ modules: new Map([["my.module", source]]) });
      const code =
        "local m = require 'my.module' return m.name, m.runs, require('my.module') == m, runs";
      succeeds(core.compute(code), ["my.module", 1, true, 1], "the module");
    },
  }),
  defineCase({
    id: "hosts/require-object",
    title: "modules may be a plain object: its own names are found, its prototype's are not",
    run: async ({ load }) => {
      const eight = bytesOf("return 8") ?? "";
      const core = await load({ modules: { "my.module": "return 7", bytes: eight } });
      const code = "return (require 'my.module'), (require 'bytes')";
      succeeds(core.compute(code), [7, 8], "the modules");
      for (const name of ["toString", "constructor", "__proto__"]) {
        const { error } = fails(core.compute(`require '${name}'`), "RUNTIME_FAILED", name);
        matches(error, /not found/, name);
      }
    },
  }),
  defineCase({
    id: "hosts/require-empty-name",
    title: "require('') does not find the code of a long compute, afterwards or after an error",
    run: async ({ load }) => {
      const core = await load();
      const padding = " ".repeat(70_000);
      for (const code of ["return 'secret'", "error('e')", "return = 1"]) {
        core.compute(`${code}${padding}`);
        const { error } = fails(core.compute("require ''"), "RUNTIME_FAILED", `after ${code}`);
        matches(error, /module '' not found/, "the message");
      }
    },
  }),
  defineCase({
    id: "hosts/require-wrong-source",
    title: "A function that gives neither text nor bytes: an error in Lua, with the cause",
    run: async ({ load }) => {
      // As an application without types would pass it.
      const modules = (() => Promise.resolve("return 1")) as unknown as () => string;
      const core = await load({ modules });
      const { cause } = fails(core.compute("require 'm'"), "RUNTIME_FAILED", "a Promise");
      isTrue(cause instanceof UsageError, "the cause is a UsageError");
      matches(cause.message, /source of module "m" .* not a Promise/, "its message");
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/require-function",
    title: "A host's function gives modules by name, also long ones, and is asked once for each",
    run: async ({ load }) => {
      const asked: string[] = [];
      const core = await load({
        modules: (name) => {
          asked.push(name);
          return name === "long" ? `${"-- filler\n".repeat(20_000)}return 7` : undefined;
        },
      });
      succeeds(core.compute("return (require 'long')"), [7], "a long module");
      equal(asked, ["long"], "names asked for");
    },
  }),
  defineCase({
    id: "hosts/require-preload",
    title: "package.preload comes before the host's modules",
    run: async ({ load }) => {
      const core = await load({ modules: new Map([["m", "return 'host'"]]) });
      const code = "package.preload.m = function() return 'preload' end return (require 'm')";
      succeeds(core.compute(code), ["preload"], "the module");
    },
  }),
  defineCase({
    id: "hosts/require-missing",
    title: "A module that is nowhere is an error that says where it was looked for",
    run: async ({ load }) => {
      const core = await load();
      const { error } = fails(core.compute("require 'nowhere'"), "RUNTIME_FAILED", "nowhere");
      matches(error, /module 'nowhere' not found/, "the message");
      matches(error, /package\.preload/, "the message");
    },
  }),
  defineCase({
    id: "hosts/require-broken",
    title: "A syntax error in a module names the module and the line",
    run: async ({ load }) => {
      const core = await load({ modules: new Map([["broken", "local x = 1\nlocal = 2"]]) });
      const { error } = fails(core.compute("require 'broken'"), "RUNTIME_FAILED", "broken");
      matches(error, /error loading module 'broken'/, "the message");
      matches(error, /broken:2:/, "its place");
    },
  }),
  defineCase({
    id: "hosts/require-host-throws",
    title: "A module source that throws is a Lua error, and the core goes on",
    run: async ({ load }) => {
      const core = await load({
        modules: () => {
          throw new Error("disk on fire");
        },
      });
      const [ok, message] = succeeded(core.compute("return pcall(require, 'm')"), "pcall").values;
      equal(ok, false, "pcall");
      matches(message, /m/, "the message");
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
];
