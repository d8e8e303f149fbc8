/** Modules: require finds what the host registers, and package.preload. */

import { equal, fails, isTrue, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { UsageError } from "../../runtime/check/errors.ts";
import { bytesOf, LuaBytes } from "../../runtime/scalar/scalars.ts";

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
    id: "hosts/require-each-length",
    title: "The last byte of a module counts, whatever pieces it is read in",
    run: async ({ load }) => {
      const powers = Array.from({ length: 9 }, (_, i) => 256 << i);
      const lengths = [8, 9, ...powers.flatMap((length) => [length - 1, length, length + 1])];
      const sources = lengths.map((length) => `return ${"7".padStart(length - 7, "0")}`);
      const core = await load({
        modules: Object.fromEntries(sources.map((source, i) => [`m${lengths[i]}`, source])),
      });
      for (const length of lengths) {
        succeeds(core.compute(`return (require "m${length}")`), [7], `${length} bytes`);
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
    id: "hosts/require-failing-source",
    title: "Why the host could not give a module is the error, also under pcall",
    run: async ({ load }) => {
      const thrown = new Error("the disk is gone");
      const core = await load({
        modules: (name) => {
          if (name === "bad") throw thrown;
          return undefined;
        },
      });
      const { error, cause } = fails(core.compute("require 'bad'"), "RUNTIME_FAILED", "thrown");
      matches(error, /the disk is gone/, "the error");
      equal(cause, thrown, "its cause");
      const caught = core.compute("return select(2, pcall(require, 'bad'))");
      matches(succeeded(caught, "under pcall").values[0], /the disk is gone/, "what pcall gives");
      const { error: other } = fails(core.compute("require 'other'"), "RUNTIME_FAILED", "no such");
      matches(other, /module 'other' not found/, "one that there is not");
    },
  }),
  defineCase({
    id: "hosts/require-as-files",
    title: "Sources begin as files of stock Lua may: a byte order mark, a #! line, both, neither",
    run: async ({ load }) => {
      const mark = "\ufeff";
      const sources: readonly (readonly [string, string, number])[] = [
        ["mark", `${mark}return 1`, 1],
        ["line", "#!/usr/bin/lua\nreturn 2", 2],
        ["both", `${mark}#!/usr/bin/lua\nreturn 3`, 3],
        ["comment", "# anything\nreturn 4", 4],
        ["crlf", "#!/usr/bin/lua\r\nreturn 5", 5],
        ["neither", "return 6", 6],
      ];
      const modules = new Map<string, string | Uint8Array>(
        sources.map(([name, text]) => [name, text]),
      );
      for (const [name, text] of sources)
        modules.set(`${name}-bytes`, new TextEncoder().encode(text));
      modules.set("empty", "").set("mark-alone", mark).set("line-alone", "#!/usr/bin/lua");
      modules.set("lines", "#!/usr/bin/lua\n\nerror('here')").set("later", "x = 1\n# no comment");
      modules.set("twice", `${mark}${mark}return 1`).set("half", new Uint8Array([0xef, 0xbb]));
      const core = await load({ modules });
      for (const [name, , expected] of sources) {
        for (const each of [name, `${name}-bytes`]) {
          succeeds(core.compute(`return (require '${each}')`), [expected], each);
        }
      }
      for (const each of ["empty", "mark-alone", "line-alone"]) {
        succeeds(core.compute(`return (require '${each}')`), [true], each);
      }
      const { error } = fails(core.compute("require 'lines'"), "RUNTIME_FAILED", "lines");
      equal(error, "lines:3: here", "lines keep their numbers");
      for (const each of ["later", "twice", "half"]) {
        fails(core.compute(`require '${each}'`), "RUNTIME_FAILED", each);
      }
      fails(core.compute("#!/usr/bin/lua\nreturn 1"), "COMPILE_FAILED", "code is no file");
    },
  }),
  defineCase({
    id: "hosts/require-bytecode-as-files",
    title: "Bytecode behind a #! line and a byte order mark is read, where bytecode is trusted",
    run: async ({ load }) => {
      const maker = await load({ strings: "bytes" });
      const dumped = maker.compute("return string.dump(load('return 42'))");
      const bytecode = succeeded(dumped, "dumped").values[0];
      isTrue(bytecode instanceof LuaBytes, "bytes");
      const behind = (text: string) =>
        new Uint8Array([...new TextEncoder().encode(text), ...bytecode.toBytes()]);
      const modules = { plain: behind(""), line: behind("#!lua\n"), mark: behind("\ufeff#!lua\n") };
      const core = await load({ modules, bytecode: "trusted" });
      for (const name of Object.keys(modules)) {
        succeeds(core.compute(`return (require '${name}')`), [42], name);
      }
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
];
