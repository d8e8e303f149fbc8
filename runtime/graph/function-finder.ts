/** Where a table of a saved state finds functions: in itself, or behind an `__index`. */
import type { ObjectId, SnapshotGraph } from "./graph.ts";
import { entriesByKey, filledEntries } from "./text-keys.ts";

/** Each table is read once, however many lead to it. */
export class FunctionFinder {
  readonly #graph: SnapshotGraph;
  readonly #areIn = new Map<ObjectId, boolean>();
  readonly #areBehind = new Map<ObjectId, boolean>();
  /** Of metatables; "none" where there is no table. */
  readonly #indexes = new Map<ObjectId, ObjectId | "none">();

  constructor(graph: SnapshotGraph) {
    this.#graph = graph;
  }

  /** Whether a table has C functions as values. */
  areIn(id: ObjectId): boolean {
    const { objects } = this.#graph;
    const table = objects[id];
    if (table?.kind !== "table") return false;
    return memoized(this.#areIn, id, () =>
      filledEntries(objects, table).some(({ value }) => {
        const object = value.kind === "reference" ? objects[value.id] : undefined;
        return value.kind === "cFunction" || object?.kind === "cClosure";
      }),
    );
  }

  /** Whether a table's `__index`, or the one of that, is a table with functions. */
  areBehind(id: ObjectId): boolean {
    const passed: ObjectId[] = [];
    let at = id;
    let found = this.#areBehind.get(at);
    while (found === undefined) {
      // Where the way comes back to itself, nothing is found.
      this.#areBehind.set(at, false);
      passed.push(at);
      const next = this.#indexOf(at);
      if (next === undefined) found = false;
      else if (this.areIn(next)) found = true;
      else {
        at = next;
        found = this.#areBehind.get(at);
      }
    }
    for (const each of passed) this.#areBehind.set(each, found);
    return found;
  }

  /** The table in which Lua looks for what a table does not have. */
  #indexOf(id: ObjectId): ObjectId | undefined {
    const { objects } = this.#graph;
    const table = objects[id];
    if (table?.kind !== "table" || table.metatable === undefined) return undefined;
    const metatable = objects[table.metatable];
    if (metatable?.kind !== "table") return undefined;
    const index = memoized(this.#indexes, table.metatable, () => {
      const value = entriesByKey(objects, metatable).get("s__index");
      return value?.kind === "reference" ? value.id : "none";
    });
    return index === "none" ? undefined : index;
  }
}

function memoized<Value>(known: Map<ObjectId, Value>, id: ObjectId, find: () => Value): Value {
  const value = known.get(id);
  if (value !== undefined) return value;
  const found = find();
  known.set(id, found);
  return found;
}
