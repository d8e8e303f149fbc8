/** What the core counts of its heap (`get_memory_stats`). */
import type { Guest } from "./guest.ts";
import type { GuestMemory } from "./guest-memory.ts";

export interface MemoryStats {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly luaObjectsCount: number;
  /** The most that `heapUsedBytes` has been. */
  readonly heapPeakBytes: number;
  readonly largestFreeBytes: number;
  readonly failedAllocations: number;
}

/** Written into the I/O buffer, where nothing lies between calls. */
export function readMemoryStats(guest: Guest, memory: GuestMemory): MemoryStats {
  const pointer = guest.bufferPtr();
  guest.memoryStats(pointer);
  const field = (index: number) => memory.u32(pointer + 4 * index);
  return {
    heapUsedBytes: field(0),
    heapTotalBytes: field(1),
    luaObjectsCount: field(2),
    heapPeakBytes: field(3),
    largestFreeBytes: field(4),
    failedAllocations: field(5),
  };
}
