/** The end of a switch over a union: the compiler proves that it is never reached. */

/** A value outside its union came past the schema: our own bug. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

export function assertNever(value: never): never {
  throw new UnreachableError(`no branch for ${JSON.stringify(value)}`);
}
