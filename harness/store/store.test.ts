/** Tests of the stores that run in Node: the laws of every store, and what is each one's own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
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

  test("tells what is not its own, and leaves other keys alone", async () => {
    const storage = new TextStorage(1000);
    storage.setItem("theirs", "x");
    storage.setItem("lua-persistent-wasm/bad", "%%%");
    const store = await opened(storage);
    expect(await store.names()).toEqual(["bad"]);
    await expect(store.read("bad")).rejects.toMatchObject({ reason: "damaged" });
  });
});
