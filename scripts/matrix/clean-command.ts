/** `npm run matrix -- clean`: removes the caches, and says how much that was. */
import { lstat, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Invocation } from "../command/invocation.ts";
import { projectPaths } from "../command/paths.ts";

export async function cleanCaches(
  { all }: { readonly all: boolean },
  invocation: Invocation,
): Promise<number> {
  const { root, stdout } = invocation;
  const { cache, tools } = projectPaths(root);
  for (const folder of all ? [cache, tools] : [cache]) {
    const bytes = await sizeBytesOf(folder);
    await rm(folder, { recursive: true, force: true });
    stdout.write(`${relative(root, folder)}/ removed: ${(bytes / 1e6).toFixed(1)} MB\n`);
  }
  return 0;
}

/** What is not there, or vanishes meanwhile, has no size. */
async function sizeBytesOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => []))
    bytes += await sizeBytesOf(join(path, name));
  return bytes;
}
