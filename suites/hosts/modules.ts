/** Modules: require finds what the host registers, and package.preload. */
import { equal, fails, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
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
