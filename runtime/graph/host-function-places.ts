/** Which host functions of a saved state stand where the host has registered them. */
import type { CClosureObject, GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { Indexer } from "./indexer.ts";

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
/**
 * The slots in which a saved state has host functions, each on the path of globals by which it is
 * registered, whoever made the tables on the way; with the object that is there.
 */
export function hostFunctionPlaces(
  saved: NamedState,
  { registered, globals }: { readonly registered: readonly string[]; readonly globals: GraphValue },
): ReadonlyMap<GraphValue, ObjectId> {
  const { objects } = saved.graph;
  const longest = registered.reduce((most, { length }) => Math.max(most, length), 0);
  const indexer = new Indexer(saved.graph, longest);
  const found = new Map<GraphValue, ObjectId>();
  for (const name of registered) {
    let slot: GraphValue | undefined = globals;
    for (const part of name.split(".")) {
      slot = slot?.kind === "reference" ? indexer.entriesOf(slot.id).get(`s${part}`) : undefined;
    }
    const object = slot?.kind === "reference" ? objects[slot.id] : undefined;
    if (slot?.kind !== "reference" || object?.kind !== "cClosure") continue;
    if (object.name === hostFunctionName && hostNameOf(object, saved) === name) {
      found.set(slot, slot.id);
    }
  }
  return found;
}

/** The name of the host function that a C function calls. */
export function hostNameOf(
  { upvalues: [number] }: CClosureObject,
  { functionNames }: NamedState,
): string | undefined {
  return number?.kind === "integer" ? functionNames.get(Number(number.value)) : undefined;
}
