/** The parts of two objects that are compared, and how many there are. */
import { type Edge, edgesOf, type Step } from "./edges.ts";
import type { GraphObject, GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import { compareKeys, type KeyOrder, keyIdentity, numberOf } from "./key-order.ts";
import type { RankedGraph } from "./text-ranks.ts";

/** How much larger an original may be than its copy to be compared with it. */
const originalSizeMax = { times: 8, more: 64 } as const;

interface ComparedEdge extends KeyOrder {
  readonly edge: Edge;
}

/** What two objects are compared by, in an order that does not depend on a table's layout. */
export function comparedEdges(graph: RankedGraph, object: GraphObject): readonly ComparedEdge[] {
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
function identityOf(graph: RankedGraph, step: Step): string | undefined {
  switch (step.kind) {
    case "entry":
      return keyIdentity(graph, step.key);
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

export function hasObjectKeys(graph: RankedGraph, object: GraphObject): boolean {
  if (object.kind !== "table" || object.hash === undefined) return false;
  return object.hash.nodes.some(
    (node) => node.kind === "entry" && isObjectKey(graph, node.key) && node.value.kind !== "nil",
  );
}

function isObjectKey(graph: RankedGraph, key: GraphValue): boolean {
  return key.kind === "reference" && keyIdentity(graph, key) === undefined;
}

export function objectKeyEntries(graph: RankedGraph, id: ObjectId): Map<ObjectId, GraphValue> {
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

/** Whether an original is so large that it is not compared with a copy that came to differ. */
export function isOutsized(original: GraphObject, copy: GraphObject): boolean {
  const { times, more } = originalSizeMax;
  return partCount(original) > partCount(copy) * times + more;
}

/** About how many parts are looked at when an object is compared. */
function partCount(object: GraphObject): number {
  switch (object.kind) {
    case "table":
      return object.array.length + (object.hash?.nodes.length ?? 0);
    case "luaClosure":
    case "cClosure":
      return object.upvalues.length;
    case "coroutine":
    case "mainThread":
      return object.stack.length + object.toClose.length + object.calls.length;
    case "prototype": {
      const { instructions, constants, upvalues, prototypes, lineDifferences } = object;
      const { absoluteLines, locals } = object;
      const code = instructions.length + constants.length + upvalues.length + prototypes.length;
      return code + lineDifferences.length + absoluteLines.length + locals.length;
    }
    default:
      return 1;
  }
}
