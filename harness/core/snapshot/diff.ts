/** What differs between two graphs: both are walked in step from their roots, nearest first. */
import { type Edge, edgesOf, rootEdges, type Step } from "./edges.ts";
import { fieldsOf, stateFields } from "./fields.ts";
import type { GraphObject, GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { compareKeys, type KeyOrder, keyIdentity, numberOf } from "./key-order.ts";
import { ObjectPairs } from "./object-pairs.ts";
import { extendPath, type Path, rootPath } from "./paths.ts";
import { objectText, valueText } from "./value-text.ts";

/**
 * One place that differs. `before` and `after` are texts for people, undefined where there is
 * nothing. "sharing": two paths lead to one object in one graph, and to two in the other.
 */
export interface Difference {
  readonly path: string;
  readonly change: "changed" | "added" | "removed" | "sharing";
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

/**
 * The paths whose values differ, in an order that depends on nothing but the graphs. A difference
 * in an object that several paths lead to is named once, at the shortest. How tables are laid out,
 * salts and the hash seed are no differences: a program's `pairs` may show them all the same.
 */
export function diffGraphs(before: SnapshotGraph, after: SnapshotGraph): readonly Difference[] {
  return new Comparison(before, after).run();
}

class Comparison {
  readonly #before: SnapshotGraph;
  readonly #after: SnapshotGraph;
  readonly #differences: Difference[] = [];
  readonly #pairs = new ObjectPairs();
  /** Pairs that are still to be compared, and those whose keys are objects, for the end. */
  readonly #pending: Pair[] = [];
  readonly #withObjectKeys: Pair[] = [];

  constructor(before: SnapshotGraph, after: SnapshotGraph) {
    this.#before = before;
    this.#after = after;
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
    return this.#differences;
  }

  #values(before: GraphValue, after: GraphValue, place: Place): void {
    if (before.kind === "reference" && after.kind === "reference") {
      return this.#references(before.id, after.id, place);
    }
    if (scalarsEqual(before, after)) return;
    this.#report(place.path, "changed", this.#text("before", before), this.#text("after", after));
  }

  #references(before: ObjectId, after: ObjectId, { path, isCopy }: Place): void {
    const one = this.#before.objects[before];
    const other = this.#after.objects[after];
    if (one === undefined || other === undefined) return;
    if (one.kind === "string" && other.kind === "string") {
      if (!one.bytes.equals(other.bytes)) this.#changed(path, one, other);
      return;
    }
    if (one.kind !== other.kind) return this.#changed(path, one, other);
    const { isKnown, isFirst, isConsumed } = this.#pairs.meet(before, after, path.text);
    if (isKnown) return;
    // Which functions share their code no program can see.
    if (!isFirst && one.kind !== "prototype" && (!isCopy || isConsumed)) {
      const { before: shared, after: sharedAfter } = this.#pairs.pathsOf(before, after, path.text);
      this.#report(path, "sharing", sharingText(shared), sharingText(sharedAfter));
    }
    if (!isConsumed) this.#pending.push({ before, after, path, isCopy: isCopy || !isFirst });
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
      else this.#report(at, "removed", this.#text("before", edge.value), undefined);
    }
    for (const { edge } of others.values()) {
      if (edge.step.kind === "slot" && onlyOneRuns(one, other)) continue;
      const at = extendPath(this.#after.objects, path, edge.step);
      this.#report(at, "added", undefined, this.#text("after", edge.value));
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
      const partner = this.#pairs.afterOf(key) ?? this.#twinOf(key, theirs);
      if (partner !== undefined && theirs.has(partner)) match(key, partner);
      else this.#reportKey({ path, key, value, side: "before" });
    }
    for (const [key, value] of theirs) this.#reportKey({ path, key, value, side: "after" });
  }

  /** An object that nothing but this key leads to keeps its kind and its salt. */
  #twinOf(key: ObjectId, candidates: ReadonlyMap<ObjectId, GraphValue>): ObjectId | undefined {
    const object = this.#before.objects[key];
    for (const candidate of candidates.keys()) {
      const other = this.#after.objects[candidate];
      if (object === undefined || other?.kind !== object.kind) continue;
      if (this.#pairs.beforeOf(candidate) !== undefined) continue;
      if ("salt" in object && "salt" in other && object.salt === other.salt) return candidate;
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
    const text = this.#text(side, value);
    if (side === "before") this.#report(at, "removed", text, undefined);
    else this.#report(at, "added", undefined, text);
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
    this.#report(
      path,
      "changed",
      this.#pairs.afterPath(ours[at]),
      this.#pairs.afterPath(theirs[at]),
    );
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
      const at = name === "" ? path : rootPath(`(${name} of ${path.text})`);
      this.#report(at, "changed", text, other);
    }
  }

  #changed(path: Path, one: GraphObject, other: GraphObject): void {
    this.#report(
      path,
      "changed",
      objectText(this.#before.objects, one),
      objectText(this.#after.objects, other),
    );
  }

  #text(side: "before" | "after", value: GraphValue): string {
    return valueText((side === "before" ? this.#before : this.#after).objects, value);
  }

  #report(
    { text }: Path,
    change: Difference["change"],
    before: string | undefined,
    after: string | undefined,
  ): void {
    this.#differences.push({ path: text, change, before, after });
  }
}

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

