/** A file store under faults, power cuts and damage: the old or the new, never neither. */
import { promises } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openFileStore } from "./file-store.ts";
import type { FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { randomOf } from "./random.fixture.ts";
import { type Fault, SimulatedDisk } from "./simulated-disk.fixture.ts";
import { encodeSlot } from "./slot-file.ts";
import { type Store, StoreError } from "./store.ts";

const folder = "store";

/** A restart is another process: all before it are dead. */
const freeLock = async () => ({
  taken: new AbortController().signal,
  release: async () => undefined,
});

function open(
  fileSystem: FileSystem,
  onDamage: (message: string) => void = () => undefined,
): Promise<Store> {
  return openFileStore({ folder, fileSystem, lock: freeLock, onDamage });
}

/** One change of the name "a", and what it makes of what was there. */
interface Change {
  readonly make: (store: Store) => Promise<void>;
  readonly after: (before: string | undefined) => string | undefined;
}

function changesOf(texts: readonly string[]): readonly Change[] {
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  return texts.map((text) => {
    const [kind, body = ""] = [text[0], text.slice(1).repeat(12)];
    if (kind === "-") return { make: (store) => store.remove("a"), after: () => undefined };
    if (kind === "=")
      return { make: (store) => store.write("a", bytesOf(body)), after: () => body };
    return {
      make: (store) => store.append("a", bytesOf(body)),
      after: (before) => `${before ?? ""}${body}`,
    };
  });
}

async function textIn(store: Store): Promise<string | undefined> {
  const bytes = await store.read("a");
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

const changes = changesOf([
  "=first",
  "+second",
  "+third",
  "=fourth",
  "+fifth",
  "-",
  "+sixth",
  "=7",
]);

/** Makes the changes one after the other and returns what may be read: the last or one before. */
async function makeChanges(store: Store): Promise<readonly (string | undefined)[]> {
  let text: string | undefined;
  for (const change of changes) {
    const next = change.after(text);
    try {
      await change.make(store);
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      return [text, next];
    }
    text = next;
  }
  return [text];
}

/** Makes all changes, once for each call that they make, and fails that call. */
async function sweep(
  kind: Fault["kind"],
  seeds: number,
  checkAfter: (disk: SimulatedDisk, allowed: readonly (string | undefined)[]) => Promise<void>,
): Promise<number> {
  let injections = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    for (let call = 0; ; call++) {
      const disk = new SimulatedDisk(randomOf(seed * 1000 + call));
      const opened = await open(disk);
      await opened.write("other", Uint8Array.of(1));
      const before = disk.calls;
      disk.fault = { call: before + call, kind };
      const allowed = await makeChanges(opened);
      if (disk.calls <= before + call) break;
      injections += 1;
      await checkAfter(disk, allowed);
    }
  }
  return injections;
}

describe("a power cut", () => {
  test("in any system call leaves the old or the new, and a store that goes on", async () => {
    const injections = await sweep("crash", 40, async (disk, allowed) => {
      disk.restart();
      const store = await open(disk);
      const text = await textIn(store);
      expect(allowed).toContain(text);
      await store.append("a", new TextEncoder().encode("more"));
      disk.restart();
      const again = await open(disk);
      expect(await textIn(again)).toBe(`${text ?? ""}more`);
      expect(await again.read("other")).toEqual(Uint8Array.of(1));
    });
    expect(injections).toBeGreaterThan(1000);
  });

  test("in opening loses nothing", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      for (let call = 0; ; call++) {
        const disk = new SimulatedDisk(randomOf(seed * 1000 + call));
        await (await open(disk)).write("a", new TextEncoder().encode("kept"));
        const before = disk.calls;
        disk.fault = { call: before + call, kind: "crash" };
        const opened = await open(disk).catch((error: unknown) => error);
        const isOver = disk.calls <= before + call;
        if (!isOver) expect(opened).toBeInstanceOf(StoreError);
        disk.restart();
        expect(await textIn(await open(disk))).toBe("kept");
        if (isOver) break;
      }
    }
  });
});

