/** The account of the official files: complete, counted, and true to the files themselves. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { account } from "./account.ts";
import { cutBytes } from "./cut.ts";
import { officialSuite } from "./index.ts";
import { officialFile, officialFiles } from "./lua-file.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const luaFolder = process.env["LUA_SRC"] ?? `${root}.tools/lua`;

async function luaFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(`${luaFolder}/${path}`));
}

describe("the account", () => {
  it("names each of upstream's 33 test files once", () => {
    expect(officialFiles).toHaveLength(33);
    expect(account.map(({ file }) => file)).toEqual(officialFiles);
  });

  it("has at least 22 files with content, each with its cases", () => {
    const files = account.filter(({ run }) => run !== "not-run").map(({ file }) => file);
    expect(files.length).toBeGreaterThanOrEqual(22);
    const ids = new Set(officialSuite.cases.map(({ id }) => id));
    expect(files.filter((file) => !ids.has(`official/${file}`))).toEqual([]);
    expect(officialSuite.cases).toHaveLength(46 + account.length - files.length);
  });

  it("cuts these blocks and no more", () => {
    const counts = account.flatMap((each) =>
      each.run === "cut" ? [[each.file, each.cuts.length]] : [],
    );
    expect(Object.fromEntries(counts)).toEqual({
      attrib: 4,
      big: 1,
      constructs: 1,
      cstack: 1,
      files: 2,
      gc: 3,
      literals: 1,
      sort: 1,
      strings: 1,
    });
  });

  it.each(account.flatMap((each) => (each.run === "cut" ? [each] : [])))(
    "finds the blocks of $file.lua, and leaves every other line as it is",
    async ({ file, cuts }) => {
      const whole = await officialFile(file, luaFile);
      const before = linesOf(whole);
      const after = linesOf(cutBytes(whole, cuts));
      expect(after).toHaveLength(before.length);
      const changed = before.flatMap((line, index) =>
        line === after[index] ? [] : [after[index]],
      );
      const written = new Set(["", ...cuts.map(({ instead }) => instead ?? "")]);
      expect(changed.filter((line) => !written.has(line ?? ""))).toEqual([]);
      expect(changed.length).toBeGreaterThanOrEqual(cuts.length);
    },
  );
});

describe("officialFile", () => {
  it("refuses other bytes than upstream's", async () => {
    const changed = async (path: string) => {
      const bytes = await luaFile(path);
      bytes[0] = 0;
      return bytes;
    };
    await expect(officialFile("pm", changed)).rejects.toThrow(/testes\/pm\.lua has the SHA-256/);
  });
});

function linesOf(bytes: Uint8Array): readonly string[] {
  return new TextDecoder("latin1").decode(bytes).split("\n");
}
