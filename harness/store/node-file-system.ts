/** The file system of Node, as file stores use it. */
import { constants, promises } from "node:fs";
import { errorCodeOf, type FileSystem, type OpenFile, type OpenMode } from "./file-system.ts";

const { O_CREAT, O_TRUNC, O_WRONLY } = constants;

const flags: Readonly<Record<OpenMode, number>> = {
  create: O_WRONLY | O_CREAT | O_TRUNC,
  change: O_WRONLY,
};

/** Only the owner may read what a program keeps. */
const fileMode = 0o600;

export const nodeFileSystem: FileSystem = {
  makeFolder: async (path) => {
    await promises.mkdir(path).catch((error: unknown) => ignore(error, ["EEXIST"]));
  },
  list: (path) => promises.readdir(path),
  read: async (path) => {
    const bytes = await promises.readFile(path).catch((error: unknown) => {
      ignore(error, ["ENOENT"]);
    });
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  },
  open: async (path, mode) => openFile(await promises.open(path, flags[mode], fileMode)),
  rename: (from, to) => promises.rename(from, to),
  remove: async (path) => {
    await promises.unlink(path).catch((error: unknown) => ignore(error, ["ENOENT"]));
  },
  syncFolder: async (path) => {
    // Windows opens no folders, and needs no sync of them.
    const folder = await promises.open(path, "r").catch((error: unknown) => {
      ignore(error, ["EISDIR", "EPERM"]);
    });
    if (folder === undefined) return;
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

function openFile(handle: promises.FileHandle): OpenFile {
  return {
    write: async (bytes, position) => {
      const { bytesWritten } = await handle.write(bytes, 0, bytes.length, position);
      return bytesWritten;
    },
    truncate: (length) => handle.truncate(length),
    // Of what it leaves out, the times, nothing depends on.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

function ignore(error: unknown, codes: readonly string[]): void {
  const code = errorCodeOf(error);
  if (code === undefined || !codes.includes(code)) throw error;
}
