/** Stored functions and objects from a host that gives damaged bytes: an error, never a trap. */

import type { Figures, Subject } from "../../harness/suite/case.ts";
import { equal, isTrue, isWithin } from "../../harness/suite/check.ts";
import { defineCase } from "../../harness/suite/collect.ts";
import { valueTags } from "../../runtime/abi/abi.ts";
import { LuaGraph } from "../../runtime/value/values.ts";
import { configure, memoryStatsOf } from "../memory-figures.ts";
import { type RawCore, rawCore } from "../raw-core.ts";

/** Behind the value's tag. */
const objectCountAt = 1 + 16;

/** Each kind of object that a value has, and each kind of slot and of key. */
const value = `local inner, n = ext.table(), 5
  local Class = {name = "Class", 1.5, true, print, -7} Class.__index = Class
  local function count(...) n = n + 1 for i, v in ipairs({...}) do n = n + v end return n end
  local o = setmetatable({count = count, string, _G, inner, ("long"):rep(20)}, Class)
  o[o], o[0.5], o[false], o[count] = o, 1, 2, {3}
  _home.v = {o, function() return o, n end, setmetatable({}, {__mode = "k"})}`;

/** The bytes of `_home.v`, and what the guest does with others in their place. */
interface Reading {
  readonly whole: Uint8Array;
  readonly read: (bytes: Uint8Array) => string | number;
  readonly raw: RawCore;
}

async function readingOf(subject: Subject, code: string): Promise<Reading> {
  let given: Uint8Array | undefined;
  const raw = await rawCore(subject, {
    replaced: {
      js_ext_table_get: (_id = 0, _keyPtr = 0, _keyLen = 0, ptr = 0, max = 0) => {
        const bytes = given ?? new Uint8Array(0);
        if (bytes.length <= max) raw.host.memory.range(ptr, max)?.set(bytes);
        return bytes.length;
      },
    },
  });
  configure(raw, { seed: 1 });
  equal(raw.status(raw.guest.init()), 0, "init");
  equal(raw.compute(code), 16, "the value is stored");
  const graph = raw.host.tables.faceOf(raw.host.tables.named("_home")).get("v");
  isTrue(graph instanceof LuaGraph, "a graph");
  return {
    whole: Uint8Array.from([valueTags.graph, ...graph.toBytes()]),
    read: (bytes) => {
      given = bytes;
      return raw.compute("local v = _home.v");
    },
    raw,
  };
}

/** Reads what `damaged` makes of the value, `count` times: each is read, or an error. */
function readAll(
  { raw, read, whole }: Reading,
  damage: { readonly count: number; readonly damaged: (index: number) => Uint8Array },
): Figures {
  const settled = () => {
    for (let i = 0; i < 3; i++) isTrue(raw.guest.runGc() >= 0, "a collection");
    return memoryStatsOf(raw).heapUsedBytes;
  };
  equal(read(whole), 16, "the value as it was");
  const before = settled();
  let refused = 0;
  for (let index = 0; index < damage.count; index++) {
    const answer = read(damage.damaged(index));
    if (answer === 16) continue;
    isTrue(answer === "RUNTIME_FAILED" || answer === "OUT_OF_MEMORY", `${index}: ${answer}`);
    refused += 1;
  }
  equal(read(whole), 16, "the value afterwards");
  const grownBytes = settled() - before;
  // The table of strings may have grown, once.
  isWithin(grownBytes, { max: 1536 }, "bytes more in use");
  return { reads: damage.count, refused };
}

const tableDepthMax = 100;

/** Tables in one another, each the only value of the one around it. */
function nested(depth: number): Uint8Array {
  const outer = [valueTags.table, 1, 0, 0, 0, valueTags.boolean, 1];
  const inner = [valueTags.table, 0, 0, 0, 0];
  return Uint8Array.from([...Array.from({ length: depth - 1 }, () => outer).flat(), ...inner]);
}

export const storedDamage = [
  defineCase({
    id: "hosts/stored-depth",
    title: "Stored tables that nest deeper than the guest saves them are refused, at any depth",
    run: async ({ subject }) => {
      const { read } = await readingOf(subject, value);
      equal(read(nested(tableDepthMax)), 16, "as deep as may be");
      for (const depth of [tableDepthMax + 1, 1000, 8000]) {
        equal(read(nested(depth)), "RUNTIME_FAILED", `${depth} deep`);
      }
      equal(read(nested(tableDepthMax)), 16, "afterwards");
    },
  }),
  defineCase({
    id: "hosts/stored-truncated",
    title: "Every truncation of a stored value is a Lua error, and all memory comes back",
    limitMs: 60_000,
    run: async ({ subject }) => {
      const reading = await readingOf(subject, value);
      const { whole } = reading;
      const damaged = (index: number) => whole.slice(0, index + 1);
      const figures = readAll(reading, { count: whole.length - 1, damaged });
      equal(figures["refused"], figures["reads"], "refused");
      return figures;
    },
  }),
  defineCase({
    id: "hosts/stored-flipped",
    title: "Every flipped bit of a stored value is a Lua error or another value, never a trap",
    limitMs: 120_000,
    run: async ({ subject }) => {
      const reading = await readingOf(subject, value);
      const damaged = (index: number) => {
        const bytes = reading.whole.slice();
        bytes[index >> 3] = (bytes[index >> 3] ?? 0) ^ (1 << (index & 7));
        return bytes;
      };
      return readAll(reading, { count: reading.whole.length * 8, damaged });
    },
  }),
  defineCase({
    id: "hosts/stored-many-objects",
    title: "A stored value that announces more objects than the I/O buffer has numbers for",
    run: async ({ subject }) => {
      const reading = await readingOf(subject, value);
      const damaged = (index: number) => {
        const bytes = reading.whole.slice();
        new DataView(bytes.buffer).setUint32(objectCountAt, 22_000 + index * 100, true);
        return bytes;
      };
      const figures = readAll(reading, { count: 300, damaged });
      equal(figures["refused"], 300, "refused");
      return figures;
    },
  }),
];
