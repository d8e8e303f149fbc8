/** That a cache entry is used only when whole, and that the oldest go first. */
import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { evictEntries, obtainEntry, readEntry } from "./cache.ts";

const schema = z.strictObject({ size: z.int() });

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "build-cache-"));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

async function put(name: string, content: string): Promise<string> {
  const folder = join(parent, name);
  await obtainEntry({
    folder,
    factsSchema: schema,
    fill: async (temporary) => {
      await writeFile(join(temporary, "core.wasm"), content);
      return { size: content.length };
    },
    force: true,
  });
  return folder;
}

test("gives back what was written", async () => {
  const folder = await put("key", "wasm");
  expect(await readEntry(folder, schema)).toEqual({ state: "hit", facts: { size: 4 } });
  expect(await readEntry(join(parent, "other"), schema)).toEqual({ state: "missing" });
});

test("notices altered, missing and unreadable files", async () => {
  const altered = await put("altered", "wasm");
  await appendFile(join(altered, "core.wasm"), "!");
  expect(await readEntry(altered, schema)).toEqual({
    state: "damaged",
    reason: "core.wasm is altered",
  });
  const missing = await put("missing", "wasm");
  await rm(join(missing, "core.wasm"));
  expect(await readEntry(missing, schema)).toMatchObject({ state: "damaged" });
  const cut = await put("cut", "wasm");
  await writeFile(
    join(cut, "entry.json"),
    (await readFile(join(cut, "entry.json"))).subarray(0, 9),
  );
  expect(await readEntry(cut, schema)).toMatchObject({ state: "damaged" });
  const facts = await put("facts", "wasm");
  expect(await readEntry(facts, z.strictObject({ other: z.string() }))).toMatchObject({
    state: "damaged",
  });
  await put("altered", "wasm");
  expect(await readEntry(altered, schema)).toMatchObject({ state: "hit" });
});

test("leaves nothing of an entry that was not filled", async () => {
  const failing = obtainEntry({
    folder: join(parent, "key"),
    factsSchema: schema,
    fill: () => Promise.reject(new RangeError("compiler")),
  });
  await expect(failing).rejects.toThrow("compiler");
  expect(await readdir(parent)).toEqual([]);
});

test("makes an entry once for all that want it at once", async () => {
  let made = 0;
  const wanted = {
    folder: join(parent, "key"),
    factsSchema: schema,
    fill: async (temporary: string) => {
      made += 1;
      await writeFile(join(temporary, "core.wasm"), "wasm");
      return { size: 4 };
    },
  };
  const entries = await Promise.all([1, 2, 3].map(() => obtainEntry(wanted)));
  expect(made).toBe(1);
  expect(entries.map(({ facts }) => facts)).toEqual([{ size: 4 }, { size: 4 }, { size: 4 }]);
  expect(entries.filter(({ cached }) => !cached)).toHaveLength(1);
  expect(await readdir(parent)).toEqual(["key"]);
});

test("evicts the longest unused, but none of this run", async () => {
  const used = await put("used", "x".repeat(1000));
  for (const [name, ageMs] of [
    ["old", 2e6],
    ["older", 3e6],
    ["young", 1e6],
  ] as const) {
    // Written by another process: copied, so that this one has not used it.
    const folder = await put(`${name}-mine`, "x".repeat(1000));
    await cp(folder, join(parent, name), { recursive: true });
    await rm(folder, { recursive: true });
    const at = new Date(Date.now() - ageMs);
    await utimes(join(parent, name, "entry.json"), at, at);
  }
  const longAgo = new Date(0);
  await utimes(join(used, "entry.json"), longAgo, longAgo);
  await evictEntries([parent], 3000);
  expect((await readdir(parent)).toSorted()).toEqual(["used", "young"]);
});
