/** Kept external tables: what comes back, and what a save costs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tables } from "../table/tables.ts";
import { LuaTable } from "../value/values.ts";
import { newTables, pictureOf, restored } from "./kept-tables.fixture.ts";
import { type MemoryContents, MemoryStore } from "./memory-store.ts";
import { randomOf } from "./random.fixture.ts";
import { runSchedule, runSchedules, type Writer } from "./schedules.fixture.ts";
import { type Store, StoreError } from "./store.ts";
import { persistTables, type TablePersistence } from "./table-persistence.ts";

/** More for a campaign: reports/fuzzed.md. */
const scheduleCount = Number(process.env["STORE_SCHEDULES"] ?? 50);

/** A core that brings the tables back, and saves one entry more each time. */
function coreWriter(store: Store): Writer {
  let core: { tables: Tables; persistence: TablePersistence } | undefined;
  const told = (error: unknown): string =>
    error instanceof StoreError ? error.reason : `${error}`;
  return {
    open: async () => {
      core?.persistence.stop();
      const tables = newTables();
      core = { tables, persistence: await persistTables({ tables, store }) };
      return "open";
    },
    save: async (token) => {
      core?.tables.home.set(token, true);
      return (await core?.persistence.save().then(() => "saved", told)) ?? "closed";
    },
    close: async () => core?.persistence.stop(),
    kill: async () => {
      core = undefined;
    },
  };
}

