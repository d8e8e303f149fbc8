/** The memory map: fixed at 2 MiB, the stack first, then data, the I/O buffer, and Lua's heap. */

import { equal, isTrue, isWithin } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { readModule } from "../../harness/wasm/module.ts";
import {
  bufferAlignment,
  bufferBytes,
  heapBytesMin,
  memoryPages,
  stackBytes,
} from "../../runtime/abi/abi.ts";
import { rawCore } from "../raw-core.ts";

export const memoryMap = [
  defineCase({
    id: "exports/memory-fixed",
    title: "Its one memory has 32 pages (2 MiB) and can never grow",
    tier: "smoke",
    run: ({ subject }) => {
      const memories = readModule(subject.wasm).memories.map(
        ({ minPages, maxPages, imported }) => ({ minPages, maxPages, imported }),
      );
      const expected = { minPages: memoryPages, maxPages: memoryPages, imported: false };
      equal(memories, [expected], "memories");
    },
  }),
  defineCase({
    id: "exports/stack-first",
    title: "The stack is the first 256 KiB: it grows down to address 0, all data lies behind it",
    tier: "smoke",
    run: ({ subject }) => {
      const { globals, dataSegments } = readModule(subject.wasm);
      const stackPointers = globals.filter(
        ({ mutable, initialValue }) => mutable && initialValue === stackBytes,
      );
      equal(stackPointers.length, 1, `mutable globals that start at ${stackBytes}`);
      isTrue(dataSegments.length > 0, "there are data segments");
      for (const { offset = 0 } of dataSegments) {
        isWithin(offset, { min: stackBytes }, "where a data segment lies");
      }
    },
  }),
  defineCase({
    id: "exports/io-buffer",
    title: "The I/O buffer has 65,536 bytes, 16-aligned, behind the stack",
    run: async ({ subject }) => {
      const { guest } = await rawCore(subject);
      equal(guest.bufferSize(), bufferBytes, "its size");
      equal(guest.bufferPtr() % bufferAlignment, 0, "its address modulo 16");
      isWithin(guest.bufferPtr(), { min: stackBytes }, "its address");
    },
  }),
  defineCase({
    id: "exports/heap-size",
    title: "Lua has a heap of at least 1.6 MiB",
    run: async ({ load }) => {
      const stats = (await load()).memoryStats();
      isWithin(stats.heapTotalBytes, { min: heapBytesMin }, "heap in bytes");
      isWithin(stats.heapUsedBytes, { min: 1, max: stats.heapTotalBytes }, "heap in use in bytes");
    },
  }),
];
