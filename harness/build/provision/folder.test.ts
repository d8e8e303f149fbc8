/** That a placed folder is whole or not there, whoever else is at it. */
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeFolder } from "./folder.ts";
import { ProvisionError } from "./provision-error.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "place-folder-"));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

test("places what was filled, and replaces what was there", async () => {
  const folder = join(parent, "below", "lua");
  for (const content of ["first", "second"]) {
    await placeFolder(folder, (temporary) => writeFile(join(temporary, "file"), content));
    expect(await readFile(join(folder, "file"), "utf8")).toBe(content);
  }
  expect(await readdir(join(parent, "below"))).toEqual(["lua"]);
});

test("leaves nothing of a filling that failed, and what was there stays", async () => {
  const folder = join(parent, "lua");
  await placeFolder(folder, (temporary) => writeFile(join(temporary, "file"), "good"));
  const failing = placeFolder(folder, async (temporary) => {
    await writeFile(join(temporary, "file"), "half");
    throw new TypeError("interrupted");
  });
  await expect(failing).rejects.toThrow("interrupted");
  expect(await readdir(parent)).toEqual(["lua"]);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("good");
});

test("lets several place the same folder at once", async () => {
  const folder = join(parent, "lua");
  await Promise.all(
    ["a", "b", "c", "d"].map((name) =>
      placeFolder(folder, async (temporary) => {
        await writeFile(join(temporary, "one"), name);
        await writeFile(join(temporary, "two"), name);
      }),
    ),
  );
  expect(await readdir(parent)).toEqual(["lua"]);
  const one = await readFile(join(folder, "one"), "utf8");
  expect(await readFile(join(folder, "two"), "utf8")).toBe(one);
});

test("sweeps what a killed run left a day ago, and no other", async () => {
  for (const name of ["old.partial-aaaaaa", "new.partial-bbbbbb", "kept"]) {
    await mkdir(join(parent, name));
  }
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(parent, "old.partial-aaaaaa"), longAgo, longAgo);
  await utimes(join(parent, "kept"), longAgo, longAgo);
  await placeFolder(join(parent, "lua"), async () => {});
  expect((await readdir(parent)).toSorted()).toEqual(["kept", "lua", "new.partial-bbbbbb"]);
});

test("says that the disk is full", async () => {
  const full = placeFolder(join(parent, "lua"), () =>
    Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" })),
  );
  await expect(full).rejects.toThrow(ProvisionError);
  await expect(full).rejects.toThrow(/the disk is full/);
});
