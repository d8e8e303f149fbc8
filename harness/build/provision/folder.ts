/** Puts a finished folder in place in one step, so that nothing half done ever looks finished. */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asProvisionError } from "./provision-error.ts";

/** In the name of every folder that is not finished; random characters follow. */
export const partialMark = ".partial-";
/** A folder that an interrupted run left behind is swept after this time. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/**
 * Fills a temporary folder beside `folder`, then renames it to `folder`; one that is there is
 * replaced. Two at the same time both succeed, and one of their folders stays.
 */
export async function placeFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(folder);
  try {
    await mkdir(parent, { recursive: true });
    await sweepAbandoned(parent);
    const temporary = await mkdtemp(`${folder}${partialMark}`);
    try {
      await fill(temporary);
      await replaceFolder(folder, temporary);
    } finally {
      // A compiler that was told to stop may still write for a moment.
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    }
  } catch (error) {
    throw asProvisionError(error, folder);
  }
}

/** The old one is removed last: the folder is missing for the moment of two renamings only. */
async function replaceFolder(folder: string, replacement: string): Promise<void> {
  const aside: string[] = [];
  try {
    await renameOver(folder, replacement, aside);
  } finally {
    for (const old of aside) await rm(old, { recursive: true, force: true });
  }
}

async function renameOver(folder: string, replacement: string, aside: string[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rename(replacement, folder);
      return;
    } catch (error) {
      // Another run may put its own there between the removal and the rename: then once more.
      if (attempt === 3 || !isOccupied(error)) throw error;
      aside.push(await moveAside(folder));
    }
  }
}

async function moveAside(folder: string): Promise<string> {
  const aside = await mkdtemp(`${folder}${partialMark}old-`);
  await rename(folder, join(aside, "folder")).catch(() => {});
  return aside;
}

function isOccupied(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM";
}

async function sweepAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.includes(partialMark)) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
