/** What differs between two ledgers, item by item, also where the compiler names things anew. */

import { groupTotals, type LedgerItem } from "./item.ts";
import { isNameless } from "./item-names.ts";

/** What is compared of a ledger; a record's rows will do, which have no shapes. */
export interface LedgerSide {
  readonly totalBytes: number;
  readonly items: readonly Pick<LedgerItem, "kind" | "name" | "group" | "shallowBytes" | "shape">[];
}
type Item = LedgerSide["items"][number];

export interface ItemChange {
  /**
   * "renamed": equal code under another name. "merged": the function is gone, and another one has
   * its code, so that whoever called the one may call the other (`other` names it).
   */
  readonly state: "added" | "removed" | "grown" | "shrunk" | "renamed" | "merged";
  readonly kind: Item["kind"];
  /** As it is now, or as it was, when it is gone. */
  readonly name: string;
  readonly group: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Of what was merged the function that it lives on in, else the name it had before. */
  readonly other?: string;
}

export interface LedgerDifference {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** The largest changes first; their sum is the change of the file. */
  readonly items: readonly ItemChange[];
  /** [group, before, after] of groups that changed, the largest change first. */
  readonly groups: readonly (readonly [group: string, before: number, after: number])[];
}

/** From `before` to `after`. Matches by name; what is left, by code. */
export function ledgerDifference(before: LedgerSide, after: LedgerSide): LedgerDifference {
  const match = new Match(before.items, after.items);
  match.pair(({ name }) => (isNameless(name) || isSerial(name) ? undefined : name));
  match.pair(({ name, shape }) => (shape === undefined ? undefined : `${stemOf(name)} ${shape}`));
  match.pair((item) => (isNameless(item.name) ? undefined : seriesOf(item)));
  match.pair(({ shape }) => shape);
  const changes = [
    ...match.pairs.flatMap(([old, now]) => pairChange(old, now)),
    ...match.before.map((old) => goneChange(old, after.items)),
    ...match.after.map((now) => changeOf("added", now, { bytesBefore: 0 })),
  ];
  return {
    bytesBefore: before.totalBytes,
    bytesAfter: after.totalBytes,
    items: changes.toSorted(bySizeOfChange),
    groups: groupChanges(before.items, after.items),
  };
}

/** Pairs items of equal kind and key, one to one; items that stand alone are left in the lists. */
class Match {
  readonly pairs: (readonly [old: Item, now: Item])[] = [];
  before: readonly Item[];
  after: readonly Item[];

  constructor(before: readonly Item[], after: readonly Item[]) {
    this.before = before;
    this.after = after;
  }

  /** Several items of one key are paired in their order, which is by size. */
  pair(keyOf: (item: Item) => string | undefined): void {
    const waiting = Map.groupBy(this.after, (item) => kindKey(item, keyOf(item)));
    waiting.delete(undefined);
    const paired = new Set<Item>();
    this.before = this.before.filter((old) => {
      const now = waiting.get(kindKey(old, keyOf(old)))?.shift();
      if (now === undefined) return true;
      this.pairs.push([old, now]);
      paired.add(now);
      return false;
    });
    this.after = this.after.filter((now) => !paired.has(now));
  }
}

function kindKey({ kind }: Item, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${kind} ${key}`;
}

/**
 * Zig numbers what has several forms ("int__func_69"), Binaryen what has one name twice
 * ("outOfBounds_884"), in the order of their making, and we mark equal names ("#2"): a number that
 * any change elsewhere may move on.
 */
const serial = /(?:__[a-z]+_\d+|_\d{2,}|#\d+)$/;

function isSerial(name: string): boolean {
  return serial.test(name);
}

function stemOf(name: string): string {
  return name.replace(serial, "");
}

/** Data that is no text is named by a hash, which changes with any address in it. */
function seriesOf({ kind, name, group }: Item): string {
  const size = kind === "data" ? /^\d+ bytes /.exec(name)?.[0] : undefined;
  return size === undefined ? stemOf(name) : `${size}${group}`;
}

function pairChange(old: Item, now: Item): readonly ItemChange[] {
  const bytesBefore = old.shallowBytes;
  const change = now.shallowBytes - bytesBefore;
  const isRenamed =
    now.kind === "function" &&
    stemOf(old.name) !== stemOf(now.name) &&
    !(isNameless(old.name) && isNameless(now.name));
  const rest = { bytesBefore, ...(isRenamed ? { other: old.name } : {}) };
  if (change !== 0) return [changeOf(change > 0 ? "grown" : "shrunk", now, rest)];
  return isRenamed ? [changeOf("renamed", now, rest)] : [];
}

function goneChange(old: Item, after: readonly Item[]): ItemChange {
  const heir = old.shape === undefined ? undefined : after.find(({ shape }) => shape === old.shape);
  const gone = { ...old, shallowBytes: 0 };
  const bytesBefore = old.shallowBytes;
  if (heir === undefined) return changeOf("removed", gone, { bytesBefore });
  return changeOf("merged", gone, { bytesBefore, other: heir.name });
}

function changeOf(
  state: ItemChange["state"],
  { kind, name, group, shallowBytes }: Item,
  rest: { readonly bytesBefore: number; readonly other?: string },
): ItemChange {
  return { state, kind, name, group, bytesAfter: shallowBytes, ...rest };
}

function bySizeOfChange(a: ItemChange, b: ItemChange): number {
  const size = ({ bytesBefore, bytesAfter }: ItemChange) => Math.abs(bytesAfter - bytesBefore);
  return size(b) - size(a) || (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1);
}

function groupChanges(before: readonly Item[], after: readonly Item[]): LedgerDifference["groups"] {
  const [old, now] = [before, after].map((items) => new Map(groupTotals(items)));
  const groups = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  return groups
    .map((group) => [group, old?.get(group) ?? 0, now?.get(group) ?? 0] as const)
    .filter(([, bytesBefore, bytesAfter]) => bytesBefore !== bytesAfter)
    .toSorted(([a, b, c], [d, e, f]) => Math.abs(f - e) - Math.abs(c - b) || (a < d ? -1 : 1));
}
