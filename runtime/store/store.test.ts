/** Tests of the stores that run in Node: the laws of every store, and what is each one's own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openFileStore } from "./file-store.ts";
import { laws } from "./laws.fixture.ts";
import { openLocalStorageStore } from "./local-storage-store.ts";
import { type MemoryContents, MemoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";
import { TextStorage } from "./text-storage.fixture.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const openers: Readonly<Record<string, () => Promise<() => Promise<Store>>>> = {
  memory: async () => {
    const kept: MemoryContents = new Map();
    return async () => new MemoryStore(kept);
  },
  file: async () => {
    const folder = await mkdtemp(join(tmpdir(), "store-"));
    let last: Store | undefined;
    ended.push(async () => {
      await last?.close();
      await rm(folder, { recursive: true });
    });
    return async () => {
      last = await openFileStore({ folder: join(folder, "store") });
      return last;
    };
  },
  localStorage: async () => {
    const storage = new TextStorage(1_000_000);
    let last: Store | undefined;
    ended.push(async () => last?.close());
    return async () => {
      last = await openLocalStorageStore({ storage });
      return last;
    };
  },
};

describe.each(Object.keys(openers))("a %s store", (kind) => {
  test.each(laws.map(({ name, check }) => [name, check] as const))("%s", async (_, check) => {
    await check((await openers[kind]?.()) ?? (() => Promise.reject(new Error(kind))));
  });
});

describe("a localStorage store", () => {
  const opened = async (storage: TextStorage): Promise<Store> => {
    const store = await openLocalStorageStore({ storage });
    ended.push(() => store.close());
    return store;
  };

  test("is clear about a full storage, and leaves what was there", async () => {
    const store = await opened(new TextStorage(90));
    await store.write("a", new Uint8Array(12));
    await expect(store.append("a", new Uint8Array(30))).rejects.toMatchObject({
      reason: "full",
      message: expect.stringContaining("IndexedDbStore"),
    });
    expect(await store.read("a")).toEqual(new Uint8Array(12));
  });

  test("reads a text of millions of separators without a piece for each", async () => {
    const storage = new TextStorage(6_000_000);
    storage.setItem("lua-persistent-wasm/a", `${".".repeat(5_000_000)}AQ==..Ag==.`);
    const pushed = vi.spyOn(Array.prototype, "push");
    const split = vi.spyOn(String.prototype, "split");
    const store = await opened(storage);
    const read = await store.read("a").finally(() => vi.restoreAllMocks());
    expect(read).toEqual(Uint8Array.of(1, 2));
    expect(pushed.mock.calls.length + split.mock.calls.length).toBeLessThan(100);
  });

  test("tells what is not its own, and leaves other keys alone", async () => {
    const storage = new TextStorage(1000);
    storage.setItem("theirs", "x");
    storage.setItem("lua-persistent-wasm/bad", "%%%");
    const store = await opened(storage);
    expect(await store.names()).toEqual(["bad"]);
    await expect(store.read("bad")).rejects.toMatchObject({ reason: "damaged" });
  });
});

describe("a localStorage store without Web Locks", () => {
  beforeEach(() => vi.stubGlobal("navigator", undefined));
  afterEach(() => vi.unstubAllGlobals());
  const opened = (storage: TextStorage): Promise<Store> => openLocalStorageStore({ storage });

  test("that is full takes a turn wherever one was kept", async () => {
    const storage = new TextStorage(60);
    const first = await opened(storage);
    await expect(first.write("a", new Uint8Array(90))).rejects.toMatchObject({ reason: "full" });
    storage.setItem("x", "x".repeat(60 - "xlua-persistent-wasm/0000000001".length));
    const second = await opened(storage);
    await expect(first.remove("a")).rejects.toMatchObject({ reason: "locked" });
    await second.remove("a");
  });

  test("without room for a turn is read and freed, and written once there is", async () => {
    const storage = new TextStorage(60);
    storage.setItem("lua-persistent-wasm/a", "AA==");
    storage.setItem("x", "x".repeat(30));
    const store = await opened(storage);
    expect(await store.read("a")).toEqual(new Uint8Array(1));
    for (const change of ["write", "append"] as const) {
      await expect(store[change]("b", new Uint8Array(0))).rejects.toMatchObject({
        reason: "full",
        message: expect.stringContaining("no room for lua-persistent-wasm/b"),
      });
    }
    await store.remove("a");
    storage.removeItem("x");
    const before = await opened(storage);
    await expect(store.write("b", new Uint8Array(1))).rejects.toMatchObject({ reason: "locked" });
    await before.write("b", new Uint8Array(2));
    expect(await before.read("b")).toEqual(new Uint8Array(2));
  });

  test("takes its turn by the first change where there was no room before", async () => {
    const storage = new TextStorage(90);
    storage.setItem("x", "x".repeat(80));
    const [one, two] = [await opened(storage), await opened(storage)];
    storage.removeItem("x");
    await one.write("a", new Uint8Array(1));
    await expect(two.write("a", new Uint8Array(2))).rejects.toMatchObject({ reason: "locked" });
    expect(await one.read("a")).toEqual(new Uint8Array(1));
  });
});
