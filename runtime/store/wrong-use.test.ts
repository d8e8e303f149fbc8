/** Wrong options are refused by name, and what a browser throws is told in a StoreError's words. */
import { describe, expect, test } from "vitest";
import { UsageError } from "../check/errors.ts";
import { openFileStore } from "./file-store.ts";
import type { FileSystem } from "./file-system.ts";
import { openIndexedDbStore } from "./indexed-db-store.ts";
import { newTables } from "./kept-tables.fixture.ts";
import { openLocalStorageStore } from "./local-storage-store.ts";
import { MemoryStore } from "./memory-store.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { persistTables } from "./table-persistence.ts";
import { TextStorage } from "./text-storage.fixture.ts";

/** Each with options that would do, and some that do not, as JavaScript may give them. */
const openers: readonly {
  readonly name: string;
  readonly open: (options: never) => Promise<unknown>;
  readonly fine: object;
  readonly required: readonly string[];
  readonly wrong: Readonly<Record<string, readonly unknown[]>>;
}[] = [
  {
    name: "openFileStore",
    open: openFileStore,
    fine: { folder: "/nowhere/store" },
    required: ["folder"],
    wrong: {
      folder: ["", "a\0b", null, 5, new URL("file:///tmp")],
      onDamage: [null, "log"],
      fileSystem: [null, {}, "node"],
      lock: [{}, true],
      whenHeld: ["Read", true, null],
      signal: [{}, null, new AbortController()],
    },
  },
  {
    name: "openLocalStorageStore",
    open: openLocalStorageStore,
    fine: { storage: new TextStorage(100) },
    required: ["storage"],
    wrong: {
      storage: [null, {}, "local", new Map()],
      prefix: [null, 5, ["a"]],
      locks: [null, {}],
      whenHeld: ["steal"],
      signal: ["now"],
    },
  },
  {
    name: "openIndexedDbStore",
    open: openIndexedDbStore,
    fine: { factory: { open: () => undefined } },
    required: ["factory"],
    wrong: { factory: [null, {}], database: [null, 5], locks: [5], whenHeld: [1], signal: [1] },
  },
  {
    name: "persistTables",
    open: persistTables,
    fine: { tables: newTables(), store: new MemoryStore() },
    required: ["tables", "store"],
    wrong: {
      tables: [null, {}, newTables().registry],
      store: [null, {}, new Map()],
      name: [null, 5, ["a"]],
      bytecode: [true, "Trusted", null],
    },
  },
];

describe.each(openers)("$name refuses", ({ name, open, fine, required, wrong }) => {
  const given = async (options: unknown) => await open(options as never);

  test("an option that there is not, by its name", async () => {
    const opening = given({ ...fine, whenheld: "read" });
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow(`${name} has no option "whenheld"`);
  });

  test.each(required)("to do without %s", async (option) => {
    const opening = given({ ...fine, [option]: undefined });
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow(`the option ${option} is `);
  });

  test.each(Object.entries(wrong))("what %s can't be", async (option, values) => {
    for (const value of values) {
      const opening = given({ ...fine, [option]: value });
      await expect(opening).rejects.toThrow(UsageError);
      await expect(opening).rejects.toThrow(`the option ${option} is `);
    }
  });

  test("what are no options, or can't be read", async () => {
    for (const options of [undefined, null, "folder"]) {
      await expect(given(options)).rejects.toThrow(`the options of ${name} are an object`);
    }
    const throwing = Object.defineProperty({ ...fine }, required[0] ?? "", {
      enumerable: true,
      get: () => {
        throw new DOMException("denied", "SecurityError");
      },
    });
    await expect(given(throwing)).rejects.toThrow(UsageError);
    await expect(given(throwing)).rejects.toThrow("can't be read: denied");
  });
});

test("tables under what is no name of a store are refused before anything is read", async () => {
  const tables = newTables();
  const opening = persistTables({ tables, store: new MemoryStore(), name: "A B" });
  await expect(opening).rejects.toMatchObject({ name: "StoreError", reason: "bad-request" });
  expect(tables.registry.observer).toBeUndefined();
});

test("a store of the host's own that reads no bytes is wrong, and not damaged", async () => {
  for (const read of [null, "text", [1, 2], new ArrayBuffer(8), 5, {}]) {
    const tables = newTables();
    // As JavaScript may give it.
    const store = Object.assign(new MemoryStore(), { read: async () => read as never });
    const opening = persistTables({ tables, store });
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow("the option store reads a Uint8Array, or undefined");
    expect(tables.registry.observer).toBeUndefined();
  }
});

describe("a browser that denies", () => {
  const denied = (): never => {
    throw new DOMException("access is denied", "SecurityError");
  };
  const failed = {
    name: "StoreError",
    reason: "failed",
    message: expect.stringContaining("access is denied; "),
    cause: expect.objectContaining({ name: "SecurityError" }),
  };
  const locks = { request: async () => denied() };

  test("localStorage, when it is opened and at any call", async () => {
    const storage = new TextStorage(1000);
    await expect(openLocalStorageStore({ storage, locks })).rejects.toMatchObject(failed);
    for (const method of ["getItem", "setItem"] as const) {
      const denying = Object.assign(new TextStorage(1000), { [method]: denied });
      const opening = openLocalStorageStore({ storage: denying, prefix: "denied" });
      await expect(opening).rejects.toMatchObject(failed);
    }
    // Which gave the lock back.
    const store = await openLocalStorageStore({ storage, prefix: "denied" });
    await store.write("a", Uint8Array.of(1));
    Object.assign(storage, { getItem: denied, key: denied });
    await expect(store.read("a")).rejects.toMatchObject(failed);
    await expect(store.write("a", Uint8Array.of(2))).rejects.toMatchObject(failed);
    await expect(store.append("a", Uint8Array.of(2))).rejects.toMatchObject(failed);
    await expect(store.remove("a")).rejects.toMatchObject(failed);
    await expect(store.names()).rejects.toMatchObject(failed);
    await store.close();
  });

  test("localStorage alone when something is set: it is not told as full", async () => {
    const storage = new TextStorage(1000);
    const store = await openLocalStorageStore({ storage });
    Object.assign(storage, { setItem: denied });
    await expect(store.write("a", Uint8Array.of(2))).rejects.toMatchObject(failed);
    await store.close();
  });

  test("IndexedDB", async () => {
    const factory = new Proxy({} as IDBFactory, { get: () => denied });
    await expect(openIndexedDbStore({ factory })).rejects.toMatchObject(failed);
    await expect(openIndexedDbStore({ factory, locks })).rejects.toMatchObject(failed);
  });
});

test("keys of localStorage whose names no store has are not told as names", async () => {
  const storage = new TextStorage(1000);
  for (const name of ["A B", "..", "a"]) storage.setItem(`lua-persistent-wasm/${name}`, "AA==");
  const store = await openLocalStorageStore({ storage });
  expect(await store.names()).toEqual(["a"]);
  await store.close();
});

test("a file system that gives no path opens no folder of another name", async () => {
  const made: string[] = [];
  const makeFolder = async (path: string) => void made.push(path);
  const fileSystem = { ...nodeFileSystem, makeFolder } as unknown as FileSystem;
  await expect(openFileStore({ folder: "/nowhere/store", fileSystem })).rejects.toMatchObject({
    reason: "failed",
    message: expect.stringContaining("makeFolder gives the folder's path, not undefined"),
  });
  expect(made).toEqual(["/nowhere/store"]);
});
