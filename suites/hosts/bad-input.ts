/** Bad input to the library: no core, odd code, odd names; each is told clearly. */

import {
  equal,
  fails,
  isTrue,
  isWithin,
  matches,
  rejects,
  succeeds,
  throws,
} from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { CoreLoadError, EncodeError, UsageError } from "../../runtime/check/errors.ts";
import { loadCore } from "../../runtime/core/load.ts";
import type { CoreOptions } from "../../runtime/core/options.ts";

/** The wasm with bytes replaced, all of one length. */
function patched(
  wasm: Uint8Array<ArrayBuffer>,
  texts: { readonly from: string; readonly to: string },
): Uint8Array<ArrayBuffer> {
  const [from, to] = [new TextEncoder().encode(texts.from), new TextEncoder().encode(texts.to)];
  const copy = wasm.slice();
  const at = copy.findIndex((_, start) => from.every((byte, i) => copy[start + i] === byte));
  isTrue(at >= 0, `"${texts.from}" is in the wasm`);
  copy.set(to, at);
  return copy;
}

export const badInput = [
  defineCase({
    id: "hosts/load-not-wasm",
    title: "Bytes that are empty, cut off, damaged or no wasm: CoreLoadError with the reason",
    run: async ({ subject }) => {
      const { wasm } = subject;
      for (const [what, bytes, reason] of [
        ["no bytes", new Uint8Array(0), "not-wasm"],
        ["a text", new TextEncoder().encode("<html>not found</html>"), "not-wasm"],
        ["7 bytes", wasm.slice(0, 7), "not-wasm"],
        ["version 2", Uint8Array.from([0, 97, 115, 109, 2, 0, 0, 0]), "not-wasm"],
        ["half of it", wasm.slice(0, wasm.length / 2), "not-compiled"],
        ["an empty module", wasm.slice(0, 8), "wrong-interface"],
      ] as const) {
        const error = await rejects(CoreLoadError, loadCore(bytes), what);
        equal(error.reason, reason, `the reason for ${what}`);
        isTrue(error.message.length > 20, `a message for ${what}`);
      }
    },
  }),
  defineCase({
    id: "hosts/load-wrong-interface",
    title: "A wasm with an export or import renamed is refused, and the message names it",
    run: async ({ subject }) => {
      const noExport = patched(subject.wasm, { from: "run_gc", to: "run_gx" });
      const missing = await rejects(CoreLoadError, loadCore(noExport), "an export renamed");
      matches(missing.message, /export run_gc .*is missing.*run_gx/, "the message");
      const newImport = patched(subject.wasm, {
        from: "js_ext_table_keys",
        to: "js_ext_table_kkkk",
      });
      const extra = await rejects(CoreLoadError, loadCore(newImport), "an import renamed");
      matches(extra.message, /import env\.js_ext_table_kkkk .*not expected/, "the message");
      equal([missing.reason, extra.reason], ["wrong-interface", "wrong-interface"], "the reasons");
    },
  }),
  defineCase({
    id: "hosts/load-wrong-abi",
    title: "A wasm of another ABI is refused, and the message names both versions",
    run: async ({ subject }) => {
      const other = patched(subject.wasm, { from: '"abi":1', to: '"abi":7' });
      const error = await rejects(CoreLoadError, loadCore(other), "ABI 7");
      equal(error.reason, "wrong-abi", "the reason");
      matches(error.message, /ABI 7.*ABI 1/, "the message");
    },
  }),
  defineCase({
    id: "hosts/load-sources",
    title:
      "loadCore takes bytes, an ArrayBuffer, a Module and a Response; a bad Response is refused",
    run: async ({ subject }) => {
      const sources = [
        subject.wasm,
        subject.wasm.slice().buffer,
        await WebAssembly.compile(subject.wasm),
        new Response(subject.wasm),
      ];
      for (const source of sources) {
        const core = await loadCore(source);
        succeeds(core.compute("1"), [1], "a core");
        core.dispose();
      }
      const gone = new Response("not found", { status: 404, statusText: "Not Found" });
      const error = await rejects(CoreLoadError, loadCore(gone), "a 404");
      equal(error.reason, "not-fetched", "the reason");
      matches(error.message, /404/, "the message");
    },
  }),
  defineCase({
    id: "hosts/load-no-source",
    title: "loadCore of what is no source at all: UsageError says what was given, and what to pass",
    run: async ({ subject }) => {
      for (const [source, shown] of [
        [undefined, "undefined"],
        [null, "null"],
        [5, "5"],
        ["nofile.wasm", '"nofile.wasm"'],
        [{}, "a plain object"],
        [Promise.resolve(subject.wasm), "a Promise: await it first"],
      ] as const) {
        // As an application without types would pass it.
        const loading = loadCore(source as unknown as Uint8Array<ArrayBuffer>);
        const { message } = await rejects(UsageError, loading, shown);
        const remedy = "pass bytes, a Response, a Module or a URL";
        equal(message, `loadCore does not take ${shown}: ${remedy}`, "the message");
      }
    },
  }),
  defineCase({
    id: "hosts/load-bad-options",
    title: "Options of no meaning: UsageError; a heap too small for the libraries: CoreLoadError",
    run: async ({ load }) => {
      for (const [options, message] of [
        [{ libraries: ["base", "nothing"] }, /libraries .*not "nothing"/],
        [{ seed: 1.5 }, /seed .*not 1\.5/],
        [{ heapLimitBytes: -1 }, /heapLimitBytes .*not -1/],
        [{ quota: { maxBytes: Number.NaN } }, /quota\.maxBytes .*not NaN/],
        [{ modules: ["m"] }, /modules .*not an array/],
        [{ input: 5 }, /input .*not 5/],
      ] as const) {
        // As an application without types would pass it.
        const loading = load(options as unknown as CoreOptions);
        matches((await rejects(UsageError, loading, String(message))).message, message, "it");
      }
      for (const seed of [-0, 2 ** 60, -(2n ** 63n)]) (await load({ seed })).dispose();
      const small = await rejects(CoreLoadError, load({ heapLimitBytes: 1_000 }), "1,000 bytes");
      matches(small.message, /not enough memory/, "the message");
    },
  }),
  defineCase({
    id: "hosts/code-sizes",
    title: "Code of 0, 65,536, 65,537 bytes and 1 MB runs; NUL bytes in it are Lua's to judge",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute(""), [], "0 bytes");
      succeeds(core.compute("  "), [], "spaces");
      for (const length of [65_535, 65_536, 65_537, 1_000_000]) {
        const code = `return 7${" ".repeat(length - 8)}`;
        succeeds(core.compute(code), [7], `${length} bytes`);
        const broken = fails(
          core.compute(`${code.slice(1)}=`),
          "COMPILE_FAILED",
          `${length} bytes`,
        );
        isWithin(String(broken.error).length, { min: 10, max: 199 }, "the message's length");
      }
      succeeds(core.compute("#'a\0b'"), [3], "NUL in a string");
      fails(core.compute("return 1\0 + 1"), "COMPILE_FAILED", "NUL outside of a string");
      fails(core.compute("\0"), "COMPILE_FAILED", "NUL alone");
      fails(core.compute(new Uint8Array([0xff, 0xfe])), "COMPILE_FAILED", "no UTF-8");
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/code-large-chunk",
    title: "A program of 300 KB with 10,000 statements runs whole",
    run: async ({ load }) => {
      const core = await load();
      const code = `n = 0\n${"n = n + 1 -- one more of them\n".repeat(10_000)}return n`;
      isWithin(code.length, { min: 290_000 }, "bytes of code");
      succeeds(core.compute(code), [10_000], "its value");
      const { error } = fails(
        core.compute(`${code}\nx = = 1`),
        "COMPILE_FAILED",
        "an error at its end",
      );
      matches(error, /^eval:10003: /, "the line");
    },
  }),
  defineCase({
    id: "hosts/bad-arguments",
    title:
      "Arguments without a Lua value throw EncodeError, no code UsageError, before Lua is entered",
    run: async ({ load }) => {
      const core = await load();
      for (const [what, value] of [
        ["a bigint of 65 bits", 2n ** 63n],
        ["a lone surrogate", "\ud800"],
        ["a NaN key", new Map([[Number.NaN, 1]])],
      ] as const) {
        throws(EncodeError, () => core.call("print", value), what);
      }
      throws(EncodeError, () => core.compute("return '\ud800'"), "code with a lone surrogate");
      for (const [value, shown] of [
        [undefined, /not undefined/],
        [5, /not 5/],
        [["1"], /not an array/],
      ] as const) {
        // As an application without types would pass it.
        const text = value as unknown as string;
        const computing = throws(UsageError, () => core.compute(text), "code");
        matches(computing.message, /code of compute is a text or bytes/, "what is expected");
        matches(computing.message, shown, "what was given");
        matches(throws(UsageError, () => core.call(text), "a name").message, shown, "a name");
        const callback = value as unknown as () => number;
        matches(throws(UsageError, () => core.register("f", callback), "f").message, shown, "f");
      }
      succeeds(core.compute("1"), [1], "afterwards");
    },
  }),
  defineCase({
    id: "hosts/bad-names",
    title: "register refuses an empty name, one that is too long, and one through a number",
    run: async ({ load }) => {
      const core = await load();
      throws(UsageError, () => core.register("", () => 1), "an empty name");
      throws(UsageError, () => core.register("x".repeat(70_000), () => 1), "a long name");
      succeeds(core.compute("number = 5"), [], "a number");
      for (const name of ["number.f", "print.x"]) {
        const { message } = throws(UsageError, () => core.register(name, () => 1), name);
        matches(message, /a part of it is no table/, `the message for ${name}`);
      }
      fails(core.call("x".repeat(70_000)), "INVALID_SIZE", "a call with a long name");
      succeeds(core.compute("return number"), [5], "afterwards");
    },
  }),
];
