/** Tests of the list of workloads: that it is whole, and that any Lua could give its results. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { workloads } from "./index.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const classic = workloads.filter((workload) => workload.classic);
const folderOf = (program: URL): string => dirname(fileURLToPath(program)).slice(folder.length);

test("there are enough, classic ones and others, no two of one name", () => {
  expect(workloads.length).toBeGreaterThanOrEqual(24);
  expect(classic.length).toBeGreaterThanOrEqual(19);
  expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
  expect(new Set(workloads.map(({ why }) => why)).size).toBe(workloads.length);
});

test("each folder is a workload's, and no program lies elsewhere", () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory());
  const used = new Set(workloads.map(({ program }) => folderOf(program)));
  expect([...used].toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

describe.each(workloads)("$name", ({ program, smoke, full }) => {
  const text = readFileSync(program, "utf8");

  test("says what it does, and reads its size", () => {
    expect(text).toMatch(/^-- \S/);
    expect(text).toMatch(/\bsize\b/);
    expect(text).not.toMatch(/\bos\.|math\.random/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("has an amount for the smoke that is no larger than the full one", () => {
    expect(smoke.size).toBeGreaterThan(0);
    expect(smoke.size).toBeLessThanOrEqual(full.size);
  });
});

test.each(classic)("$name is for any Lua, with integers of 32 bits too", (workload) => {
  const { program, smoke, full, needs } = workload;
  expect(needs).toBeUndefined();
  expect(readFileSync(program, "utf8")).not.toMatch(/\bext\b|<const>|<close>/);
  const results = [smoke.expected, full.expected].flatMap((each) => String(each).split(" "));
  const integers = results.filter((each) => /^-?\d+$/.test(each)).map(Number);
  for (const integer of integers) expect(Math.abs(integer)).toBeLessThan(2 ** 31);
});
