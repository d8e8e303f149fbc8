/** What a run keeps on disk: files written whole or not at all, and one error where that fails. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The disk refuses what was to be kept; the message names the path and the remedy. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}

const again = "then the same command again: what passed before is not run again";

/** What the disk refuses by its code; other codes are no state of the machine, but our faults. */
const refusals: ReadonlyMap<string, { readonly problem: string; readonly remedy: string }> =
  new Map([
    ["ENOSPC", { problem: "the disk is full", remedy: `free space, ${again}` }],
    ["EDQUOT", { problem: "the disk quota is used up", remedy: `free space, ${again}` }],
    [
      "EFBIG",
      {
        problem: "the file has the size that this shell allows",
        remedy: `ulimit -f unlimited, ${again}`,
      },
    ],
    ["EIO", { problem: "the disk fails", remedy: `look at the disk, ${again}` }],
    ["EROFS", { problem: "the disk is read-only", remedy: `make it writable, ${again}` }],
    ["EACCES", { problem: "no permission", remedy: `make the path writable, ${again}` }],
    ["EPERM", { problem: "no permission", remedy: `make the path writable, ${again}` }],
  ]);

/** The same failure as a WriteError; what is one already, or no refusal of the disk, stays. */
export function asWriteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  // A program that may not be started is another matter.
  if ("syscall" in error && String(error.syscall).startsWith("spawn")) return error;
  const refusal = refusals.get(String(error.code));
  if (refusal === undefined) return error;
  const { problem, remedy } = refusal;
  return new WriteError(`${problem} (${error.code})\n  at: ${path}\n  remedy: ${remedy}`, {
    cause: error,
  });
}

/** Does what writes to `path`. Throws WriteError where the disk refuses. */
export function keeping<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw asWriteError(error, path);
  }
}

/** The file is whole, or as it was before; its folder is made. Throws WriteError. */
export function keepFile(path: string, text: string): void {
  const part = `${path}.part`;
  keeping(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(part, text);
      renameSync(part, path);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}