describe("saved tables", () => {
  test("come back with ids, names, order and references, and ids go on", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    expect(persistence.restored).toBeUndefined();
    const [lost, child] = [tables.create(), tables.create()];
    tables.home.set("z", 1).set("a", child).set(1.5, true).set(-7, "x".repeat(1000));
    child.set("parent", new LuaTable([["home", tables.home]])).set("self", child);
    tables.named("inventory").set("é\0", 2n ** 62n);
    lost.set(1, 1);
    tables.collect();
    await persistence.save();
    const again = newTables();
    const next = await persistTables({ tables: again, store });
    expect(next.restored).toEqual({ tables: 3, saves: 1, droppedBytes: 0, withheld: [] });
    expect(pictureOf(again)).toEqual(pictureOf(tables));
    expect(again.used).toEqual(tables.used);
    const childAgain = again.get(child.id);
    expect(again.home.get("a")).toBe(childAgain);
    expect(childAgain?.get("self")).toBe(childAgain);
    expect(again.collect()).toBe(0);
    expect(again.get(lost.id)).toBeUndefined();
    expect(again.create().id).toBe(5);
  });

  test("keep a key's place when it is overwritten, and lose it when it is deleted", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    tables.home.set("a", 1).set("b", 2).set("c", 3);
    await persistence.save();
    tables.home.set("a", 10).delete("b");
    tables.home.set("d", 4).set("b", 20);
    expect((await persistence.save()).kind).toBe("appended");
    expect([...(await restored(store)).home.keys()]).toEqual(["a", "c", "d", "b"]);
    tables.home.clear();
    tables.home.set("b", 1).set("a", 2);
    expect((await persistence.save()).kind).toBe("appended");
    expect([...(await restored(store)).home]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
  });

  test("that were collected are gone, and are back when they were stored again", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    const parent = tables.create();
    const child = tables.create().set("x", 1);
    parent.set("child", child);
    tables.home.set("parent", parent);
    await persistence.save();
    tables.home.delete("parent");
    tables.collect();
    await persistence.save();
    expect([...(await restored(store))].map(({ id }) => id)).toEqual([1]);
    child.set("y", 2);
    tables.home.set("parent", parent);
    await persistence.save();
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
    // Collected and found again between two saves.
    tables.home.delete("parent");
    tables.collect();
    child.delete("x");
    tables.home.set("parent", parent);
    await persistence.save();
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
  });

  test("are what they were after any sequence of changes and saves", async () => {
    const step = fc.record({
      what: fc.constantFrom(
        "set",
        "set",
        "set",
        "delete",
        "clear",
        "create",
        "collect",
        "save",
        "reload",
      ),
      table: fc.nat(4),
      key: fc.nat(6),
      value: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const store = new MemoryStore();
        let tables = newTables();
        let persistence = await persistTables({ tables, store });
        for (const { what, table, key, value } of steps) {
          const all = [...tables];
          const target = all[table % all.length] ?? tables.home;
          if (what === "set") target.set(key, value === 0 ? (all[key % all.length] ?? 0) : value);
          if (what === "delete") target.delete(key);
          if (what === "clear") target.clear();
          if (what === "create")
            tables.home.set(key, value < 2 ? tables.named(`n${key}`) : tables.create());
          if (what === "collect") tables.collect();
          if (what !== "save" && what !== "reload") continue;
          await persistence.save();
          const again = await restored(store);
          expect(pictureOf(again)).toEqual(pictureOf(tables));
          expect(again.registry.nextId).toBe(tables.registry.nextId);
          if (what === "save") continue;
          persistence.stop();
          tables = newTables();
          persistence = await persistTables({ tables, store });
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe("a save", () => {
  test("of one changed entry among 10,000 takes few bytes, of none none", async () => {
    const tables = newTables();
    for (let i = 0; i < 10_000; i++) tables.home.set(`key ${i}`, `value ${i}`);
    const persistence = await persistTables({ tables, store: new MemoryStore() });
    expect(await persistence.save()).toEqual({ kind: "rewritten", bytes: expect.any(Number) });
    tables.home.set("key 5000", 1);
    expect(await persistence.save()).toEqual({ kind: "appended", bytes: 48 });
    expect(await persistence.save()).toEqual({ kind: "unchanged", bytes: 0 });
    tables.create();
    tables.collect();
    expect(await persistence.save()).toEqual({ kind: "appended", bytes: 12 });
  });

  test("rewrites when the journal passes twice what lives", async () => {
    const contents: MemoryContents = new Map();
    const tables = newTables();
    for (let i = 0; i < 4000; i++) tables.home.set(i, i);
    const persistence = await persistTables({ tables, store: new MemoryStore(contents) });
    const { bytes: wholeBytes } = await persistence.save();
    const kinds: string[] = [];
    let largest = 0;
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 400; i++) tables.home.set(i, i + round);
      kinds.push((await persistence.save()).kind);
      largest = Math.max(largest, contents.get("tables")?.bytes ?? 0);
    }
    expect(kinds.filter((kind) => kind === "rewritten")).toHaveLength(1);
    expect(largest).toBeGreaterThan(wholeBytes * 2.8);
    expect(largest).toBeLessThan(wholeBytes * 3.1);
    expect(pictureOf(await restored(new MemoryStore(contents)))).toEqual(pictureOf(tables));
  });

  test("that fails is made good by the next, which saves everything", async () => {
    const memory = new MemoryStore();
    let isFailing = false;
    const store: Store = {
      read: (name) => memory.read(name),
      write: (name, bytes) => memory.write(name, bytes),
      append: async (name, bytes) => {
        if (!isFailing) return await memory.append(name, bytes);
        // It failed, and is there all the same: a sync that went wrong does that.
        await memory.append(name, bytes);
        throw new StoreError("failed", "it may or may not be there");
      },
      remove: (name) => memory.remove(name),
      names: () => memory.names(),
      close: () => memory.close(),
    };
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    tables.home.set("a", 1).set("b", 2);
    await persistence.save();
    isFailing = true;
    tables.home.delete("a");
    await expect(persistence.save()).rejects.toThrow("it may or may not be there");
    isFailing = false;
    tables.home.set("a", 3);
    expect((await persistence.save()).kind).toBe("rewritten");
    tables.home.set("c", 4);
    expect((await persistence.save()).kind).toBe("appended");
    expect(pictureOf(await restored(memory))).toEqual(pictureOf(tables));
  });

  test("of the second core on one store is refused once the first has saved", async () => {
    const store = new MemoryStore();
    const [one, two] = [newTables(), newTables()];
    const first = await persistTables({ tables: one, store });
    await first.save();
    const second = await persistTables({ tables: two, store });
    one.home.set("a", 1);
    two.home.set("b", 2);
    const saving = first.save();
    await expect(second.save()).rejects.toMatchObject({ reason: "locked" });
    await saving;
    await expect(second.save()).rejects.toMatchObject({ reason: "locked" });
    expect([...(await restored(store)).home.entries()]).toEqual([["a", 1]]);
    const third = await persistTables({ tables: newTables(), store });
    await third.save();
    await expect(first.save()).rejects.toMatchObject({ reason: "locked" });
  });

  test(
    "of cores on one store by random schedules: none that succeeded is missing",
    async () => {
      const sum = await runSchedules(scheduleCount, async (seed) => {
        const store = new MemoryStore();
        const writers = [coreWriter(store), coreWriter(store), coreWriter(store)];
        const readKept = async () => [...(await restored(store)).home.keys()].join("");
        return await runSchedule({ writers, random: randomOf(seed), readKept });
      });
      process.stderr.write(`${scheduleCount} schedules of cores: ${JSON.stringify(sum)}\n`);
      expect(sum.saved).toBeGreaterThan(scheduleCount);
      expect(sum.locked + sum.killed).toBeGreaterThan(scheduleCount);
    },
    10_000 * scheduleCount,
  );

  test("after more was removed than is followed saves everything", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    for (let i = 0; i < 9; i++) tables.home.set(`${i}`.repeat(600_000), i);
    await persistence.save();
    for (let i = 0; i < 8; i++) tables.home.delete(`${i}`.repeat(600_000));
    tables.home.set("a", 1);
    expect((await persistence.save()).kind).toBe("rewritten");
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
    tables.home.set("b", 1);
    expect((await persistence.save()).kind).toBe("appended");
    expect(pictureOf(await restored(store))).toEqual(pictureOf(tables));
  });

  test("that does not wait for the one before is as good", async () => {
    const store = new MemoryStore();
    const tables = newTables();
    const persistence = await persistTables({ tables, store });
    await persistence.save();
    const saves = [];
    for (let i = 0; i < 20; i++) {
      tables.home.set("n", i);
      saves.push(persistence.save());
    }
    await Promise.all(saves);
    expect((await restored(store)).home.get("n")).toBe(19);
  });
});
