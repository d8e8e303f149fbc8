/** That of several at a folder one works at a time, and that nobody waits for the dead. */
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exclusively } from "./exclusively.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "exclusively-"));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

test("lets one work at a time, and says so to who waits, once", async () => {
  const folder = join(parent, "below", "zig");
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await sleep(20);
    working -= 1;
  };
  const onWait = vi.fn();
  await Promise.all([1, 2, 3].map(() => exclusively(folder, work, { onWait })));
  expect(most).toBe(1);
  expect(onWait).toHaveBeenCalledTimes(2);
  expect(await readdir(join(parent, "below"))).toEqual([]);
});

test("lets the next one work when the work failed", async () => {
  const folder = join(parent, "zig");
  const failing = exclusively(folder, () => Promise.reject(new RangeError("pip")));
  await expect(failing).rejects.toThrow("pip");
  expect(await exclusively(folder, () => Promise.resolve("done"))).toBe("done");
});

test("takes over what a killed one left", async () => {
  const folder = join(parent, "zig");
  await mkdir(`${folder}.lock`);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(`${folder}.lock`, longAgo, longAgo);
  expect(await exclusively(folder, () => Promise.resolve("done"))).toBe("done");
  expect(await readdir(parent)).toEqual([]);
});

test("stops waiting when it is told to", async () => {
  const folder = join(parent, "zig");
  await mkdir(`${folder}.lock`);
  const stop = new AbortController();
  const onWait = () => stop.abort(new RangeError("enough"));
  const work = vi.fn(() => Promise.resolve());
  await expect(exclusively(folder, work, { onWait, signal: stop.signal })).rejects.toThrow(
    "enough",
  );
  expect(work).not.toHaveBeenCalled();
});
