/** What a bare core says of its heap, and the options of one that runs. */

import { equal } from "../harness/suite/check.ts";
import type { Core } from "../runtime/core/core.ts";
import { encodeConfiguration, type StateOptions } from "../runtime/instance/configuration.ts";
import { type MemoryStats, readMemoryStats } from "../runtime/instance/memory-stats.ts";
import type { RawCore } from "./raw-core.ts";

export function memoryStatsOf({ guest, host }: RawCore): MemoryStats {
  return readMemoryStats(guest, host.memory);
}

/** Calls `configure`, which must take the options. */
export function configure(raw: RawCore, options: StateOptions): void {
  const encoded = encodeConfiguration(options);
  const start = raw.guest.bufferPtr();
  raw.host.memory.range(start, encoded.length)?.set(encoded);
  equal(raw.status(raw.guest.configure(start, encoded.length)), 0, "configure");
}

/** The heap in use when collecting frees no more. */
export function settledBytesOf(core: Core): number {
  return settledBytes(
    () => void core.runGc(),
    () => core.memoryStats().heapUsedBytes,
  );
}

/**
 * The heap in use when collecting frees no more, or as soon as it is `expected`: Lua's string table
 * shrinks by half at each collection.
 */
export function settledBytes(
  collect: () => void,
  usedBytes: () => number,
  expected?: number,
): number {
  let used = Infinity;
  for (let i = 0; i < 20; i++) {
    collect();
    const now = usedBytes();
    if (now === used || now === expected) return now;
    used = now;
  }
  return used;
}
