/** A log that anybody may have written: its numbers leave room, what can't be read is withheld. */
import { describe, expect, test, vi } from "vitest";
import { idMax, memoryBytes } from "../abi/abi.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { encodeBody } from "../graph/encode-body.ts";
import type { GraphReference } from "../graph/graph.ts";
import { chainMax } from "../graph/number-chains.ts";
import { GraphBuilder, integer } from "../graph/sample-graph.fixture.ts";
import { shortTextMax } from "../map/long-texts.ts";
import { LuaBytes } from "../scalar/scalars.ts";
import { encodeEntry, encodeKey } from "../value/encode.ts";
import type { Bytecode } from "./bytecode-trust.ts";
import { newTables, pictureOf, restored } from "./kept-tables.fixture.ts";
import { MemoryStore } from "./memory-store.ts";
import { beginLog } from "./table-log.ts";
import { persistTables } from "./table-persistence.ts";

const u32 = (figure: number) => [...new Uint8Array(Uint32Array.of(figure).buffer)];
const noName = u32(0xffff_ffff);
const home = [1, ...u32(1), ...u32(5), ...new TextEncoder().encode("_home")];

/** A store with a log of one group. */
async function logOf(nextId: number, records: readonly number[] = []): Promise<MemoryStore> {
  const store = new MemoryStore();
  const payload = Uint8Array.from([...u32(nextId), ...home, ...records]);
  await store.write("tables", beginLog(payload).bytes);
  return store;
}

async function opened(store: MemoryStore, bytecode: Bytecode = "refused") {
  const tables = newTables();
  const persistence = await persistTables({ tables, store, bytecode });
  return { tables, persistence };
}

/** As what keeps numbers low has it: runtime/snapshot/restore-snapshot.ts. */
const snapshotIdMax = 2 ** 29;
const logIdMax = snapshotIdMax + 2 ** 28;

describe("numbers of tables", () => {
  const wrong: readonly (readonly [string, number, readonly number[]])[] = [
    ["a next one that is the last of all", idMax, []],
    ["a next one above what strangers have", logIdMax + 1, []],
    ["one above what strangers have", 5, [1, ...u32(logIdMax + 1), ...noName]],
    ["one, and a next one, above what strangers have", idMax, [1, ...u32(idMax - 1), ...noName]],
  ];
  test.each(wrong)("without trust are damage: %s", async (_, nextId, records) => {
    const tables = newTables();
    const store = await logOf(nextId, records);
    await expect(persistTables({ tables, store })).rejects.toMatchObject({
      reason: "damaged",
      message: expect.stringContaining(`the last that is taken without trust is ${logIdMax}`),
    });
    expect(pictureOf(tables)).toEqual(pictureOf(newTables()));
  });

  test("leave room for what a stranger's snapshot and this core make", async () => {
    const { tables, persistence } = await opened(await logOf(snapshotIdMax));
    const store = new MemoryStore();
    persistence.stop();
    const again = await persistTables({ tables, store });
    for (let i = 0; i < 10; i++) tables.home.set(i, tables.create());
    await again.save();
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
  });

  test("are what trust says", async () => {
    const { tables } = await opened(await logOf(idMax - 1), "trusted");
    expect(tables.create().id).toBe(idMax - 1);
  });

  test("that would be damage are not saved", async () => {
    const { tables, persistence } = await opened(await logOf(logIdMax));
    await persistence.save();
    tables.home.set("t", tables.create());
    await expect(persistence.save()).rejects.toMatchObject({
      reason: "untrusted",
      message: expect.stringContaining(`the next is ${logIdMax + 1}`),
    });
  });
});

function stored(make: (builder: GraphBuilder) => GraphReference): Uint8Array<ArrayBuffer> {
  const builder = new GraphBuilder();
  const graph = builder.build({ scope: "value", value: make(builder) }, { names: [] });
  return Uint8Array.from([0x0b, ...encodeBody(graph)]);
}

/** A table with a metatable and a text. */
const graphValue = (text: string) =>
  stored((builder) => {
    const metatable = builder.table([]).id;
    return builder.table([["text", builder.string(text)]], { metatable });
  });

