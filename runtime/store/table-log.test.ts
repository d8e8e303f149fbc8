/** Damaged and forged logs of tables: an earlier save or an error, never a half state. */
import { describe, expect, test } from "vitest";
import { joined } from "../bytes/joined.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { UsageError } from "../check/errors.ts";
import { encodeBody } from "../graph/encode-body.ts";
import { GraphBuilder } from "../graph/sample-graph.fixture.ts";
import type { Tables } from "../table/tables.ts";
import { encodeKey } from "../value/encode.ts";
import { LuaGraph } from "../value/values.ts";
import { frameOf } from "./framing.ts";
import { newTables, pictureOf, restored } from "./kept-tables.fixture.ts";
import { type MemoryContents, MemoryStore } from "./memory-store.ts";
import { randomOf } from "./random.fixture.ts";
import { StoreError } from "./store.ts";
import { persistTables } from "./table-persistence.ts";

const kept = async (record: readonly number[]) => {
  const store = new MemoryStore();
  const payload = Uint8Array.from([9, 0, 0, 0, ...homeRecord, ...record]);
  const head = Uint8Array.from([0x4c, 0x50, 0x57, 0x54, 1, 0, 0, 0]);
  await store.write("tables", joined([head, frameOf(payload, 0).bytes]));
  return store;
};
const homeRecord = [1, 1, 0, 0, 0, 5, 0, 0, 0, ...new TextEncoder().encode("_home")];
const key = [2, 0, 0, 0, 1, 1];
/** A table with a metatable, as a stored value; the counts and names say more than is called. */
const graphValue = (figures: {
  readonly functionCount?: number;
  readonly names?: readonly string[];
}) => {
  const { functionCount = 0, names = [] } = figures;
  const builder = new GraphBuilder();
  const table = builder.table([], { metatable: builder.table([]).id });
  for (let i = 0; i < functionCount; i++) builder.prototype();
  const body = encodeBody(builder.build({ scope: "value", value: table }, { names }));
  const length = body.length + 1;
  return [length & 255, length >> 8, 0, 0, 0x0b, ...body];
};

describe("what is kept is refused", () => {
  const refusals: readonly (readonly [string, readonly number[]])[] = [
    ["a tag that is no record's", [7]],
    ["a record that ends early", [5, ...key, 9, 0, 0, 0, 2]],
    [
      "a key in another form than the one",
      [5, 9, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 1, 0, 0, 0, 0],
    ],
    ["a value that is none", [5, ...key, 2, 0, 0, 0, 1, 2]],
    ["nil as a value", [5, ...key, 1, 0, 0, 0, 0]],
    ["a reference to a table that is not there", [5, ...key, 5, 0, 0, 0, 0x0a, 8, 0, 0, 0]],
    ["a change of a table that is not there", [3, 8, 0, 0, 0, 4]],
    ["a key to remove that is not there", [6, ...key]],
    ["a table made twice", homeRecord],
    ["two tables of one name", [1, 2, ...homeRecord.slice(2)]],
    ["a table without an id", [1, 0, 0, 0, 0, 255, 255, 255, 255]],
    ["an id that is given to the next table", [1, 9, 0, 0, 0, 255, 255, 255, 255]],
    ["a core without _home", [2, 1, 0, 0, 0]],
    ["a change behind a collected table", [2, 1, 0, 0, 0, 4]],
  ];
  test.each(refusals)("%s", async (_, record) => {
    const tables = newTables();
    await expect(persistTables({ tables, store: await kept(record) })).rejects.toMatchObject({
      reason: "damaged",
    });
    expect(pictureOf(tables)).toEqual(pictureOf(newTables()));
    expect(tables.registry.observer).toBeUndefined();
  });

  test("what refuses them lets the same tables pass otherwise", async () => {
    const tables = newTables();
    await persistTables({ tables, store: await kept([5, ...key, 2, 0, 0, 0, 1, 1]) });
    expect([...tables.home]).toEqual([[true, true]]);
  });

  test("what is no graph, with trust; not a table with a metatable", async () => {
    const store = await kept([5, ...key, 2, 0, 0, 0, 0x0b, 0]);
    const trusting = persistTables({ tables: newTables(), store, bytecode: "trusted" });
    await expect(trusting).rejects.toMatchObject({ reason: "damaged" });
    const { restored } = await persistTables({ tables: newTables(), store });
    expect(restored?.withheld).toEqual([
      { path: "_home[true]", reason: expect.stringContaining("it can't be read") },
    ]);
    const tables = newTables();
    await persistTables({ tables, store: await kept([5, ...key, ...graphValue({})]) });
    expect([...tables.home].map(([, value]) => value instanceof LuaGraph)).toEqual([true]);
  });

  test("more than the quota, with the core as it was", async () => {
    const store = new MemoryStore();
    const full = newTables();
    full.home.set(1, 1).set(2, 2);
    await (await persistTables({ tables: full, store })).save();
    const tables = newTables({ maxEntries: 1 });
    await expect(persistTables({ tables, store })).rejects.toMatchObject({ reason: "full" });
    expect(tables.used).toEqual({ bytes: 0, entries: 0 });
    expect(pictureOf(tables)).toEqual(pictureOf(newTables()));
  });

  test("tables into a core that has some already, and a second persistence", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    await expect(persistTables({ tables, store })).rejects.toThrow(UsageError);
    await persistence.save();
    const collected = newTables();
    collected.create();
    collected.collect();
    await expect(persistTables({ tables: collected, store })).rejects.toThrow(UsageError);
    const used = newTables();
    used.home.set(1, 1);
    await expect(persistTables({ tables: used, store })).rejects.toThrow(UsageError);
    expect([...used.home]).toEqual([[1, 1]]);
    persistence.stop();
    await expect(persistence.save()).rejects.toMatchObject({ reason: "closed" });
  });
});

