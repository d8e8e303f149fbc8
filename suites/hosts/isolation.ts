/** Several cores side by side share nothing; a disposed one is gone. */

import { equal, fails, succeeds, throws } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { DisposedError, EncodeError } from "../../runtime/check/errors.ts";

export const isolation = [
  defineCase({
    id: "hosts/side-by-side",
    title: "Two cores have their own globals, tables, functions and output",
    run: async ({ load }) => {
      const [a, b] = [await load(), await load()];
      a.register("who", () => "a");
      b.register("who", () => "b");
      for (const [core, name] of [
        [a, "a"],
        [b, "b"],
      ] as const) {
        const code = `x = '${name}' _home.x = x print(x) return who()`;
        equal(succeeds(core.compute(code), [name], name).output, `${name}\n`, "output");
      }
      succeeds(a.compute("return x, _home.x, who()"), ["a", "a", "a"], "the first");
      succeeds(b.compute("return x, _home.x, who()"), ["b", "b", "b"], "the second");
      throws(EncodeError, () => a.call("who", b.tables.home), "another core's table");
    },
  }),
  defineCase({
    id: "hosts/core-calls-core",
    title: "A host function of one core calls another core, which fails without harm to the first",
    run: async ({ load }) => {
      const [outer, inner] = [await load(), await load()];
      outer.register("ask", (code) => {
        const result = inner.compute(String(code));
        return result.ok ? result.values[0] : result.code;
      });
      const code =
        "return ask('return 6 * 7'), pcall(error), ask('error()'), ask('return _VERSION')";
      succeeds(outer.compute(code), [42, false, "RUNTIME_FAILED", "Lua 5.4"], "asked");
    },
  }),
  defineCase({
    id: "hosts/disposed",
    title:
      "After dispose calls answer DISPOSED, tables stay readable, a second dispose is harmless",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("_home.x = 1"), [], "before");
      core.dispose();
      core.dispose();
      fails(core.compute("1"), "DISPOSED", "compute");
      fails(core.call("print"), "DISPOSED", "call");
      throws(DisposedError, () => core.memoryStats(), "memoryStats");
      throws(DisposedError, () => core.register("f", () => 1), "register");
      equal(core.tables.home.get("x"), 1, "an external table");
    },
  }),
  defineCase({
    id: "hosts/seed",
    title: "The same seed gives the same random numbers; two seeds, and no seed, give others",
    run: async ({ load, seed }) => {
      const draw = async (options: { readonly seed?: number }) => {
        const result = (await load(options)).compute("math.random(0), math.random(1 << 40)");
        return result.ok ? result.values : [];
      };
      const first = await draw({ seed });
      equal(first.length, 2, "numbers");
      equal(await draw({ seed }), first, "the same seed");
      const others = [await draw({ seed: seed + 1 }), await draw({}), await draw({})];
      const distinct = new Set([first, ...others].map((numbers) => numbers.join()));
      equal(distinct.size, 4, "different draws");
    },
  }),
];
