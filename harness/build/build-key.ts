/** Keys of the build's cache: what the sources, options and tools are, as hashes of content. */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { sha256Of } from "./cache.ts";
import { importClosureHash } from "./import-closure.ts";
import type { Tools } from "./provision/provision.ts";

/** Raise it when the build does something else that no other part of a key shows. */
const pipelineVersion = 1;

export interface SourceHashes {
  /** Of all that the compiler sees of a variant. */
  readonly compile: string;
  /** Of all that it sees of a program for the host: the same files and zig/native/. */
  readonly native: string;
  /** Of what makes it an artifact: unwind modules, Binaryen, hints, build id, the licence. */
  readonly post: string;
}

/**
 * Hashes build.zig, build.zig.zon, zig/ and lua/ (with the hashes of Lua's own files in
 * upstream.json, which set-up compared), all files that post-processing names, LICENSE and the
 * versions of the tools.
 */
export async function hashSources(root: string, tools: Tools): Promise<SourceHashes> {
  const trees = await Promise.all(["zig", "lua"].map((folder) => filesBelow(join(root, folder))));
  const examples = join(root, "lua", "examples") + sep;
  const native = join(root, "zig", "native") + sep;
  const paths = [join(root, "build.zig"), join(root, "build.zig.zon"), ...trees.flat()].filter(
    (path) => !path.startsWith(examples),
  );
  const ofVariants = paths.filter((path) => !path.startsWith(native));
  const passes = await importClosureHash({
    roots: [new URL("./post-process.ts", import.meta.url)],
    base: new URL("../../", import.meta.url),
  });
  const { zigVersion, luaVersion } = tools;
  const compiled = { pipelineVersion, zigVersion, luaVersion };
  return {
    compile: keyOf({ ...compiled, files: await hashFiles(root, ofVariants) }),
    native: keyOf({ ...compiled, files: await hashFiles(root, paths) }),
    post: keyOf({
      pipelineVersion,
      passes,
      licence: sha256Of(await readFile(join(root, "LICENSE"))),
      binaryen: packageVersion("binaryen"),
      wabt: packageVersion("wabt"),
    }),
  };
}

/** The key of anything that JSON can write; 24 hexadecimal digits, 96 bits. */
export function keyOf(parts: unknown): string {
  return sha256Of(JSON.stringify(parts)).slice(0, 24);
}

async function hashFiles(
  root: string,
  paths: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  return await Promise.all(
    paths
      .map((path) => relative(root, path).split(sep).join("/"))
      .toSorted()
      .map(async (path) => [path, sha256Of(await readFile(join(root, path)))] as const),
  );
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const require = createRequire(import.meta.url);

function packageVersion(name: string): string {
  const description: unknown = require(`${name}/package.json`);
  return z.object({ version: z.string() }).parse(description).version;
}