describe("more than data in a store is", () => {
  const functions = [5, ...key, ...graphValue({ functionCount: 1 })];
  const native = [5, ...key, ...graphValue({ names: ["math.random"] })];

  test.each([
    ["a function", functions],
    ["a C function", native],
  ])("out of reach, told and kept: %s", async (_, record) => {
    const store = await kept(record);
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    expect(persistence.restored?.withheld).toEqual([
      { path: "_home[true]", reason: expect.stringContaining("function") },
    ]);
    const { home } = tables;
    expect([home.size, home.has(true), home.get(true), [...home]]).toEqual([
      ...[0, false, undefined, []],
    ]);
    home.set("n", 1);
    await persistence.save();
    persistence.stop();
    const trusting = newTables();
    await persistTables({ tables: trusting, store, bytecode: "trusted" });
    expect([...trusting.home.keys()]).toEqual([true, "n"]);
  });

  test.each([
    ["appended", 1],
    ["rewritten", 40_000],
  ])("replaced or removed when its key is: %s", async (kind, padding) => {
    const changes = [
      (tables: Tables) => void tables.home.set(true, 1),
      (tables: Tables) => void tables.home.delete(true),
      (tables: Tables) => tables.home.clear(),
    ];
    for (const change of changes) {
      const store = await kept(functions);
      const tables = newTables();
      const persistence = await persistTables({ tables, store });
      const before = tables.used.entries;
      change(tables);
      const kinds: string[] = [];
      for (let i = 0; i < 3; i++) {
        tables.home.set("padding", String(i).repeat(padding));
        kinds.push((await persistence.save()).kind);
      }
      expect(kinds.includes("rewritten")).toBe(kind === "rewritten");
      expect(tables.used.entries).toBe(tables.home.size);
      expect(before).toBe(1);
      persistence.stop();
      const again = newTables();
      const found = await persistTables({ tables: again, store, bytecode: "trusted" });
      expect(found.restored?.withheld).toEqual([]);
      expect([...again.home]).toEqual([...tables.home]);
    }
  });
});

test("what is out of reach stays when its key can't be set", async () => {
  const store = await kept([5, ...key, ...graphValue({ functionCount: 1 })]);
  const tables = newTables({ maxBytes: 1000 });
  const persistence = await persistTables({ tables, store });
  const { used } = tables;
  expect(() => tables.home.set(true, "x".repeat(2000))).toThrow("quota");
  expect(tables.used).toEqual(used);
  await persistence.save();
  persistence.stop();
  const trusting = newTables();
  await persistTables({ tables: trusting, store, bytecode: "trusted" });
  expect(trusting.home.get(true)).toBeInstanceOf(LuaGraph);
});

describe("more than data in a table", () => {
  const saying = "_home.list would not be brought back without trust";
  const graph = () => {
    const builder = new GraphBuilder();
    const table = builder.table([["f", builder.closure({})]]);
    return encodeBody(builder.build({ scope: "value", value: table }, { names: [] }));
  };

  test("is refused when it is saved, by its path, and all is saved once it is gone", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    await persistence.save();
    const { registry } = tables;
    const home = registry.named("_home");
    const entry = { key: latin1Of(encodeKey("list")), value: Uint8Array.of(0x0b, ...graph()) };
    for (let round = 0; round < 2; round++) {
      registry.put(home, entry);
      tables.home.set("n", round);
      const message = expect.stringContaining(saying);
      await expect(persistence.save()).rejects.toMatchObject({ reason: "untrusted", message });
      await expect(persistence.save()).rejects.toMatchObject({ reason: "untrusted", message });
      tables.home.delete("list");
      await persistence.save();
      expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
    }
    persistence.stop();
    const trusting = newTables();
    const trusted = await persistTables({ tables: trusting, store, bytecode: "trusted" });
    trusting.registry.put(trusting.registry.named("_home"), entry);
    expect((await trusted.save()).kind).toBe("appended");
  });
});

