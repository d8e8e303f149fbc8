/** Tests of the import closure's hash: what changes it, and what does not. */
import { expect, test } from "vitest";
import { ImportClosureError, importClosureHash } from "./import-closure.ts";

const tree = new Map([
  ["/p/suites/a/index.ts", 'import { b } from "./b.ts";\nimport "node:fs";'],
  ["/p/suites/a/b.ts", 'import type { C } from "../../core/c.ts"; export const b = 1;'],
  ["/p/core/c.ts", 'import { b } from "../suites/a/b.ts"; export type C = typeof b;'],
  ["/p/core/unrelated.ts", "export const u = 1;"],
]);

function hashOf(files: ReadonlyMap<string, string>, prefix = "/p"): Promise<string> {
  return importClosureHash({
    roots: [new URL(`${prefix}/suites/a/index.ts`, "file:///")],
    base: new URL(`${prefix}/`, "file:///"),
    read: async (url) => {
      const text = files.get(url.pathname);
      if (text === undefined) throw new Error("ENOENT");
      return text;
    },
  });
}

test("every file of the closure counts, through types and cycles; no other does", async () => {
  const before = await hashOf(tree);
  for (const [path, text] of tree) {
    const changed = await hashOf(new Map(tree).set(path, `${text}\n`));
    if (path === "/p/core/unrelated.ts") expect(changed).toBe(before);
    else expect(changed).not.toBe(before);
  }
});

test("the hash is the same wherever the tree lies", async () => {
  const moved = new Map([...tree].map(([path, text]) => [`/elsewhere${path}`, text]));
  expect(await hashOf(moved, "/elsewhere/p")).toBe(await hashOf(tree));
});

test("a missing file is named, with who names it", async () => {
  const lacking = new Map(tree);
  lacking.delete("/p/core/c.ts");
  await expect(hashOf(lacking)).rejects.toThrow(ImportClosureError);
  await expect(hashOf(lacking)).rejects.toThrow(/core\/c\.ts, named by .*b\.ts/);
});
