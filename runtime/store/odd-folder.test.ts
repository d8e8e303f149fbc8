/** What others put in the folder that is no file of a store: told at once, and never followed. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFileStore } from "./file-store.ts";
import { encodeSlot } from "./slot-file.ts";
import type { Store } from "./store.ts";

let place = "";
let folder = "";
let victim = "";
const ended: (() => unknown)[] = [];
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "odd-"));
  folder = join(place, "s");
  victim = join(place, "victim");
  await mkdir(folder);
  await writeFile(victim, encodeSlot(1, bytesOf("theirs")).bytes);
});
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
  await rm(place, { recursive: true });
});

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const victimText = async () => textOf((await readFile(victim)).subarray(24));

async function open(): Promise<Store> {
  const store = await openFileStore({ folder });
  ended.push(() => store.close());
  return store;
}

async function listenOn(path: string): Promise<void> {
  const server = createServer().listen(path);
  ended.push(() => server.close());
  await once(server, "listening");
}

const makers: Readonly<Record<string, (path: string) => unknown>> = {
  "a directory": (path) => mkdir(path),
  "a FIFO": (path) => execFileSync("mkfifo", [path]),
  "a socket": listenOn,
  "a symbolic link": (path) => symlink(victim, path),
  // To a file that would be made by whoever follows it.
  "a symbolic link to nothing": (path) => symlink(join(place, "new"), path),
};

describe.each(Object.entries(makers))("%s", (kind, make) => {
  const what = kind.replace(" to nothing", "");
  const refusal = (path: string) => ({
    name: "StoreError",
    reason: "damaged",
    message: `${path} is ${what}, where a store has a file: delete it`,
  });

  test.each([0, 1])("in the place of a blob's file %i", async (slot) => {
    const path = join(folder, `blob.a.${slot}`);
    await make(path);
    const store = await open();
    expect(await store.names()).toEqual(["a"]);
    for (const call of [
      () => store.read("a"),
      () => store.write("a", bytesOf("x")),
      () => store.append("a", bytesOf("x")),
    ]) {
      await expect(call()).rejects.toMatchObject(refusal(path));
    }
    await store.write("b", bytesOf("still"));
    expect(await victimText()).toBe("theirs");
    if (what === "a directory") {
      await expect(store.remove("a")).rejects.toMatchObject(refusal(path));
    } else {
      await store.remove("a");
      expect(await store.names()).toEqual(["b"]);
    }
    expect((await readdir(place)).sort()).toEqual(["s", "victim"]);
  });

  test("that comes while the store is open", async () => {
    const store = await open();
    await store.write("a", bytesOf("1"));
    const path = join(folder, "blob.a.0");
    await rm(path);
    await make(path);
    await expect(store.append("a", bytesOf("2"))).rejects.toMatchObject(refusal(path));
    expect(await victimText()).toBe("theirs");
  });

  test("in the place of what was not ended", async () => {
    const path = join(folder, "blob.a.0.new");
    await make(path);
    if (what === "a directory") {
      await expect(open()).rejects.toMatchObject(refusal(path));
      await rm(path, { recursive: true });
    }
    const store = await open();
    await store.write("a", bytesOf("1"));
    expect(await victimText()).toBe("theirs");
    expect((await readdir(place)).sort()).toEqual(["s", "victim"]);
  });

  test.each(["lock.7", "lock.new.x"])("in the place of %s", async (name) => {
    const path = join(folder, name);
    await make(path);
    const opening = openFileStore({ folder });
    if (what === "a socket" && name === "lock.7") {
      // The one thing that a lock is.
      await expect(opening).rejects.toMatchObject({ reason: "locked" });
    } else {
      await (await opening).close();
      expect(await victimText()).toBe("theirs");
      expect(await readdir(folder)).toContain(name);
    }
  });
});

test("what has other names than a store gives stays there", async () => {
  const names = ["blob.new", "lock.1", "lock.new.x", "passwd.new", "report.0.new"];
  for (const name of names) await writeFile(join(folder, name), "theirs");
  await writeFile(join(folder, "blob.a.1.new"), "unfinished");
  await (await open()).close();
  await (await open()).close();
  expect((await readdir(folder)).filter((name) => !/^lock\.[23]$/.test(name))).toEqual(names);
});

test("a link to another's socket is no lock: nobody is asked", async () => {
  const address = join(place, "other");
  let asked = 0;
  const server = createServer((guest) => {
    asked += 1;
    guest.on("error", () => undefined);
  }).listen(address);
  ended.push(() => server.close());
  await once(server, "listening");
  await symlink(address, join(folder, "lock.7"));
  const store = await openFileStore({ folder, whenHeld: "take-over" });
  await store.close();
  expect(asked).toBe(0);
  expect((await lstat(address)).isSocket()).toBe(true);
});

test("a hard link's other file stays, and the next change makes a file of its own", async () => {
  await link(victim, join(folder, "blob.a.0"));
  await link(victim, join(folder, "blob.b.0.new"));
  const store = await open();
  expect(textOf(await store.read("a"))).toBe("theirs");
  await expect(store.append("a", bytesOf("+"))).rejects.toMatchObject({
    reason: "failed",
    message: expect.stringMatching(/blob\.a\.0 has a hard link.*save again/),
  });
  await link(victim, join(folder, "blob.b.0.new"));
  await store.append("a", bytesOf("+"));
  await store.write("b", bytesOf("own"));
  expect(textOf(await store.read("a"))).toBe("theirs+");
  expect(await victimText()).toBe("theirs");
});

test("files whose names no store has are not told as names", async () => {
  for (const name of ["A B", "..", "a..b", "é", "-a", "x".repeat(65), "a"]) {
    await writeFile(join(folder, `blob.${name}.0`), encodeSlot(1, bytesOf("x")).bytes);
  }
  const store = await open();
  const names = await store.names();
  expect(names).toEqual(["a"]);
  for (const name of names) expect(textOf(await store.read(name))).toBe("x");
});
