/** When two values are the same to a check: exactly, and as deep as they go. */

import { LuaBytes, LuaFloat } from "../../runtime/scalar/scalars.ts";
import { ExternalTable, LuaGraph, LuaTable } from "../../runtime/value/values.ts";

/** The order of a LuaTable's entries does not count: Lua has none. External tables: by identity. */
export function isSame(actual: unknown, expected: unknown): boolean {
  return compare({ actual, expected }, new Map());
}

interface Pair {
  readonly actual: unknown;
  readonly expected: unknown;
}

/** Objects that are being compared count as the same where a cycle comes back to them. */
type UnderWay = Map<object, unknown>;

function compare({ actual, expected }: Pair, underWay: UnderWay): boolean {
  if (Object.is(actual, expected)) return true;
  if (typeof actual !== "object" || actual === null) return false;
  if (typeof expected !== "object" || expected === null) return false;
  if (actual instanceof ExternalTable || actual instanceof Error) return false;
  if (underWay.has(actual)) return underWay.get(actual) === expected;
  underWay.set(actual, expected);
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return false;
  if (actual instanceof LuaFloat && expected instanceof LuaFloat) return actual.equals(expected);
  if (actual instanceof LuaBytes && expected instanceof LuaBytes) return actual.equals(expected);
  if (actual instanceof LuaGraph && expected instanceof LuaGraph) return actual.equals(expected);
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) {
    return actual.length === expected.length && actual.every((byte, i) => byte === expected[i]);
  }
  if (actual instanceof LuaTable && expected instanceof LuaTable) {
    return sameTables(actual, expected, underWay);
  }
  if (actual instanceof Map && expected instanceof Map) {
    return compare({ actual: [...actual], expected: [...expected] }, underWay);
  }
  return sameProperties(actual, expected, underWay);
}

function sameTables(actual: LuaTable, expected: LuaTable, underWay: UnderWay): boolean {
  if (actual.size !== expected.size) return false;
  for (const [key, value] of expected) {
    if (!actual.has(key)) return false;
    if (!compare({ actual: actual.get(key), expected: value }, underWay)) return false;
  }
  return true;
}

function sameProperties(actual: object, expected: object, underWay: UnderWay): boolean {
  const values = new Map<string, unknown>(Object.entries(actual));
  const expectedEntries = Object.entries(expected);
  if (values.size !== expectedEntries.length) return false;
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) {
    return false;
  }
  return expectedEntries.every(
    ([name, value]) =>
      values.has(name) && compare({ actual: values.get(name), expected: value }, underWay),
  );
}