describe("damage", () => {
  /** A log of several saves, and the picture after each. */
  async function history() {
    const contents: MemoryContents = new Map();
    const tables = newTables();
    const persistence = await persistTables({ tables, store: new MemoryStore(contents) });
    const pictures: string[] = [];
    for (let save = 0; save < 12; save++) {
      const child = tables.named(`n${save % 4}`);
      child
        .set(save, `value ${save}`)
        .set("home", tables.home)
        .delete(save - 5);
      tables.home.set("n", save).set(`child ${save % 3}`, tables.create().set("of", save));
      if (save === 6) tables.named("n1").clear();
      tables.collect();
      await persistence.save();
      pictures.push(JSON.stringify(pictureOf(tables)));
    }
    return { log: joined(contents.get("tables")?.parts ?? []), pictures };
  }

  async function outcomeOf(log: Uint8Array): Promise<string> {
    const tables = newTables();
    const store = new MemoryStore();
    await store.write("tables", log);
    try {
      await persistTables({ tables, store });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      expect(pictureOf(tables)).toEqual(pictureOf(newTables()));
      return error.reason;
    }
    return JSON.stringify(pictureOf(tables));
  }

  test("of any kind gives an earlier save, or a StoreError, never a half state", async () => {
    const { log, pictures } = await history();
    expect(await outcomeOf(log)).toBe(pictures.at(-1));
    const counts = { earlier: 0, refused: 0 };
    const judge = async (damaged: Uint8Array) => {
      const outcome = await outcomeOf(damaged);
      if (outcome === "damaged") counts.refused += 1;
      else {
        counts.earlier += 1;
        expect(pictures.slice(0, -1)).toContain(outcome);
      }
    };
    for (let length = 0; length < log.length; length++) await judge(log.subarray(0, length));
    const random = randomOf(7);
    for (let flip = 0; flip < 4000; flip++) {
      const damaged = log.slice();
      const at = Math.floor(random() * log.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      await judge(damaged);
    }
    expect(counts.earlier).toBeGreaterThan(3000);
    expect(counts.refused).toBeGreaterThan(200);
  });

  test("with a right checksum still never gives a half state, nor any other error", async () => {
    const { log } = await history();
    const first = log.subarray(16, 16 + lengthOf(log, 8));
    const random = randomOf(11);
    let restoredCount = 0;
    for (let flip = 0; flip < 2000; flip++) {
      const payload = first.slice();
      const at = Math.floor(random() * payload.length);
      payload[at] = (payload[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      const outcome = await outcomeOf(joined([log.subarray(0, 8), frameOf(payload, 0).bytes]));
      if (outcome.startsWith("[")) restoredCount += 1;
    }
    expect(restoredCount).toBeGreaterThan(0);
  });

  test("at the end is told, and the next save begins a whole log", async () => {
    const { log, pictures } = await history();
    const store = new MemoryStore();
    await store.write("tables", log.subarray(0, log.length - 1));
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    expect(persistence.restored?.saves).toBe(11);
    expect(persistence.restored?.droppedBytes).toBeGreaterThan(0);
    expect(JSON.stringify(pictureOf(tables))).toBe(pictures.at(-2));
    tables.home.set("n", 11);
    expect((await persistence.save()).kind).toBe("rewritten");
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
  });

  test("by two that write one log is seen: the groups of the second do not follow", async () => {
    const contents: MemoryContents = new Map();
    const store = new MemoryStore(contents);
    await (await persistTables({ tables: newTables(), store })).save();
    const [one, two] = [newTables(), newTables()];
    const first = await persistTables({ tables: one, store });
    // A store that no lock keeps from being opened twice.
    const second = await persistTables({ tables: two, store: new MemoryStore(contents) });
    one.home.set("n", 1);
    two.home.set("n", 2);
    await first.save();
    await second.save();
    const found = newTables();
    const persistence = await persistTables({ tables: found, store });
    expect(found.home.get("n")).toBe(1);
    expect(persistence.restored?.droppedBytes).toBeGreaterThan(0);
  });
});

function lengthOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}
