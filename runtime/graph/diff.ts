/** What differs between two graphs: both are walked in step from their roots, nearest first. */
import { comparedEdges, hasObjectKeys, isOutsized, objectKeyEntries } from "./compared-parts.ts";
import { rootEdges, type Step } from "./edges.ts";
import { fieldsOf, stateFields } from "./fields.ts";
import type { GraphObject, GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { ObjectPairs } from "./object-pairs.ts";
import { extendPath, type Path, rootPath } from "./paths.ts";
import { type RankedGraph, rankTexts } from "./text-ranks.ts";
import { objectText, valueText } from "./value-text.ts";

/**
 * One place that differs. `before` and `after` are texts for people, undefined where there is
 * nothing. "sharing": two paths lead to one object in one graph, and to two in the other. "more":
 * at the end of a list that was cut; its path says how many are left out.
 */
export interface Difference {
  readonly path: string;
  readonly change: "changed" | "added" | "removed" | "sharing" | "more";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Two objects at the same path; `isCopy`: one of them stands for its original elsewhere. */
interface Pair {
  readonly before: ObjectId;
  readonly after: ObjectId;
  readonly path: Path;
  readonly isCopy: boolean;
}

/** The same part of two objects. */
interface Place {
  readonly path: Path;
  readonly isCopy: boolean;
}

export interface DiffOptions {
  /** How many differences are told; the others are counted. */
  readonly differencesMax?: number;
}

export const differencesMaxDefault = 1000;

/**
 * The paths whose values differ, in an order that depends on nothing but the graphs. A difference
 * in an object that several paths lead to is named once, at the shortest. How tables are laid out,
 * salts and the hash seed are no differences: a program's `pairs` may show them all the same.
 */
export function diffGraphs(
  before: SnapshotGraph,
  after: SnapshotGraph,
  { differencesMax = differencesMaxDefault }: DiffOptions = {},
): readonly Difference[] {
  return new Comparison(rankTexts(before, after), differencesMax).run();
}

class Comparison {
  readonly #before: RankedGraph;
  readonly #after: RankedGraph;
  readonly #differences: Difference[] = [];
  readonly #differencesMax: number;
  #more = 0;
  readonly #pairs = new ObjectPairs();
  /** Pairs that are still to be compared, and those whose keys are objects, for the end. */
  readonly #pending: Pair[] = [];
  readonly #withObjectKeys: Pair[] = [];

  constructor([before, after]: readonly [RankedGraph, RankedGraph], differencesMax: number) {
    this.#before = before;
    this.#after = after;
    this.#differencesMax = differencesMax;
  }

  run(): readonly Difference[] {
    this.#fields(rootPath("(state)"), stateFields(this.#before), stateFields(this.#after));
    const others = new Map(rootEdges(this.#after).map(({ name, value }) => [name, value]));
    for (const { name, value } of rootEdges(this.#before)) {
      const other = others.get(name);
      if (other === undefined) continue;
      this.#values(value, other, { path: rootPath(name), isCopy: false });
    }
    let next = 0;
    let nextWithObjectKeys = 0;
    for (;;) {
      const pair = this.#pending[next];
      if (pair !== undefined) {
        next += 1;
        this.#objects(pair);
        continue;
      }
      const table = this.#withObjectKeys[nextWithObjectKeys];
      if (table === undefined) break;
      nextWithObjectKeys += 1;
      this.#objectKeys(table);
    }
    this.#finalizerOrder();
    if (this.#more === 0) return this.#differences;
    const path = `… ${this.#more} more`;
    return [...this.#differences, { path, change: "more", before: undefined, after: undefined }];
  }

  #values(before: GraphValue, after: GraphValue, place: Place): void {
    if (before.kind === "reference" && after.kind === "reference") {
      return this.#references(before.id, after.id, place);
    }
    if (scalarsEqual(before, after)) return;
    this.#report(place.path, "changed", {
      before: () => this.#text("before", before),
      after: () => this.#text("after", after),
    });
  }

  #references(before: ObjectId, after: ObjectId, { path, isCopy }: Place): void {
    const one = this.#before.objects[before];
    const other = this.#after.objects[after];
    if (one === undefined || other === undefined) return;
    if (one.kind === "string" && other.kind === "string") {
      const ranks = [this.#before.textRanks.get(before), this.#after.textRanks.get(after)];
      if (ranks[0] !== ranks[1]) this.#changed(path, one, other);
      return;
    }
    if (one.kind !== other.kind) return this.#changed(path, one, other);
    const { isKnown, partner, original } = this.#pairs.meet(before, after, path);
    if (isKnown) return;
    const isFirst = partner === undefined && original === undefined;
    const isConsumed = partner !== undefined && original !== undefined;
    // Which functions share their code no program can see.
    if (!isFirst && one.kind !== "prototype" && (!isCopy || isConsumed)) {
      const shared = this.#pairs.pathsOf(before, after, path);
      this.#report(path, "sharing", {
        before: () => sharingText(shared.before),
        after: () => sharingText(shared.after),
      });
    }
    if (isConsumed) return;
    // A large object with many small copies would be walked for each of them.
    if (partner !== undefined && isOutsized(one, other)) return this.#changed(path, one, other);
    if (original !== undefined && isOutsized(other, one)) return this.#changed(path, one, other);
    this.#pending.push({ before, after, path, isCopy: isCopy || !isFirst });
  }

  #objects(pair: Pair): void {
    const { path, isCopy } = pair;
    const one = this.#before.objects[pair.before];
    const other = this.#after.objects[pair.after];
    if (one === undefined || other === undefined) return;
    this.#fields(path, fieldsOf(this.#before.objects, one), fieldsOf(this.#after.objects, other));
    const before = comparedEdges(this.#before, one);
    const after = comparedEdges(this.#after, other);
    const others = new Map(after.map((edge) => [edge.identity, edge]));
    for (const { identity, edge } of before) {
      const there = others.get(identity);
      others.delete(identity);
      if (edge.step.kind === "same" && liveInSameSlot(one, other)) continue;
      if (edge.step.kind === "slot" && onlyOneRuns(one, other)) continue;
      const at = extendPath(this.#before.objects, path, edge.step);
      if (there !== undefined) this.#values(edge.value, there.edge.value, { path: at, isCopy });
      else this.#report(at, "removed", { before: () => this.#text("before", edge.value) });
    }
    for (const { edge } of others.values()) {
      if (edge.step.kind === "slot" && onlyOneRuns(one, other)) continue;
      const at = extendPath(this.#after.objects, path, edge.step);
      this.#report(at, "added", { after: () => this.#text("after", edge.value) });
    }
    if (hasObjectKeys(this.#before, one) || hasObjectKeys(this.#after, other)) {
      this.#withObjectKeys.push(pair);
    }
  }

  /** Entries whose keys are objects: a key is found again by the object it was paired with. */
  #objectKeys({ before, after, path, isCopy }: Pair): void {
    const ours = objectKeyEntries(this.#before, before);
    const theirs = objectKeyEntries(this.#after, after);
    const unmatched: typeof ours = new Map();
    const twins = twinsBySalt(this.#after, theirs.keys());
    const match = (key: ObjectId, otherKey: ObjectId): void => {
      const value = ours.get(key);
      const other = theirs.get(otherKey);
      theirs.delete(otherKey);
      if (value === undefined || other === undefined) return;
      const step: Step = { kind: "entry", key: { kind: "reference", id: key } };
      const keyPath = extendPath(this.#before.objects, path, { kind: "key" });
      this.#references(key, otherKey, { path: keyPath, isCopy });
      const at = extendPath(this.#before.objects, path, step);
      this.#values(value, other, { path: at, isCopy });
    };
    for (const [key, value] of ours) {
      const partner = this.#pairs.afterOf(key);
      if (partner !== undefined && theirs.has(partner)) match(key, partner);
      else unmatched.set(key, value);
    }
    for (const [key, value] of unmatched) {
      // The values of the others may have paired it by now.
      const partner = this.#pairs.afterOf(key) ?? this.#twinOf(key, { twins, theirs });
      if (partner !== undefined && theirs.has(partner)) match(key, partner);
      else this.#reportKey({ path, key, value, side: "before" });
    }
    for (const [key, value] of theirs) this.#reportKey({ path, key, value, side: "after" });
  }

  /** An object that nothing but this key leads to keeps its kind and its salt. */
  #twinOf(
    key: ObjectId,
    candidates: {
      readonly twins: ReadonlyMap<string, ObjectId[]>;
      readonly theirs: ReadonlyMap<ObjectId, GraphValue>;
    },
  ): ObjectId | undefined {
    const name = saltName(this.#before.objects[key]);
    const twins = name === undefined ? undefined : candidates.twins.get(name);
    // What was found elsewhere by now is no candidate for any other key either.
    for (let twin = twins?.pop(); twin !== undefined; twin = twins?.pop()) {
      if (candidates.theirs.has(twin) && this.#pairs.beforeOf(twin) === undefined) return twin;
    }
    return undefined;
  }

  #reportKey(entry: {
    readonly path: Path;
    readonly key: ObjectId;
    readonly value: GraphValue;
    readonly side: "before" | "after";
  }): void {
    const { path, key, value, side } = entry;
    const { objects } = side === "before" ? this.#before : this.#after;
    const at = extendPath(objects, path, { kind: "entry", key: { kind: "reference", id: key } });
    const text = () => this.#text(side, value);
    if (side === "before") this.#report(at, "removed", { before: text });
    else this.#report(at, "added", { after: text });
  }

  /** In both lists, the objects that were paired must come in the same order. */
  #finalizerOrder(): void {
    const before = finalizableOf(this.#before).flatMap((id) => this.#pairs.afterOf(id) ?? []);
    const inBefore = new Set(before);
    const inAfter = new Set(finalizableOf(this.#after));
    const ours = before.filter((id) => inAfter.has(id));
    const theirs = [...inAfter].filter((id) => inBefore.has(id));
    const at = ours.findIndex((id, i) => id !== theirs[i]);
    if (at < 0) return;
    const path = rootPath(`(order of finalizers, from number ${at + 1})`);
    this.#report(path, "changed", {
      before: () => this.#pairs.afterPath(ours[at])?.text,
      after: () => this.#pairs.afterPath(theirs[at])?.text,
    });
  }

  #fields(
    path: Path,
    before: ReturnType<typeof fieldsOf>,
    after: ReturnType<typeof fieldsOf>,
  ): void {
    const others = new Map(after.map(({ name, text }) => [name, text]));
    for (const { name, text } of before) {
      const other = others.get(name);
      if (other === undefined || other === text) continue;
      const at = name === "" ? path : extendPath([], path, { kind: "part", name });
      this.#report(at, "changed", { before: () => text, after: () => other });
    }
  }

  #changed(path: Path, one: GraphObject, other: GraphObject): void {
    this.#report(path, "changed", {
      before: () => objectText(this.#before.objects, one),
      after: () => objectText(this.#after.objects, other),
    });
  }

  #text(side: "before" | "after", value: GraphValue): string {
    return valueText((side === "before" ? this.#before : this.#after).objects, value);
  }

  /** Texts are made of what is told, not of what is only counted. */
  #report(
    path: Path,
    change: Difference["change"],
    { before, after }: { readonly before?: MakeText; readonly after?: MakeText },
  ): void {
    if (this.#differences.length === this.#differencesMax) {
      this.#more += 1;
      return;
    }
    this.#differences.push({ path: path.text, change, before: before?.(), after: after?.() });
  }
}

type MakeText = () => string | undefined;

/** Such a variable is compared where it lies, in the coroutine's stack. */
function liveInSameSlot(one: GraphObject, other: GraphObject): boolean {
  return (
    one.kind === "upvalue" &&
    other.kind === "upvalue" &&
    one.state === "open" &&
    other.state === "open" &&
    one.stackSlot === other.stackSlot
  );
}

/** Of a coroutine that ended or began, each slot of its stack would be one more difference. */
function onlyOneRuns(one: GraphObject, other: GraphObject): boolean {
  if (!("calls" in one) || !("calls" in other)) return false;
  return (one.calls.length === 0) !== (other.calls.length === 0);
}

function sharingText(path: Path | undefined): string {
  return path === undefined ? "an object of its own" : `the same object as ${path.text}`;
}

function finalizableOf({ roots }: SnapshotGraph): readonly ObjectId[] {
  return roots.scope === "state" ? roots.finalizable : [];
}

/** NaNs are equal when their bits are: their sign can be seen. */
function scalarsEqual(before: GraphValue, after: GraphValue): boolean {
  switch (before.kind) {
    case "nil":
      return after.kind === "nil";
    case "boolean":
      return after.kind === "boolean" && after.value === before.value;
    case "integer":
      return after.kind === "integer" && after.value === before.value;
    case "float":
      return (
        after.kind === "float" &&
        Object.is(after.value, before.value) &&
        after.nanBits === before.nanBits
      );
    case "cFunction":
      return after.kind === "cFunction" && after.name === before.name;
    case "refused":
      return after.kind === "refused" && after.refusal === before.refusal;
    case "reference":
      return false;
  }
}

/** Candidates for a key that is found by its salt, the first one last. */
function twinsBySalt(
  { objects }: SnapshotGraph,
  candidates: Iterable<ObjectId>,
): ReadonlyMap<string, ObjectId[]> {
  const twins = new Map<string, ObjectId[]>();
  for (const id of [...candidates].reverse()) {
    const name = saltName(objects[id]);
    if (name === undefined) continue;
    const known = twins.get(name);
    if (known === undefined) twins.set(name, [id]);
    else known.push(id);
  }
  return twins;
}

function saltName(object: GraphObject | undefined): string | undefined {
  return object !== undefined && "salt" in object ? `${object.kind} ${object.salt}` : undefined;
}
