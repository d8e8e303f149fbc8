/** A graph that counts how often a part of it is read: what work on it costs, without a clock. */
import { LuaBytes } from "../scalar/scalars.ts";
import type { SnapshotGraph } from "./graph.ts";

/** Reads of fields and elements, and bytes of strings, while `work` runs on each graph. */
export function readsOf(
  graphs: readonly SnapshotGraph[],
  work: (...graphs: readonly SnapshotGraph[]) => unknown,
): number {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const counted = <Part extends object>(part: Part): Part => {
    const made = known.get(part) ?? new Proxy(part, handler);
    known.set(part, made);
    // The proxy stands for the part in all but the count.
    return isLike(made, part) ? made : part;
  };
  const handler: ProxyHandler<object> = {
    get(target, name) {
      reads += 1;
      const value: unknown = Reflect.get(target, name);
      const isPart = typeof value === "object" && value !== null;
      return isPart && !(value instanceof LuaBytes) && !ArrayBuffer.isView(value)
        ? counted(value)
        : value;
    },
  };
  const { toBytes } = LuaBytes.prototype;
  LuaBytes.prototype.toBytes = function countedBytes(this: LuaBytes, count?: number) {
    const bytes = toBytes.call(this, count);
    reads += bytes.length;
    return bytes;
  };
  try {
    work(...graphs.map(counted));
  } finally {
    LuaBytes.prototype.toBytes = toBytes;
  }
  return reads;
}

function isLike<Part extends object>(proxy: object, part: Part): proxy is Part {
  return Array.isArray(proxy) === Array.isArray(part);
}

/** How many times more work four times as much takes: 4 when it is linear. */
export function growth(workOf: (size: number) => number, size: number): number {
  return workOf(4 * size) / workOf(size);
}
