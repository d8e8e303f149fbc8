/** Finds the source files by which functions are grouped: upstream's as provisioned, and ours. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { indexSources, type SourceFile, type SourceIndex } from "./sources.ts";

/** Programs of upstream's own, and its internal tests: no variant has them. */
const notInTheCore = ["lua.c", "luac.c", "ltests.c", "onelua.c"];

/** Where a folder's files are, and under which name the index shall know them. */
interface SourceFolder {
  readonly folder: string;
  readonly prefix: string;
  readonly pattern: RegExp;
}

/**
 * `root` is the project's folder, `luaFolder` that of upstream's sources (provision). Neither need
 * be there for a wasm that was brought: its functions then come from unknown files.
 */
export async function readSources(options: {
  readonly root: string;
  readonly luaFolder: string;
}): Promise<SourceIndex> {
  const { root, luaFolder } = options;
  const folders: readonly SourceFolder[] = [
    { folder: luaFolder, prefix: "lua", pattern: /\.c$/ },
    { folder: join(root, "zig/core"), prefix: "zig/core", pattern: /\.(?:c|zig)$/ },
    { folder: join(root, "zig/libc"), prefix: "zig/libc", pattern: /\.zig$/ },
    { folder: join(root, "harness/build"), prefix: "harness/build", pattern: /\.wat$/ },
  ];
  return indexSources((await Promise.all(folders.map(readFolder))).flat());
}

async function readFolder({
  folder,
  prefix,
  pattern,
}: SourceFolder): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const names = entries.filter((name) => pattern.test(name) && !notInTheCore.includes(name));
  return await Promise.all(
    names.map(async (name) => ({
      path: `${prefix}/${name.replaceAll("\\", "/")}`,
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
}
