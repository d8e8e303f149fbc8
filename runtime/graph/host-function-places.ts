/** Which host functions of a saved state stand where the host has registered them. */
import type { CClosureObject, GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { entriesByKey } from "./text-keys.ts";

/** A state, and the names of the host functions that it calls by number. */
export interface NamedState {
  readonly graph: SnapshotGraph;
  readonly functionNames: ReadonlyMap<number, string>;
}

/** A state in which nothing has run, and the names of the registered host functions. */
export interface FreshState {
  readonly graph: SnapshotGraph;
  readonly registered: readonly string[];
}

/** The C function by which Lua calls the host; its one upvalue is the function's number. */
export const hostFunctionName = "host.function";
/** Both states, and what leads to their globals. */
interface Places {
  readonly fresh: FreshState;
  readonly saved: NamedState;
  readonly globals: readonly [GraphValue | undefined, GraphValue | undefined];
  /** The fresh table in whose place a saved one is. */
  readonly placeOf: ReadonlyMap<ObjectId, ObjectId>;
}

interface HostFunctions {
  /** The slot of each, and the object there. */
  readonly functions: ReadonlyMap<GraphValue, ObjectId>;
  /** On the way to where functions are registered, whatever is there. */
  readonly tables: ReadonlySet<ObjectId>;
}

/**
 * Names are paths of globals, whoever made the tables on the way. A slot that two names lead to is
 * neither's: one would call the other. So is one in a library's table, under another name.
 */
export function hostFunctionPlaces({ fresh, saved, globals, placeOf }: Places): HostFunctions {
  const longest = fresh.registered.reduce((most, { length }) => Math.max(most, length), 0);
  const [freshEntry, savedEntry] = [
    entryReader(fresh.graph, longest),
    entryReader(saved.graph, longest),
  ];
  const tables = new Set<ObjectId>();
  const slotOf = (name: string): GraphValue | undefined => {
    let [from, to] = globals;
    for (const part of name.split(".")) {
      if (to?.kind !== "reference") return undefined;
      const place = placeOf.get(to.id);
      const isOwn = from?.kind === "reference" && from.id === place;
      if (place !== undefined && !isOwn) return undefined;
      tables.add(to.id);
      from = from?.kind === "reference" ? freshEntry(from.id, `s${part}`) : undefined;
      to = savedEntry(to.id, `s${part}`);
    }
    return to;
  };
  /** The name that leads to a slot, or that there are several. */
  const names = new Map<GraphValue, { readonly name: string; readonly isAlone: boolean }>();
  for (const name of fresh.registered) {
    const slot = slotOf(name);
    if (slot !== undefined) names.set(slot, { name, isAlone: !names.has(slot) });
  }
  const functions = new Map<GraphValue, ObjectId>();
  for (const [slot, { name, isAlone }] of names) {
    const found = slot.kind === "reference" ? saved.graph.objects[slot.id] : undefined;
    if (slot.kind !== "reference" || found?.kind !== "cClosure" || !isAlone) continue;
    if (found.name !== hostFunctionName || nameOf(found, saved) !== name) continue;
    functions.set(slot, slot.id);
  }
  return { functions, tables };
}

function nameOf({ upvalues: [number] }: CClosureObject, { functionNames }: NamedState) {
  return number?.kind === "integer" ? functionNames.get(Number(number.value)) : undefined;
}

/** Reads entries by key, those of each table once. */
function entryReader({ objects }: SnapshotGraph, bytesMax: number) {
  const known = new Map<ObjectId, ReadonlyMap<string, GraphValue>>();
  return (id: ObjectId, key: string): GraphValue | undefined => {
    const table = objects[id];
    if (table?.kind !== "table") return undefined;
    const entries = known.get(id) ?? entriesByKey(objects, table, bytesMax);
    known.set(id, entries);
    return entries.get(key);
  };
}
