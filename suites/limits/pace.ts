/** How much longer the slower builds may take. */
import type { Subject } from "../../harness/suite/case.ts";

/**
 * A limit for the optimized builds, times twice what the checks and the unoptimized Zig of the
 * others were measured to cost: up to 6 times in Debug, 3.6 times in ReleaseSafe.
 */
export function scaledMs(limitMs: number, { axes }: Subject): number {
  if (axes?.optimize === "Debug") return limitMs * 12;
  return axes?.optimize === "ReleaseSafe" ? limitMs * 7 : limitMs;
}
