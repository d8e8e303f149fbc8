/** The lock of a file store: one process at a time, and what a dead one left counts for nothing. */
import { errorCodeOf, type FileSystem } from "./file-system.ts";
import { StoreError } from "./store.ts";

/** What a lock needs to know of processes: Node's `process` is one. */
export interface ProcessTable {
  readonly pid: number;
  /** With signal 0: throws an error with `code` ESRCH when there is no such process. */
  readonly kill: (pid: number, signal: 0) => unknown;
}

export interface FileLock {
  readonly release: () => Promise<void>;
}

/** Number of the process, and when it was born: numbers are given again. */
const lockPattern = /^lock\.([0-9]+)\.([0-9a-f-]+)$/;

/**
 * Each process makes a file of a name that is its own, and then looks for others': of two at least
 * one sees the other and steps back, and removing a dead one's can't hit a living one's. Two that
 * start at the same moment may both step back. Throws StoreError "locked".
 */
export async function lockFolder(options: {
  readonly folder: string;
  readonly fileSystem: FileSystem;
  readonly process: ProcessTable;
}): Promise<FileLock> {
  const { folder, fileSystem, process: processes } = options;
  const own = `lock.${processes.pid}.${await birthOf(fileSystem, processes.pid)}`;
  const path = `${folder}/${own}`;
  try {
    const file = await fileSystem.open(path, "claim");
    await file.close();
  } catch (error) {
    if (errorCodeOf(error) === "EEXIST") throw lockedError({ path, pid: processes.pid });
    throw error;
  }
  const release = () => fileSystem.remove(path);
  try {
    for (const name of await fileSystem.list(folder)) {
      if (name === own || !lockPattern.test(name)) continue;
      const pid = await holderOf(name, { fileSystem, processes });
      if (pid !== undefined) throw lockedError({ path: `${folder}/${name}`, pid });
      await fileSystem.remove(`${folder}/${name}`);
    }
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  return { release };
}

/** The number of the living process that a lock is of; undefined when it is dead. */
async function holderOf(
  name: string,
  { fileSystem, processes }: { readonly fileSystem: FileSystem; readonly processes: ProcessTable },
): Promise<number | undefined> {
  const [, digits = "", birth] = lockPattern.exec(name) ?? [];
  const pid = Number(digits);
  try {
    processes.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is another user's.
    if (errorCodeOf(error) === "ESRCH") return undefined;
  }
  const nowBorn = await birthOf(fileSystem, pid);
  const isAnother = birth !== unknownBirth && nowBorn !== unknownBirth && nowBorn !== birth;
  return isAnother ? undefined : pid;
}

const unknownBirth = "0";

/** Of this boot of the machine, and the tick at which the process began; Linux tells both. */
async function birthOf(fileSystem: FileSystem, pid: number): Promise<string> {
  const textOf = async (path: string) =>
    new TextDecoder().decode(await fileSystem.read(path).catch(() => undefined));
  const boot = /^[0-9a-f]+/.exec(await textOf("/proc/sys/kernel/random/boot_id"));
  // The program's name, in parentheses, may hold spaces; the 20th figure behind it is the start.
  const behindName = (await textOf(`/proc/${pid}/stat`)).split(")").at(-1) ?? "";
  const tick = behindName.trim().split(" ")[19];
  return boot === null || tick === undefined ? unknownBirth : `${boot[0]}-${tick}`;
}

function lockedError({ path, pid }: { readonly path: string; readonly pid: number }): StoreError {
  return new StoreError(
    "locked",
    `process ${pid} has this store open; close it there first, or delete ${path} when that ` +
      "process is no program of yours",
  );
}
