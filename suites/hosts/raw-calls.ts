/** The exports called as no library would: before init, after deinit, with sizes that are wrong. */

import { equal, isTrue } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { bufferBytes } from "../../runtime/abi/abi.ts";
import { type RawCore, rawCore } from "../raw-core.ts";

function everyExport({ guest, status }: RawCore): readonly (string | number)[] {
  const start = guest.bufferPtr();
  return [
    guest.compute(start, 1),
    guest.call(start, 0),
    guest.register(start, 1, 0),
    guest.runGc(),
  ].map(status);
}

const nullState = ["NULL_STATE", "NULL_STATE", "NULL_STATE", "NULL_STATE"];

export const rawCalls = [
  defineCase({
    id: "hosts/before-init",
    title: "Before init every export answers NULL_STATE, and figures of an empty heap",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      equal(everyExport(raw), nullState, "compute, call, register, run_gc");
      raw.guest.memoryStats(raw.guest.bufferPtr());
      const figures = [0, 4, 8, 12, 16, 20].map((at) =>
        raw.host.memory.u32(raw.guest.bufferPtr() + at),
      );
      equal(figures, [0, 0, 0, 0, 0, 0], "the six figures");
      raw.guest.deinit();
      equal(raw.status(raw.guest.init()), 0, "init afterwards");
      equal(raw.compute("1"), 25, "compute afterwards");
    },
  }),
  defineCase({
    id: "hosts/state-in-small-pieces",
    title: "A host may hand a state over in pieces of any size, down to one byte",
    run: async ({ subject }) => {
      for (const pieceBytes of [1, 2, 3, 1000]) {
        const raw = await rawCore(subject);
        raw.guest.init();
        raw.compute("x = {} for i = 1, 300 do x[i] = 'text ' .. i end");
        equal(raw.status(raw.guest.serializeState(0)), 0, "saved");
        const body = raw.host.received.take();
        const other = await rawCore(subject, {
          replaced: {
            js_stream_read: (pointer = 0, bytes = 0) => {
              const room = other.host.memory.range(pointer, Math.min(bytes, pieceBytes));
              return room === undefined ? -1 : other.host.promised.readInto(room);
            },
          },
        });
        other.host.promised.promise(body);
        equal(other.status(other.guest.restoreState(0)), 0, `in pieces of ${pieceBytes}`);
        other.compute("return #x, x[300]");
        equal(other.values(), [300, "text 300"], "what it has");
      }
    },
  }),
  defineCase({
    id: "hosts/after-deinit",
    title:
      "After deinit every export answers NULL_STATE; init makes a fresh state; twice is harmless",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      raw.guest.init();
      raw.compute("x = 5");
      raw.guest.deinit();
      raw.guest.deinit();
      equal(everyExport(raw), nullState, "compute, call, register, run_gc");
      equal(raw.status(raw.guest.init()), 0, "init");
      raw.compute("return x");
      equal(raw.values(), [undefined], "the old global");
    },
  }),
  defineCase({
    id: "hosts/init-leaks-nothing",
    title: "100 times init and deinit leave the heap as one time does",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      const usedAfterInit = () => {
        equal(raw.status(raw.guest.init()), 0, "init");
        raw.guest.memoryStats(raw.guest.bufferPtr());
        const used = raw.host.memory.u32(raw.guest.bufferPtr());
        raw.guest.deinit();
        return used;
      };
      const first = usedAfterInit();
      isTrue(first > 0, "a state takes memory");
      for (let i = 0; i < 100; i++) equal(usedAfterInit(), first, `heap in use, time ${i + 2}`);
    },
  }),
  defineCase({
    id: "hosts/code-sizes-raw",
    title:
      "compute takes code of 0 and 65,536 bytes; of 65,537, or outside the buffer: INVALID_SIZE",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      raw.guest.init();
      const start = raw.guest.bufferPtr();
      equal(raw.status(raw.guest.compute(start, 0)), 16, "0 bytes");
      equal(raw.compute(`return 1${" ".repeat(bufferBytes - 8)}`), 25, "65,536 bytes");
      for (const [pointer, length] of [
        [start, bufferBytes + 1],
        [start + 1, bufferBytes],
        [start - 1, 1],
        [start + bufferBytes + 1, 0],
        [start, -1],
        [-1, 2],
      ] as const) {
        const answer = raw.status(raw.guest.compute(pointer, length));
        equal(answer, "INVALID_SIZE", `pointer ${pointer}, length ${length}`);
      }
      equal(raw.compute("1"), 25, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/wrong-pointers-raw",
    title: "call, register and configure refuse pointers and lengths outside the buffer",
    run: async ({ subject }) => {
      const { guest, status, compute } = await rawCore(subject);
      guest.init();
      const start = guest.bufferPtr();
      const end = start + bufferBytes;
      equal(status(guest.call(0, 0)), "INVALID_SIZE", "call with a null name");
      equal(status(guest.call(end, 0)), "INVALID_SIZE", "call with a name at the end");
      equal(status(guest.register(start, bufferBytes + 1, 0)), "INVALID_SIZE", "register");
      equal(status(guest.register(start, 0, 0)), "INVALID_SIZE", "register without a name");
      equal(status(guest.configure(start, bufferBytes + 1)), "INVALID_SIZE", "configure");
      guest.memoryStats(0);
      guest.memoryStats(-4);
      guest.memoryStats(2 * 1024 * 1024 - 23);
      equal(compute("1"), 25, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/configure-raw",
    title: "configure refuses unknown keys, wrong types and bytes that are no table: BAD_VALUE",
    run: async ({ subject }) => {
      const raw = await rawCore(subject);
      const text = (value: string) => [
        0x04,
        value.length,
        0,
        0,
        0,
        ...new TextEncoder().encode(value),
      ];
      const table = (...entries: readonly (readonly number[])[]) => [
        ...[0x05, entries.length / 2, 0, 0, 0],
        ...entries.flat(),
      ];
      const configure = (bytes: readonly number[]) => {
        const start = raw.guest.bufferPtr();
        raw.host.memory.range(start, bytes.length)?.set(bytes);
        return raw.status(raw.guest.configure(start, bytes.length));
      };
      const integer = [0x02, 1, 0, 0, 0, 0, 0, 0, 0];
      equal(configure(table()), 0, "an empty table");
      equal(configure(table(text("seed"), integer)), 0, "a seed");
      equal(configure(table(text("sede"), integer)), "BAD_VALUE", "an unknown key");
      equal(configure(table(text("traceback"), integer)), "BAD_VALUE", "a wrong type");
      equal(configure(table(text("libraries"), text("base,nothing"))), "BAD_VALUE", "a library");
      equal(configure([0x05, 1, 0, 0]), "BAD_VALUE", "a table that is cut off");
      equal(configure([]), "BAD_VALUE", "no bytes");
    },
  }),
];
