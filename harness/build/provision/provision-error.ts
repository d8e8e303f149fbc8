/** The one error of set-up: what went wrong, where, and the remedy. */

export interface ProvisionProblem {
  /** What happened, as a sentence without its full stop. */
  readonly problem: string;
  /** The file, program or address it happened at. */
  readonly where: string;
  /** What the user can do, commands included. */
  readonly remedy: string;
}

/** A tool or source that the build needs is out of reach or not what it should be. */
export class ProvisionError extends Error {
  override readonly name = "ProvisionError";
  readonly problem: string;
  readonly where: string;
  readonly remedy: string;

  constructor({ problem, where, remedy }: ProvisionProblem, options?: ErrorOptions) {
    super(`${problem}\n  at: ${where}\n  remedy: ${remedy}`, options);
    this.problem = problem;
    this.where = where;
    this.remedy = remedy;
  }
}

/** The same failure as a ProvisionError; what is one already, or no file system error, stays. */
export function asProvisionError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || error instanceof ProvisionError)
    return error;
  switch (error.code) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(where, error);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new ProvisionError(
        {
          problem: `no permission to write (${error.code})`,
          where,
          remedy: "make the folder writable, then: npm run setup",
        },
        { cause: error },
      );
    default:
      return error;
  }
}

/** Whether a program that failed says that it was for want of room. */
export function saysDiskFull(log: string): boolean {
  return /NoSpaceLeft|No space left on device|Errno 28|Disk quota/i.test(log);
}

export function diskFull(where: string, cause?: unknown): ProvisionError {
  return new ProvisionError(
    {
      problem: "the disk is full",
      where,
      remedy:
        "free about 1 GB (Zig takes 400 MB, the build cache the rest), " +
        "then: npm run setup, or the same command again",
    },
    { cause },
  );
}
