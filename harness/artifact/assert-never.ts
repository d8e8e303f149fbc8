/** The end of a switch over a union: a value that no branch took is our bug. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
