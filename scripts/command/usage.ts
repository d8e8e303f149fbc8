/** Wrong use of the command line: exit code 2, and a message that says what would be right. */

export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** "unknown suite "x": there are a, b". */
export function unknownName(options: {
  readonly what: string;
  readonly given: string;
  readonly known: readonly string[];
}): UsageError {
  const { what, given, known } = options;
  return new UsageError(`unknown ${what} "${given}"; there are: ${known.join(", ")}`);
}