describe.each(["EIO", "ENOSPC"] as const)("%s", (kind) => {
  test("in any system call: the old or the new is read, and the next change works", async () => {
    const injections = await sweep(kind, 10, async (disk, allowed) => {
      // As after a kill: another process builds on what the system shows, and then the power fails.
      const store = await open(disk);
      const text = await textIn(store);
      expect(allowed).toContain(text);
      await store.append("a", new TextEncoder().encode("more"));
      disk.restart();
      expect(await textIn(await open(disk))).toBe(`${text ?? ""}more`);
    });
    expect(injections).toBeGreaterThan(300);
  });

  test.each([
    ["one call", false],
    ["all calls for a while", true],
  ])("of %s does not spoil the store that met it", async (_, isLasting) => {
    for (let [seed, call] = [1, 0]; seed <= 20; call++) {
      const disk = new SimulatedDisk(randomOf(seed * 1000 + call));
      const store = await open(disk);
      const before = disk.calls;
      disk.fault = { call: before + call, kind, isLasting };
      const [old, made] = await makeChanges(store);
      if (disk.calls <= before + call) {
        [seed, call] = [seed + 1, -1];
        continue;
      }
      disk.fault = undefined;
      const text = await textIn(store);
      expect([old, made]).toContain(text);
      await store.append("a", new TextEncoder().encode("x"));
      await store.append("a", new TextEncoder().encode("y"));
      // What was acknowledged survives a power cut, though a sync failed before it.
      disk.restart();
      const seen: string[] = [];
      expect(await textIn(await open(disk, (message) => seen.push(message)))).toBe(
        `${text ?? ""}xy`,
      );
      expect(seen).toEqual([]);
    }
  });

  test("is told with its cause and what to do", async () => {
    const disk = new SimulatedDisk(randomOf(1));
    const store = await open(disk);
    disk.fault = { call: disk.calls + 2, kind };
    await expect(store.write("a", new Uint8Array(9))).rejects.toMatchObject({
      reason: kind === "ENOSPC" ? "full" : "failed",
      message: expect.stringMatching(/^store: a can't be written: .*; .*save again/),
      cause: expect.objectContaining({ code: kind }),
    });
    disk.fault = { call: disk.calls + 3, kind };
    await expect(store.write("a", new Uint8Array(9))).rejects.toBeInstanceOf(StoreError);
    expect((await disk.list(folder)).filter((file) => file.endsWith(".new"))).toEqual([]);
    await store.write("a", new Uint8Array(9));
    // What can't be read is not removed: the older generation might be taken for the newest.
    disk.fault = { call: disk.calls, kind };
    await expect(store.remove("a")).rejects.toBeInstanceOf(StoreError);
    expect(await store.read("a")).toEqual(new Uint8Array(9));
  });
});

describe("on a real disk", () => {
  let place = "";
  const seen: string[] = [];
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "file-store-"));
    seen.length = 0;
  });
  afterEach(() => rm(place, { recursive: true }));

  const openReal = (fileSystem: FileSystem = nodeFileSystem): Promise<Store> => {
    const onDamage = (message: string) => seen.push(message);
    return openFileStore({ folder: join(place, "s"), fileSystem, onDamage });
  };
  const slot = (generation: 0 | 1) => join(place, "s", `blob.a.${generation}`);

  test("every truncation and every flipped bit gives a state that was saved", async () => {
    const store = await openReal();
    await store.write("a", new TextEncoder().encode("older"));
    await store.write("a", new TextEncoder().encode("newer"));
    await store.append("a", new TextEncoder().encode("+1"));
    await store.append("a", new TextEncoder().encode("+2"));
    const bytes = await readFile(slot(1));
    const saved = ["older", "newer", "newer+1", "newer+1+2"];
    const damages = [
      ...Array.from(bytes, (_, length) => bytes.subarray(0, length)),
      ...Array.from({ length: bytes.length * 8 }, (_, bit) => {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return flipped;
      }),
    ];
    for (const damaged of damages) {
      seen.length = 0;
      await writeFile(slot(1), damaged);
      const text = await textIn(store);
      expect(saved).toContain(text);
      // A cut between two frames is a store of earlier; all else is told.
      if (text === "older") expect(seen.join()).toContain("is damaged");
      if (damaged.length === bytes.length) expect(seen).toHaveLength(1);
    }
    await writeFile(slot(0), "no store");
    await writeFile(slot(1), "no store");
    await expect(store.read("a")).rejects.toMatchObject({ reason: "damaged" });
    await store.remove("a");
    expect(await store.read("a")).toBeUndefined();
    await store.close();
  });

  test("generations go on behind the last number that there is", async () => {
    const encoder = new TextEncoder();
    await (await openReal()).close();
    await writeFile(slot(0), encodeSlot(0xffff_ffff, encoder.encode("last")).bytes);
    const store = await openReal();
    for (const text of ["next", "and", "so", "on"]) {
      await store.write("a", encoder.encode(text));
      expect(await textIn(store)).toBe(text);
    }
    await store.close();
    const again = await openReal();
    expect(await textIn(again)).toBe("on");
    await again.close();
  });

  test("an append after a torn one, or after damage, begins a new generation", async () => {
    const store = await openReal();
    await store.write("a", new TextEncoder().encode("1"));
    await store.write("a", new TextEncoder().encode("2"));
    await store.close();
    await writeFile(slot(1), Buffer.concat([await readFile(slot(1)), Buffer.from([9, 9, 9])]));
    const torn = await openReal();
    await torn.append("a", new TextEncoder().encode("3"));
    expect(await textIn(torn)).toBe("23");
    await torn.close();
    await writeFile(slot(0), "damage");
    const fallen = await openReal();
    await fallen.append("a", new TextEncoder().encode("4"));
    expect(await textIn(fallen)).toBe("24");
    await fallen.close();
    // The generation that was fallen back to is the one with the torn end.
    expect(seen).toEqual([
      expect.stringContaining("3 bytes at the end are no whole append"),
      expect.stringContaining("is damaged; generation 2 is given instead"),
      expect.stringContaining("3 bytes at the end are no whole append"),
    ]);
  });

  test("what was not ended by then is cleared away when it is opened", async () => {
    await (await openReal()).close();
    await writeFile(join(place, "s", "blob.a.0.new"), "unfinished");
    const opened = await openReal();
    expect(await readdir(join(place, "s"))).toEqual(["lock.2"]);
    await opened.close();
    await opened.close();
  });

  test("a file whose kind can't be told is closed again", async () => {
    const store = await openReal();
    await store.write("a", Uint8Array.of(1));
    const refused = Object.assign(new Error("EIO: i/o error, fstat"), { code: "EIO" });
    let closed = 0;
    const opening = vi.spyOn(promises, "open").mockImplementation(async () => {
      const close = async () => {
        closed += 1;
      };
      return { stat: () => Promise.reject(refused), close } as promises.FileHandle;
    });
    await expect(store.read("a")).rejects.toMatchObject({ cause: refused });
    opening.mockRestore();
    expect(closed).toBe(1);
    await store.close();
  });

  test("a name that is removed while another one reads it is not read as it once was", async () => {
    const store = await openReal();
    for (const text of ["old", "newer"]) await store.write("a", new TextEncoder().encode(text));
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      read: async (path) => {
        const bytes = await nodeFileSystem.read(path);
        if (path.endsWith(".0")) await store.remove("a");
        return bytes;
      },
    };
    const lock = async () => undefined;
    const reader = await openFileStore({ folder: join(place, "s"), fileSystem, lock });
    expect(await reader.read("a")).toBeUndefined();
    await store.close();
  });

  test("a folder is on the disk itself, by the one above it, before its files are", async () => {
    const synced: string[] = [];
    const syncFolder = async (path: string) => {
      synced.push(path);
      await nodeFileSystem.syncFolder(path);
    };
    await (await openReal({ ...nodeFileSystem, syncFolder })).close();
    expect(synced).toEqual([`${join(place, "s")}/..`, join(place, "s")]);
  });

  test("a folder whose upper one may not be read is opened, and synced itself", async () => {
    const refusing = (code: string) => {
      const synced: string[] = [];
      const syncFolder = async (path: string) => {
        if (path.endsWith("/..")) throw Object.assign(new Error(code), { code });
        synced.push(path);
      };
      return { synced, opened: openReal({ ...nodeFileSystem, syncFolder }) };
    };
    const { synced, opened } = refusing("EACCES");
    await (await opened).close();
    expect(synced).toEqual([join(place, "s")]);
    await expect(refusing("EIO").opened).rejects.toMatchObject({ reason: "failed" });
  });

  test("a real file system's refusals are told, and nothing is lost", async () => {
    await expect(openFileStore({ folder: join(place, "no", "where") })).rejects.toMatchObject({
      reason: "failed",
      message: expect.stringContaining("make the folder"),
    });
    let failures = 0;
    for (const step of ["open", "rename", "syncFolder"] as const) {
      const fileSystem: FileSystem = { ...nodeFileSystem };
      const store = await openReal(fileSystem);
      await store.write("a", new TextEncoder().encode("old"));
      const failing = { ...fileSystem, [step]: () => Promise.reject(new Error("refused")) };
      await store.close();
      const broken = await openReal({
        ...failing,
        // Opening needs it once.
        syncFolder: async (path) => {
          if (failures % 2 === 1) await failing.syncFolder(path);
        },
      });
      failures += 1;
      await expect(broken.write("a", new TextEncoder().encode("new"))).rejects.toBeInstanceOf(
        StoreError,
      );
      expect(["old", "new"]).toContain(await textIn(broken));
      failures += 1;
      await broken.close();
    }
  });
});

test("a system that takes no byte ends a change, which does not wait for ever", async () => {
  const full: FileSystem = {
    ...nodeFileSystem,
    open: async (path, mode) => {
      const file = await nodeFileSystem.open(path, mode);
      return { ...file, write: vi.fn().mockResolvedValueOnce(0).mockRejectedValue(new Error("?")) };
    },
  };
  const place = await mkdtemp(join(tmpdir(), "no-byte-"));
  const store = await openFileStore({ folder: place, fileSystem: full, lock: freeLock });
  await expect(store.write("a", Uint8Array.of(1))).rejects.toThrow("the system took no more bytes");
  expect(await store.read("a")).toBe(undefined);
  await store.close();
  await rm(place, { recursive: true });
});
