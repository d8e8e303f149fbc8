/** What Lua finds in a value of a graph by a key, metatables and `__index` included. */
import { basicTypes, type GraphValue, type ObjectId, type SnapshotGraph } from "./graph.ts";
import { entriesByKey } from "./text-keys.ts";

/**
 * `unknown`: what a C function answers, such as the entry of an external table. `endless`: what
 * stands behind more `__index` than are followed.
 */
export type Found = GraphValue | "any string" | "unknown" | "endless";

export const nil: GraphValue = { kind: "nil" };
const indexKey = "s__index";
const newIndexKey = "s__newindex";
/** Honest states have two or three. */
const stepsMax = 20;

/** Indexes values of a graph as Lua does. Each table is read once. */
export class Indexer {
  readonly #graph: SnapshotGraph;
  readonly #keyBytesMax: number | undefined;
  readonly #entries = new Map<ObjectId, ReadonlyMap<string, GraphValue>>();
  readonly #withFunctions = new Map<ObjectId, boolean>();

  /** `keyBytesMax`: longer names are not read; without it those of libraries are. */
  constructor(graph: SnapshotGraph, keyBytesMax?: number) {
    this.#graph = graph;
    this.#keyBytesMax = keyBytesMax;
  }

  /** Of a table, by keys as `entriesByKey` has them. */
  entriesOf(id: ObjectId): ReadonlyMap<string, GraphValue> {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const { objects } = this.#graph;
    const table = objects[id];
    const entries =
      table?.kind === "table"
        ? entriesByKey(objects, table, this.#keyBytesMax)
        : new Map<string, GraphValue>();
    this.#entries.set(id, entries);
    return entries;
  }

  hasNames(id: ObjectId): boolean {
    const object = this.#graph.objects[id];
    return object?.kind === "table" || object?.kind === "userdata";
  }

  /** The names that a fresh table has, or a userdata by its type. */
  namesOf(id: ObjectId): Iterable<readonly [string, GraphValue]> {
    if (this.#graph.objects[id]?.kind === "table") return this.entriesOf(id);
    const index = this.indexOf({ kind: "reference", id });
    return index?.kind === "reference" ? this.entriesOf(index.id) : [];
  }

  /** The entry of a table, or what its `__index` leads to; nil when nothing does. */
  index(value: Found, key: string): Found {
    let at = value;
    for (let step = 0; step < stepsMax; step += 1) {
      if (at === "unknown" || at === "endless") return at;
      const own =
        typeof at !== "string" && at.kind === "reference" ? this.entriesOf(at.id).get(key) : nil;
      if (own !== undefined && own.kind !== "nil") return own;
      const next = this.indexOf(at);
      if (next === undefined) return nil;
      at = isFunction(this.#graph.objects, next) ? "unknown" : next;
    }
    return "endless";
  }

  /** The `__index` of a value's metatable. */
  indexOf(value: Found): GraphValue | undefined {
    return this.#fieldOf(this.#metatableOf(value), indexKey);
  }

  newIndexOf(value: Found): GraphValue | undefined {
    return this.#fieldOf(this.#metatableOf(value), newIndexKey);
  }

  #fieldOf(metatable: ObjectId | undefined, key: string): GraphValue | undefined {
    const field = metatable === undefined ? undefined : this.entriesOf(metatable).get(key);
    return field?.kind === "nil" ? undefined : field;
  }

  /** Whether new entries of what has the metatable come into a table with functions. */
  addsToFunctions(metatable: ObjectId): boolean {
    let at: ObjectId | undefined = metatable;
    for (let step = 0; step < stepsMax; step += 1) {
      const to = this.#fieldOf(at, newIndexKey);
      // A function is called.
      if (to === undefined || isFunction(this.#graph.objects, to)) return false;
      if (to.kind === "reference" && this.#hasFunctions(to.id)) return true;
      at = this.#metatableOf(to);
    }
    return true;
  }

  #hasFunctions(id: ObjectId): boolean {
    const known = this.#withFunctions.get(id);
    if (known !== undefined) return known;
    const values = [...this.entriesOf(id).values()];
    const found = values.some((value) => isFunction(this.#graph.objects, value));
    this.#withFunctions.set(id, found);
    return found;
  }

  #metatableOf(value: Found): ObjectId | undefined {
    if (value === "unknown" || value === "endless") return undefined;
    if (typeof value === "string") return this.#typeOf("string");
    if (value.kind === "integer" || value.kind === "float") return this.#typeOf("number");
    if (value.kind === "boolean" || value.kind === "nil") return this.#typeOf(value.kind);
    if (value.kind !== "reference") return this.#typeOf("function");
    const object = this.#graph.objects[value.id];
    if (object?.kind === "table" || object?.kind === "userdata") return object.metatable;
    if (object?.kind === "string") return this.#typeOf("string");
    const isThread = object?.kind === "coroutine" || object?.kind === "mainThread";
    return this.#typeOf(isThread ? "thread" : "function");
  }

  #typeOf(name: (typeof basicTypes)[number]): ObjectId | undefined {
    const { roots } = this.#graph;
    return roots.scope === "state" ? roots.metatables[basicTypes.indexOf(name)] : undefined;
  }
}

export function isFunction(objects: SnapshotGraph["objects"], value: GraphValue): boolean {
  if (value.kind === "cFunction") return true;
  const object = value.kind === "reference" ? objects[value.id] : undefined;
  return object?.kind === "cClosure" || object?.kind === "luaClosure";
}