const unreadable = graphValue("x").subarray(0, -1);
const tooLarge = graphValue("x".repeat(memoryBytes));
const refusing = stored((builder) => {
  const metatable = builder.table([["__persist", { kind: "boolean", value: false }]]).id;
  return builder.table([], { metatable });
});
const noTables = () => {
  throw new TypeError("no external table is in it");
};
const numbered = (keys: readonly number[]) => new Map(keys.map((key) => [key, true]));
/** With a metatable, and keys that share one of its 2,048 places. */
const inStep = (range: readonly number[]) =>
  stored((builder) => {
    const entries = range.map((i) => [integer(i * 2047), integer(1)] as const);
    return builder.table(entries, { metatable: builder.table([]).id });
  });
const withModule = stored((builder) =>
  builder.table([["m", builder.add({ kind: "namedTable", name: new LuaBytes("string") })]]),
);
const range = Array.from({ length: chainMax.value + 1 }, (_, i) => i + 1);
const kinds = [
  ["what can't be decoded", unreadable, /^it can't be read: /],
  ["more than a core's memory", tooLarge, /^it can't be read: its \d+ bytes are more than a core/],
  ["an object that must not be saved", refusing, /__persist is false/],
  ["a library", withModule, /string/],
  [
    "a plain table with a long chain",
    encodeEntry(numbered(range.map((i) => i * 2047)), noTables),
    /for ever/,
  ],
  ["a table with a long chain", inStep(range), /for ever/],
] as const;

describe.each(kinds)("a value of %s", (_, value, reason) => {
  const key = latin1Of(encodeKey("f"));
  const saved = async () => {
    const store = new MemoryStore();
    const { tables, persistence } = await opened(store, "trusted");
    tables.home.set("data", "precious");
    tables.registry.put(tables.registry.named("_home"), { key, value });
    await persistence.save();
    persistence.stop();
    return store;
  };

  test("is withheld alone, told, and kept", async () => {
    const store = await saved();
    const { tables, persistence } = await opened(store);
    expect(persistence.restored?.withheld).toEqual([
      { path: "_home.f", reason: expect.stringMatching(reason) },
    ]);
    expect([...tables.home]).toEqual([["data", "precious"]]);
    tables.home.set("n", 1);
    await persistence.save();
    persistence.stop();
    const trusting = await opened(store, "trusted");
    expect([...trusting.tables.home.keys()]).toEqual(["data", "f", "n"]);
  });

  test("is not saved without trust, by its path", async () => {
    const { tables, persistence } = await opened(new MemoryStore());
    tables.registry.put(tables.registry.named("_home"), { key, value });
    await expect(persistence.save()).rejects.toMatchObject({
      name: "StoreError",
      reason: "untrusted",
      message: expect.stringMatching(/^nothing is saved: _home\.f would not be brought back/),
    });
    tables.home.delete("f");
    expect((await persistence.save()).kind).toBe("rewritten");
  });
});

test("a text above a core's memory, which JavaScript may keep, comes back", async () => {
  const store = new MemoryStore();
  const { tables, persistence } = await opened(store);
  const text = "x".repeat(memoryBytes + 1);
  tables.home.set("text", text);
  await persistence.save();
  expect((await restored(store)).home.get("text")).toBe(text);
});

test("long names are no keys of a Map, which would compare all of one length", async () => {
  const name = new Uint8Array(shortTextMax + 1).fill(97);
  const store = await logOf(3, [1, ...u32(2), ...u32(name.length), ...name]);
  const spies = (["get", "has", "set"] as const).map((each) => vi.spyOn(Map.prototype, each));
  const { tables } = await opened(store).finally(() => vi.restoreAllMocks());
  const keys: unknown[] = spies.flatMap(({ mock }) => mock.calls.map(([key]) => key));
  expect(keys.length).toBeGreaterThan(0);
  const lengths = keys.map((key) => (typeof key === "string" ? key.length : 0));
  expect(Math.max(...lengths)).toBeLessThanOrEqual(shortTextMax);
  expect(tables.registry.find(2)?.name?.length).toBe(name.length);
});
