/** Keeps a folder of the cache at its size: what was not used for the longest time goes first. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Removes the files beyond `filesMax`, the least recently used. No folder is an empty one. */
export async function trimFolder(directory: string, filesMax: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  if (names.length <= filesMax) return;
  const ages = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, usedMs: (await stat(path)).mtimeMs };
    }),
  );
  ages.sort((a, b) => b.usedMs - a.usedMs);
  await Promise.all(ages.slice(filesMax).map(({ path }) => rm(path, { force: true })));
}
