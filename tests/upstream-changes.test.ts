/** docs/UPSTREAM.md against what it speaks of: lua/upstream.json, the cases, the files. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readUpstream } from "../harness/build/provision/upstream.ts";
import { outOfMemoryCases } from "../suites/persistence/out-of-memory.ts";
import { mended } from "../suites/stdlib/mended.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
const text = await readFile(join(root, "docs", "UPSTREAM.md"), "utf8");
const [, takenOver = "", notTaken = ""] = text.split(/^## .*$/m);
const rowsOf = (section: string) =>
  section.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| commit"));

describe("docs/UPSTREAM.md", () => {
  test("says up to where which branch was read, as lua/upstream.json does", async () => {
    const { changesRead } = await readUpstream(root);
    const plain = text.replaceAll("`", "").replaceAll(/\s+/g, " ");
    for (const { name, upTo, commits } of changesRead.branches) {
      expect(plain).toMatch(new RegExp(`${name} [^(]*\\(${commits}[^)]*${upTo.slice(0, 8)}\\b`));
    }
  });

  test("names each case of what was taken over, and the files of our own code", async () => {
    const rows = rowsOf(takenOver);
    const named = rows.flatMap((row) => row.match(/(?<=`)(?:stdlib|persistence)\/[a-z-]+(?=`)/g));
    const cases = [...mended, ...outOfMemoryCases].map(({ id }) => id);
    expect([...new Set(named)].toSorted()).toEqual(cases.toSorted());
    for (const row of rows) {
      const file = /`(\w+\.(?:c|zig))`/.exec(row)?.[1] ?? "(none)";
      await access(join(root, "zig", "core", file));
    }
  });

  test("tells of each commit once", () => {
    const commits = rowsOf(takenOver + notTaken).flatMap((row) => [
      ...(row.split("|")[1] ?? "").matchAll(/`([0-9a-f]{8})`/g),
    ]);
    const names = commits.map(([, name]) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(names).toEqual([...new Set(names)]);
  });
});
