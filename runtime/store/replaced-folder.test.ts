/** A folder that is moved, replaced, emptied or changed under an open store: nothing is harmed. */
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFileStore } from "./file-store.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import type { Store } from "./store.ts";

let place = "";
let folder = "";
const opened: Store[] = [];
const home = process.cwd();
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "replaced-"));
  folder = join(place, "s");
});
afterEach(async () => {
  process.chdir(home);
  for (const store of opened.splice(0)) await store.close();
  await rm(place, { recursive: true });
});

async function open(path = folder): Promise<Store> {
  const store = await openFileStore({ folder: path });
  opened.push(store);
  return store;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

const lost = {
  name: "StoreError",
  reason: "locked",
  message: expect.stringContaining("its place was moved, emptied or replaced"),
};

/** Each makes another folder, or none, of what the store was opened in. */
const losses: Readonly<Record<string, () => Promise<void>>> = {
  moved: () => rename(folder, `${folder}.old`),
  removed: () => rm(folder, { recursive: true }),
  emptied: async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name));
  },
  "replaced by a file": async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, "");
  },
  "replaced by a link": async () => {
    await rm(folder, { recursive: true });
    await mkdir(`${folder}.old`);
    await symlink(`${folder}.old`, folder);
  },
  "without its lock": () => rm(join(folder, "lock.1")),
};

test.each(Object.entries(losses))("a folder that is %s is not written in", async (how, lose) => {
  for (const change of ["write", "append", "remove"] as const) {
    const store = await open();
    await store.write("a", bytesOf("1"));
    await lose();
    const isUsable = !how.endsWith("file");
    const next = isUsable ? await open() : undefined;
    await next?.write("a", bytesOf("next"));
    const before = isUsable ? await readdir(folder) : [];
    await expect(store[change]("a", bytesOf("2"))).rejects.toMatchObject(lost);
    await expect(store[change]("a", bytesOf("2"))).rejects.toMatchObject({ reason: "locked" });
    if (isUsable) expect(await readdir(folder)).toEqual(before);
    if (next !== undefined) expect(textOf(await next.read("a"))).toBe("next");
    for (const each of opened.splice(0)) await each.close();
    await rm(folder, { recursive: true });
    await rm(`${folder}.old`, { recursive: true, force: true });
  }
});

test("a store stays in its folder when the process goes to another", async () => {
  for (const name of ["one", "two"]) await mkdir(join(place, name));
  process.chdir(join(place, "one"));
  const one = await open("s");
  await one.write("a", bytesOf("1"));
  process.chdir(join(place, "two"));
  const two = await open("s");
  await two.write("a", bytesOf("2"));
  await one.append("a", bytesOf("+"));
  expect(textOf(await one.read("a"))).toBe("1+");
  expect(textOf(await two.read("a"))).toBe("2");
});

test("a store stays in its folder when a link on the way leads elsewhere", async () => {
  for (const name of ["one", "two"]) await mkdir(join(place, name));
  const current = join(place, "current");
  await symlink("one", current);
  const one = await open(join(current, "s"));
  await one.write("a", bytesOf("1"));
  await rm(current);
  await symlink("two", current);
  const two = await open(join(current, "s"));
  for (const text of ["2", "3", "4"]) await two.write("a", bytesOf(text));
  await one.append("a", bytesOf("+"));
  expect(textOf(await one.read("a"))).toBe("1+");
  expect(textOf(await two.read("a"))).toBe("4");
});

test("nothing is appended to a file that something else has changed", async () => {
  const store = await open();
  const [file, copy] = [join(folder, "blob.a.0"), join(place, "copy")];
  await store.write("a", bytesOf("1"));
  await cp(file, copy);
  for (let i = 0; i < 3; i++) await store.append("a", bytesOf("+"));
  await cp(copy, file);
  await expect(store.append("a", bytesOf("+"))).rejects.toMatchObject({
    reason: "failed",
    message: expect.stringContaining("save again"),
  });
  expect(textOf(await store.read("a"))).toBe("1");
  await store.append("a", bytesOf("-"));
  await store.append("a", bytesOf("-"));
  expect(textOf(await store.read("a"))).toBe("1--");
});

test("a lock lost in the middle of a change: nobody writes into the other's files", async () => {
  const files: string[] = [];
  const first = await openFileStore({
    folder,
    fileSystem: {
      ...nodeFileSystem,
      open: async (path, mode) => {
        files.push(path);
        const file = await nodeFileSystem.open(path, mode);
        if (files.length > 1) return file;
        await rm(join(folder, "lock.1"));
        const second = await open();
        await second.write("a", bytesOf("2"));
        return file;
      },
    },
  });
  await expect(first.write("a", bytesOf("1"))).rejects.toMatchObject({ reason: "locked" });
  await first.close();
  const [second] = opened;
  expect(textOf(await second?.read("a"))).toBe("2");
  await second?.write("a", bytesOf("3"));
  expect((await readdir(folder)).filter((name) => name.endsWith(".new"))).toEqual([]);
});
