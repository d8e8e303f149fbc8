/** The file system of Node, as file stores use it. */
import { errorCodeOf, type FileSystem, type OpenFile, type OpenMode } from "./file-system.ts";
import { constants, promises, type Stats } from "./node.ts";
import { blobBytesMax, StoreError } from "./store.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

const flags: Readonly<Record<OpenMode | "read", number>> = {
  read: O_RDONLY,
  create: O_WRONLY | O_CREAT | O_EXCL,
  change: O_WRONLY,
};

/** Others may write in the folder: a link would lead out of it, a FIFO be waited for. */
const safeFlags = O_NOFOLLOW | O_NONBLOCK;

/** A blob, and the heads of its frames. */
const fileBytesMax = 2 * blobBytesMax;

/** Only the owner may read what a program keeps. */
const fileMode = 0o600;

export const nodeFileSystem: FileSystem = {
  makeFolder: async (path) => {
    await promises.mkdir(path).catch((error: unknown) => ignore(error, ["EEXIST"]));
    const real = await promises.realpath(path);
    // Of bytes that are no text it is not the path any more.
    return real.includes("\u{fffd}") ? path : real;
  },
  list: (path) => promises.readdir(path),
  read: async (path) => {
    const opened = await openHandle(path, "read").catch((error: unknown) => {
      ignore(error, ["ENOENT"]);
    });
    if (opened === undefined) return undefined;
    const { handle } = opened;
    try {
      return new Uint8Array(await handle.readFile());
    } finally {
      await handle.close();
    }
  },
  open: async (path, mode) => {
    // What is there may be a second name of another file: that one is not emptied.
    if (mode === "create") await remove(path);
    const { handle, sizeBytes } = await openHandle(path, mode);
    return openFile(handle, sizeBytes);
  },
  rename: async (from, to) => {
    await promises.rename(from, to).catch((error: unknown) => refuseOthers(to, error));
  },
  remove,
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

async function remove(path: string): Promise<void> {
  const isOther = (stats: Stats): boolean => stats.isDirectory();
  const ended = promises.unlink(path).catch((error) => refuseOthers(path, error, isOther));
  await ended.catch((error: unknown) => ignore(error, ["ENOENT"]));
}

/** Throws StoreError where something else than a file has the name. */
async function openHandle(
  path: string,
  mode: keyof typeof flags,
): Promise<{ readonly handle: promises.FileHandle; readonly sizeBytes: number }> {
  const opening = promises.open(path, flags[mode] | safeFlags, fileMode);
  const handle = await opening.catch((error: unknown) => refuseOthers(path, error));
  try {
    const stats = await handle.stat();
    checkFile(path, stats, mode);
    return { handle, sizeBytes: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Throws StoreError for what a store does not open. */
function checkFile(path: string, stats: Stats, mode: keyof typeof flags): void {
  if (!stats.isFile()) throw otherError(path, stats);
  if (stats.size > fileBytesMax) {
    const message = `${path} has ${stats.size} bytes, more than a store writes: delete it`;
    throw new StoreError("damaged", message);
  }
  if (stats.nlink > 1 && mode === "change") throw linkedError(path);
}

/** Throws what the system threw, unless it did for what is no file. */
async function refuseOthers(
  path: string,
  error: unknown,
  isOther = (stats: Stats): boolean => !stats.isFile(),
): Promise<never> {
  // What was not there may be by now.
  if (errorCodeOf(error) === "ENOENT") throw error;
  const stats = await promises.lstat(path).catch(() => undefined);
  throw stats !== undefined && isOther(stats) ? otherError(path, stats) : error;
}

function otherError(path: string, stats: Stats): StoreError {
  const message = `${path} is ${kindOf(stats)}, where a store has a file: delete it`;
  return new StoreError("damaged", message);
}

/** A store that met this writes the blob anew when it is changed the next time. */
function linkedError(path: string): StoreError {
  return new StoreError(
    "failed",
    `${path} has a hard link, by which a change of it would be one of another file: save again, ` +
      "which makes a file of its own",
  );
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isFIFO()) return "a FIFO";
  return stats.isSocket() ? "a socket" : "a device";
}

function openFile(handle: promises.FileHandle, sizeBytes: number): OpenFile {
  return {
    sizeBytes,
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
