/** Which C function a script gets by each name of a library: none may have another's. */
import { latin1Of } from "../../runtime/bytes/latin1.ts";
import type { GraphValue, ObjectId, SnapshotGraph } from "../../runtime/graph/graph.ts";

/** The paths of functions below the globals, two names long at most, and what is there. */
export function functionsByPath(graph: SnapshotGraph): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const globals = globalsOf(graph);
  for (const name of textKeysOf(graph, globals)) {
    const value = indexed(graph, globals, name);
    const text = functionName(graph, value);
    if (text !== undefined) found.set(name, text);
    if (value?.kind !== "reference" || value.id === globals) continue;
    for (const inner of textKeysOf(graph, value.id)) {
      const innerText = functionName(graph, indexed(graph, value.id, inner));
      if (innerText !== undefined) found.set(`${name}.${inner}`, innerText);
    }
  }
  return found;
}

/** The first path at which `graph` has a function, and another than `expected` has there. */
export function exchangedFunction(
  graph: SnapshotGraph,
  expected: ReadonlyMap<string, string>,
): string | undefined {
  for (const [path, name] of expected) {
    let value: GraphValue | undefined = referenceTo(globalsOf(graph));
    for (const part of path.split(".")) {
      value = value?.kind === "reference" ? indexed(graph, value.id, part) : undefined;
    }
    const found = functionName(graph, value);
    if (found !== undefined && found !== name) return `${path} is ${found}`;
  }
  return undefined;
}

/** As Lua indexes: what the table has, or its metatable's `__index`, and so on. */
function indexed({ objects }: SnapshotGraph, from: ObjectId, name: string): GraphValue | undefined {
  const seen = new Set<ObjectId>();
  let id: ObjectId | undefined = from;
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    const own = rawEntry(objects, id, name);
    if (own !== undefined && own.kind !== "nil") return own;
    const table: SnapshotGraph["objects"][number] | undefined = objects[id];
    const metatable: ObjectId | undefined = table?.kind === "table" ? table.metatable : undefined;
    const index: GraphValue | undefined =
      metatable === undefined ? undefined : rawEntry(objects, metatable, "__index");
    id = index?.kind === "reference" ? index.id : undefined;
  }
  return undefined;
}

function rawEntry(
  objects: SnapshotGraph["objects"],
  id: ObjectId,
  name: string,
): GraphValue | undefined {
  const table = objects[id];
  for (const node of table?.kind === "table" ? (table.hash?.nodes ?? []) : []) {
    if (node.kind === "entry" && textOf(objects, node.key) === name) return node.value;
  }
  return undefined;
}

function textKeysOf({ objects }: SnapshotGraph, id: ObjectId): readonly string[] {
  const table = objects[id];
  const nodes = table?.kind === "table" ? (table.hash?.nodes ?? []) : [];
  return nodes.flatMap((node) => {
    const text = node.kind === "entry" ? textOf(objects, node.key) : undefined;
    return text === undefined ? [] : [text];
  });
}

function textOf(objects: SnapshotGraph["objects"], value: GraphValue): string | undefined {
  const object = value.kind === "reference" ? objects[value.id] : undefined;
  return object?.kind === "string" ? latin1Of(object.bytes.toBytes()) : undefined;
}

function functionName({ objects }: SnapshotGraph, value: GraphValue | undefined) {
  if (value?.kind === "cFunction") return value.name;
  const object = value?.kind === "reference" ? objects[value.id] : undefined;
  return object?.kind === "cClosure" ? object.name : undefined;
}

function globalsOf(graph: SnapshotGraph): ObjectId {
  const { roots, objects } = graph;
  const registry = roots.scope === "state" ? objects[roots.registry] : undefined;
  // The second entry of the registry: LUA_RIDX_GLOBALS.
  const globals = registry?.kind === "table" ? registry.array[1] : undefined;
  return globals?.kind === "reference" ? globals.id : -1;
}

function referenceTo(id: ObjectId): GraphValue {
  return { kind: "reference", id };
}