function sharingText(path: string | undefined): string {
  return path === undefined ? "an object of its own" : `the same object as ${path}`;
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

interface ComparedEdge extends KeyOrder {
  readonly edge: Edge;
}

/** What two objects are compared by, in an order that does not depend on a table's layout. */
function comparedEdges(graph: SnapshotGraph, object: GraphObject): readonly ComparedEdge[] {
  const edges = new Map<string, ComparedEdge>();
  for (const edge of edgesOf(graph.objects, object)) {
    // Constants and names are compared with the code, by its fields.
    if (object.kind === "prototype" && !leadsToPrototype(graph, edge)) continue;
    const identity = identityOf(graph, edge.step);
    const number = edge.step.kind === "entry" ? numberOf(edge.step.key) : undefined;
    // A key that a hostile body has twice is found by Lua where it stands first.
    if (identity === undefined || edges.has(identity)) continue;
    edges.set(identity, { identity, number, edge });
  }
  const compared = [...edges.values()];
  return object.kind === "table" ? compared.sort(compareKeys) : compared;
}

function leadsToPrototype({ objects }: SnapshotGraph, { value }: Edge): boolean {
  return value.kind === "reference" && objects[value.id]?.kind === "prototype";
}

/** Equal for the same part of two objects; undefined for keys that are objects. */
function identityOf(graph: SnapshotGraph, step: Step): string | undefined {
  switch (step.kind) {
    case "entry":
      return keyIdentity(graph.objects, step.key);
    case "key":
      return undefined;
    case "upvalue":
    case "slot":
      return `${step.kind} ${step.index}`;
    case "part":
      return `part ${step.name}`;
    case "metatable":
    case "same":
      return step.kind;
  }
}

function hasObjectKeys(graph: SnapshotGraph, object: GraphObject): boolean {
  if (object.kind !== "table" || object.hash === undefined) return false;
  return object.hash.nodes.some(
    (node) => node.kind === "entry" && isObjectKey(graph, node.key) && node.value.kind !== "nil",
  );
}

function isObjectKey(graph: SnapshotGraph, key: GraphValue): boolean {
  return key.kind === "reference" && keyIdentity(graph.objects, key) === undefined;
}

function objectKeyEntries(graph: SnapshotGraph, id: ObjectId): Map<ObjectId, GraphValue> {
  const table = graph.objects[id];
  const entries = new Map<ObjectId, GraphValue>();
  if (table?.kind !== "table") return entries;
  for (const node of table.hash?.nodes ?? []) {
    if (node.kind !== "entry" || node.value.kind === "nil") continue;
    if (node.key.kind !== "reference" || !isObjectKey(graph, node.key)) continue;
    entries.set(node.key.id, node.value);
  }
  return entries;
}
