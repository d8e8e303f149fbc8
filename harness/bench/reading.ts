/** What a result of a core is checked by: its first value, or a digest of all that it brought. */
import type { Result, Success } from "../../runtime/instance/result.ts";
import { LuaFloat } from "../../runtime/scalar/scalars.ts";
import { LuaTable, type LuaValue } from "../../runtime/value/values.ts";
import { BenchError } from "./subject.ts";

/** Throws BenchError for a failure. */
export function firstValueOf(result: Result): unknown {
  return successOf(result).values[0];
}

function successOf(result: Result): Success {
  if (result.ok) return result;
  throw new BenchError(`${result.code}: ${String(result.error)}`);
}

/**
 * A text that tells results apart: how many values, those in tables too, the sum of their numbers,
 * the characters of their texts; the bytes of the output and their sum.
 */
export function digestOf(result: Result): string {
  const { values, outputBytes } = successOf(result);
  const counts = { values: 0, sum: 0, characters: 0 };
  for (const value of values) count(value, counts);
  const output = outputBytes.reduce((sum, byte) => sum + byte, 0);
  return (
    `${counts.values} values, sum ${counts.sum}, ${counts.characters} characters, ` +
    `output ${outputBytes.length} bytes, sum ${output}`
  );
}

interface Counts {
  values: number;
  sum: number;
  characters: number;
}

function count(value: LuaValue, counts: Counts): void {
  counts.values += 1;
  if (typeof value === "number") counts.sum += value;
  else if (value instanceof LuaFloat) counts.sum += value.value;
  else if (typeof value === "string") counts.characters += value.length;
  else if (value instanceof LuaTable) {
    for (const [key, entry] of value) {
      count(key, counts);
      count(entry, counts);
    }
  }
}
