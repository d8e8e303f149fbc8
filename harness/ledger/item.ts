/** An item of a ledger: bytes of a module that belong together, and what they keep. */
import type { ItemKind } from "./kinds.ts";

export interface LedgerItem {
  readonly kind: ItemKind;
  /** No two items of a kind have one name: "#2" marks the second, in the file's order. */
  readonly name: string;
  /** "lua/lvm.c", "libc/printf.zig", "zig/core/Heap.zig", "sections", …: see groups.ts. */
  readonly group: string;
  readonly shallowBytes: number;
  /**
   * Its own bytes, and all that would go with it: what only it leads to. Exact, as far as the
   * module's own references go; data lies in memory whoever needs it, and counts for nobody.
   */
  readonly retainedBytes: number;
  /** The same, with data counted for whoever refers to it: a guess, for addresses are numbers. */
  readonly retainedWithDataBytes: number;
  /** No root leads there, data aside. */
  readonly isUnreached: boolean;
  /** Of a function: equal in functions of equal code, wherever what they refer to lies. */
  readonly shape?: string;
}

/** [group, bytes], largest first. */
export function groupTotals(
  items: readonly Pick<LedgerItem, "group" | "shallowBytes">[],
): readonly (readonly [group: string, bytes: number])[] {
  const totals = new Map<string, number>();
  for (const { group, shallowBytes } of items) {
    totals.set(group, (totals.get(group) ?? 0) + shallowBytes);
  }
  return [...totals].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}
