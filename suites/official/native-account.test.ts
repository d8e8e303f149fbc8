/** The native account: complete, counted, and true to the files themselves. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cutBytes } from "./cut.ts";
import { officialFile, officialFiles } from "./lua-file.ts";
import { nativeAccount } from "./native-account.ts";
import { nativeTask } from "./native-task.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const luaFolder = process.env["LUA_SRC"] ?? `${root}.tools/lua`;

async function luaFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(`${luaFolder}/${path}`));
}

describe("the native account", () => {
  it("names each of upstream's 33 test files once", () => {
    expect(officialFiles).toHaveLength(33);
    expect(nativeAccount.map(({ file }) => file)).toEqual(officialFiles);
  });

  it("cuts these blocks and leaves out these files, and no more", () => {
    const cuts = nativeAccount.flatMap((each) =>
      each.run === "cut" ? [[each.file, each.cuts.length]] : [],
    );
    expect(Object.fromEntries(cuts)).toEqual({ api: 1, main: 2 });
    const left = nativeAccount.filter(({ run }) => run === "not-run").map(({ file }) => file);
    expect(left).toEqual(["bwcoercion", "tracegc"]);
  });

  it.each(nativeAccount.flatMap((each) => (each.run === "cut" ? [each] : [])))(
    "puts one line in the place of each block of $file.lua, and keeps the others",
    async ({ file, cuts }) => {
      const whole = await officialFile(file, luaFile);
      const before = linesOf(whole);
      const after = linesOf(cutBytes(whole, cuts));
      expect(after).toHaveLength(before.length);
      const written = after.filter((line, index) => line !== before[index] && line !== "");
      expect(written).toEqual(cuts.map(({ instead }) => instead));
    },
  );

  it("loads files in the forms in which all.lua does", async () => {
    const driver = new TextDecoder().decode(await officialFile("all", luaFile));
    const loads = [...driver.matchAll(/\b(olddofile|dofile)\('(\w+)\.lua'(, true)?\)/g)];
    expect(loads.length).toBeGreaterThanOrEqual(27);
    for (const [, how, file = "", strip] of loads) {
      const { program } = nativeTask(file);
      const dumped = /string\.dump\(run, (\w+)\)/.exec(program)?.[1];
      const expected = strip === undefined ? "false" : "true";
      expect([file, dumped]).toEqual([file, how === "dofile" ? expected : undefined]);
    }
  });
});

function linesOf(bytes: Uint8Array): readonly string[] {
  return new TextDecoder("latin1").decode(bytes).split("\n");
}
