/** The checks that cases make: exact, free of any test runner, telling both sides. */
import type { Failure, FailureCode, Result, Success } from "../../runtime/instance/result.ts";
import { isSame } from "./same.ts";
import { show } from "./show.ts";

/** A check of a case did not hold. The message is all that a reader needs. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

/** Deep and exact: NaN is NaN, −0 is not 0, 1n is not 1, a LuaFloat is no number. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (isSame(actual, expected)) return;
  throw new CheckFailure(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

export function notEqual(actual: unknown, unexpected: unknown, what: string): void {
  if (isSame(actual, unexpected))
    throw new CheckFailure(`${what}: ${show(actual)} is not expected`);
}

export function isTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new CheckFailure(what);
}

/** `limits` are inclusive. */
export function isWithin(
  actual: number,
  limits: { readonly min?: number; readonly max?: number },
  what: string,
): void {
  const { min = -Infinity, max = Infinity } = limits;
  if (actual >= min && actual <= max) return;
  throw new CheckFailure(`${what}: ${actual} is not from ${min} to ${max}`);
}

/** The text of an error value, or of anything, has a part that matches. */
export function matches(actual: unknown, pattern: RegExp, what: string): void {
  if (typeof actual === "string" && pattern.test(actual)) return;
  throw new CheckFailure(`${what}: ${show(actual)} does not match ${String(pattern)}`);
}

/** A result that is a success, with exactly these values. */
export function succeeds(result: Result, values: readonly unknown[], what: string): Success {
  const success = succeeded(result, what);
  equal(success.values, values, `${what}: values`);
  return success;
}

/** A result that is a success, whatever its values. */
export function succeeded(result: Result, what: string): Success {
  if (result.ok) return result;
  throw new CheckFailure(`${what}: failed with ${result.code}: ${show(result.error)}`);
}

/** A result that is a failure with this code. */
export function fails(result: FailureLike, code: FailureCode, what: string): Failure {
  if (result.ok) throw new CheckFailure(`${what}: expected ${code}, but it succeeded`);
  if (result.code === code) return result;
  throw new CheckFailure(`${what}: expected ${code}, got ${result.code}: ${show(result.error)}`);
}

type FailureLike = Failure | { readonly ok: true };
type ErrorClass<Thrown extends Error> = abstract new (...parameters: never[]) => Thrown;

/** Calls `action`, which must throw an error of the class, and returns the error. */
export function throws<Thrown extends Error>(
  kind: ErrorClass<Thrown>,
  action: () => unknown,
  what: string,
): Thrown {
  try {
    action();
  } catch (error) {
    return expectedError(error, { kind, what });
  }
  throw new CheckFailure(`${what}: expected ${kind.name}, but nothing was thrown`);
}

/** Awaits `promise`, which must reject with an error of the class, and returns the error. */
export async function rejects<Thrown extends Error>(
  kind: ErrorClass<Thrown>,
  promise: Promise<unknown>,
  what: string,
): Promise<Thrown> {
  try {
    await promise;
  } catch (error) {
    return expectedError(error, { kind, what });
  }
  throw new CheckFailure(`${what}: expected ${kind.name}, but nothing was thrown`);
}

function expectedError<Thrown extends Error>(
  error: unknown,
  expected: { readonly kind: ErrorClass<Thrown>; readonly what: string },
): Thrown {
  const { kind, what } = expected;
  if (error instanceof kind) return error;
  throw new CheckFailure(`${what}: expected ${kind.name}, got ${show(error)}`, { cause: error });
}
