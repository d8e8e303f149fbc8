/** The options of `configure`: what is set before Lua's state is made (docs/FORMATS.md). */
import { encodeValue } from "../value/encode.ts";

export const libraryNames = [
  "base",
  "coroutine",
  "debug",
  "io",
  "math",
  "os",
  "package",
  "string",
  "table",
  "utf8",
] as const;
export type LibraryName = (typeof libraryNames)[number];

export interface StateOptions {
  /**
   * "text" (the default): `load` refuses bytecode, and the debug library what C code takes for
   * granted: they can crash any Lua. "trusted": a script has both.
   */
  readonly bytecode?: "text" | "trusted";
  /** The libraries to open; all by default. */
  readonly libraries?: readonly LibraryName[];
  /** Whether an error's whole message also goes to the output, with a traceback. */
  readonly traceback?: boolean;
  /** Of string hashes and of `math.random`, an integer; drawn at random by default. */
  readonly seed?: number | bigint;
  /** How much of its heap Lua may use; all of it by default. */
  readonly heapLimitBytes?: number;
  /** For tests: the n-th allocation from the start fails. */
  readonly failAllocation?: number;
  /** For tests: how many allocations fail from that one on: 1 by default; 0: all. */
  readonly failCount?: number;
}

/** The encoded table that `configure` takes. */
export function encodeConfiguration(options: StateOptions): Uint8Array {
  const { bytecode, libraries, traceback, heapLimitBytes, failAllocation, failCount } = options;
  const table = new Map<string, string | boolean | number | bigint>();
  // As a bigint it is an integer in any case: the number -0 would be a float.
  table.set("seed", BigInt(options.seed ?? randomSeed()));
  if (bytecode !== undefined) table.set("bytecode", bytecode);
  if (libraries !== undefined) table.set("libraries", libraries.join(","));
  if (traceback !== undefined) table.set("traceback", traceback);
  if (heapLimitBytes !== undefined) table.set("heap_limit", heapLimitBytes);
  if (failAllocation !== undefined) table.set("fail_allocation", failAllocation);
  if (failCount !== undefined) table.set("fail_count", failCount);
  return encodeValue(table, () => 0);
}

function randomSeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return seed;
}
