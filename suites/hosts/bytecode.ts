/** Bytecode can crash any Lua: load refuses it unless the host says that it is trusted. */
import { equal, fails, matches, succeeded, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";

const dumped = "string.dump(function() return 42 end)";

export const bytecode = [
  defineCase({
    id: "hosts/bytecode-refused",
    title: "By default load, compute and require refuse bytecode, whatever mode is asked for",
    run: async ({ load }) => {
      const core = await load({ modules: new Map([["binary", new Uint8Array([0x1b, 0x4c])]]) });
      for (const mode of ["", ", 'x'", ", 'x', 'b'", ", 'x', 'bt'", ", 'x', 't'"]) {
        const code = `load(${dumped}${mode})`;
        const [loaded, message] = succeeded(core.compute(code), code).values;
        equal(loaded, undefined, code);
        matches(message, /binary chunk/, code);
      }
      fails(core.compute(new Uint8Array([0x1b, 0x4c, 0x75, 0x61])), "COMPILE_FAILED", "compute");
      matches(
        fails(core.compute("require 'binary'"), "RUNTIME_FAILED", "require").error,
        /binary/,
        "require",
      );
    },
  }),
  defineCase({
    id: "hosts/bytecode-trusted",
    title: 'With bytecode: "trusted" load runs what string.dump made; mode "t" still refuses it',
    run: async ({ load }) => {
      const core = await load({ bytecode: "trusted" });
      succeeds(core.compute(`load(${dumped})()`), [42], "load");
      succeeds(core.compute(`load(${dumped}, 'x', 't') == nil`), [true], "mode t");
      succeeds(core.compute("load('return 1', 'x', 'b') == nil"), [true], "text in mode b");
    },
  }),
];
