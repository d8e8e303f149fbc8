/** Each code of docs/FORMATS.md, provoked. The others have cases that tell what leads to them. */

import { equal, fails, matches, succeeds } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { statusCodes } from "../../runtime/abi/abi.ts";
import { rawCore } from "../raw-core.ts";

const bigHeap = "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end";

export const codes = [
  defineCase({
    id: "hosts/code-compile-and-runtime",
    title:
      "COMPILE_FAILED for a syntax error, RUNTIME_FAILED for a raised one, 0 or more for success",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      equal(raw.status(raw.guest.init()), 0, "init");
      equal(raw.compute("x ="), "COMPILE_FAILED", "a syntax error");
      equal(raw.compute("error('e', 0)"), "RUNTIME_FAILED", "an error");
      equal(raw.values(), ["e"], "the error value in the frame");
      equal(raw.compute("x = 1"), 16, "success: the length of a frame without values");
      equal(raw.compute("1"), 16 + 9, "success: the length of a frame with an integer");
    },
  }),
  defineCase({
    id: "hosts/code-out-of-memory",
    title: "OUT_OF_MEMORY when the heap is full, three times over; the state is usable after it",
    run: async ({ load }) => {
      const core = await load();
      succeeds(core.compute("kept = 'kept'"), [], "a global");
      for (let i = 1; i <= 3; i++) {
        matches(
          fails(core.compute(bigHeap), "OUT_OF_MEMORY", `time ${i}`).error,
          /not enough memory/,
          "the message",
        );
        succeeds(core.compute("return kept, #('x'):rep(100000)"), ["kept", 100_000], "afterwards");
      }
    },
  }),
  defineCase({
    id: "hosts/code-out-of-memory-caught",
    title: "A script may catch that memory ran out, and go on",
    run: async ({ load }) => {
      const core = await load();
      const code = `local ok, m = pcall(load(${JSON.stringify(bigHeap)})) return ok, m`;
      succeeds(core.compute(code), [false, "not enough memory"], "pcall");
    },
  }),
  defineCase({
    id: "hosts/code-heap-limit",
    title:
      "heapLimitBytes makes OUT_OF_MEMORY come earlier, and init fail below the libraries' need",
    run: async ({ load }) => {
      const core = await load({ heapLimitBytes: 200_000 });
      equal(core.memoryStats().heapTotalBytes, 200_000, "the heap");
      fails(core.compute("return #('x'):rep(300000)"), "OUT_OF_MEMORY", "300,000 bytes");
      succeeds(core.compute("return #('x'):rep(50000)"), [50_000], "50,000 bytes");
    },
  }),
  defineCase({
    id: "hosts/code-buffer-overflow",
    title: "BUFFER_OVERFLOW when the host takes less output than it is given",
    run: async ({ subject }) => {
      const raw = await rawCore(subject, { replaced: { js_output: () => 1 } });
      raw.guest.init();
      equal(raw.compute("print(('x'):rep(40000))"), "BUFFER_OVERFLOW", "output");
      equal(raw.compute("1"), 25, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/code-stream-overflow",
    title: "BUFFER_OVERFLOW when the host takes less of a large result than it is given",
    run: async ({ subject }) => {
      const raw = await rawCore(subject, { replaced: { js_stream_write: () => 1 } });
      raw.guest.init();
      equal(raw.compute("return ('x'):rep(100000)"), "BUFFER_OVERFLOW", "a result");
      equal(raw.compute("1"), 25, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/code-host-failed",
    title:
      "HOST_FAILED, and any unknown code of an import, is a Lua error that says the host failed",
    run: async ({ subject }) => {
      for (const answer of [statusCodes.HOST_FAILED, -999]) {
        const raw = await rawCore(subject, { replaced: { js_ext_table_size: () => answer } });
        raw.guest.init();
        equal(raw.compute("return #_home"), "RUNTIME_FAILED", `an import that answers ${answer}`);
        matches(raw.values()[0], /the host failed/, "the message");
      }
    },
  }),
  defineCase({
    id: "hosts/code-busy",
    title:
      "BUSY from every export that is called from within a host function; the outer call goes on",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      raw.guest.init();
      const inner: (string | number)[] = [];
      raw.register("again", () => {
        const { compute, call, bufferPtr, init, register, runGc } = raw.guest;
        inner.push(raw.status(compute(bufferPtr(), 1)), raw.status(call(bufferPtr(), 0)));
        inner.push(
          raw.status(init()),
          raw.status(register(bufferPtr(), 1, 0)),
          raw.status(runGc()),
        );
        raw.guest.deinit();
      });
      equal(raw.compute("again() return 5"), 25, "the outer call");
      equal(raw.values(), [5], "its value");
      equal(inner, ["BUSY", "BUSY", "BUSY", "BUSY", "BUSY"], "inner calls");
    },
  }),
  defineCase({
    id: "hosts/code-bad-value",
    title: "BAD_VALUE for arguments that are no encoding: cut off, unknown tags, wrong counts",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      raw.guest.init();
      const buffer = raw.host.memory.range(raw.guest.bufferPtr(), 64) ?? new Uint8Array(0);
      for (const bytes of [
        [1, 0, 0, 0],
        [1, 0, 0, 0, 0x19, 0, 0, 0, 0],
        [1, 0, 0, 0, 0x01, 2],
        [255, 255, 255, 255, 0],
        [1, 0, 0, 0, 0x04, 255, 255, 255, 127, 0x61],
        [1, 0, 0, 0, 0x05, 1, 0, 0, 0, 0x00, 0x00],
        [1, 0, 0, 0, 0x06, 0, 0, 0, 0],
        [0, 0, 0, 0, 0x00],
      ]) {
        buffer.set(bytes);
        buffer.set([0x04, 5, 0, 0, 0, 0x70, 0x72, 0x69, 0x6e, 0x74], bytes.length);
        const answer = raw.guest.call(raw.guest.bufferPtr() + bytes.length, bytes.length);
        equal(raw.status(answer), "BAD_VALUE", `arguments ${bytes.join(" ")}`);
      }
      equal(raw.call("print", 1), 18, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/code-unknown-table",
    title: "UNKNOWN_TABLE: ext_table on an id that is not there is a Lua error that names it",
    run: async ({ load }) => {
      const core = await load();
      for (const call of [
        "get(999, 1)",
        "set(999, 1, 1)",
        "size(999)",
        "keys(999)",
        "delete(999, 1)",
      ]) {
        const { error } = fails(core.compute(`ext_table.${call}`), "RUNTIME_FAILED", call);
        matches(error, /999: no such external table/, call);
      }
    },
  }),
];
