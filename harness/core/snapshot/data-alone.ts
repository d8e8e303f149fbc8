/** What nobody vouches for carries data alone: the rule for states and for stored values. */
import { latin1Of } from "../table-key.ts";
import { edgesOf, type Step } from "./edges.ts";
import type {
  GraphObject,
  GraphValue,
  NamedTableObject,
  ObjectId,
  SnapshotGraph,
} from "./graph.ts";
import { entriesByKey, LibraryPlaces, type NamedState, shortStringAt } from "./library-places.ts";
import { extendPath, pathsOf, type Refusals, refusedMax, unreachablePath } from "./paths.ts";
import { objectText, valueText } from "./value-text.ts";

/** A part that can do more than be read: an object, or what it holds behind a step. */
interface Behaviour {
  readonly id: ObjectId;
  readonly step?: Step;
  readonly what: string;
}

const codeKinds: ReadonlySet<GraphObject["kind"]> = new Set([
  "luaClosure",
  "cClosure",
  "prototype",
]);
const handlesName = "ext.handles";
/** Modules through which all others can be had: a value names them for nothing good. */
const masterModules: ReadonlySet<string> = new Set(["_G", "package"]);

/**
 * What of a state is more than data, by path; none: it may be restored for a stranger. `fresh` is a
 * fresh state of the core in which it is to be restored, with the host functions of that core.
 */
export function behavioursOfState(saved: NamedState, fresh: NamedState): Refusals {
  const places = new LibraryPlaces({ fresh, saved });
  const { objects } = saved.graph;
  const found: Behaviour[] = misplacedHandles(saved.graph);
  const misplaced = new Set(places.misplacedInRegistry());
  for (const [id, object] of objects.entries()) {
    if (isMoreThanData(object, { id, places })) {
      found.push({ id, what: objectText(objects, object) });
    }
    for (const { step, value } of edgesOf(objects, object)) {
      const isMisplaced = runsInItsPlace(objects, value, places) && !places.holds(value);
      if (!isMisplaced && !misplaced.has(value)) continue;
      found.push({ id, step, what: `${valueText(objects, value)}, which has another place` });
    }
    found.push(...functionKeys(id, object));
  }
  return withPaths(saved.graph, found);
}

/** C functions without upvalues are no objects, and have no edge where they are keys. */
function functionKeys(id: ObjectId, object: GraphObject): readonly Behaviour[] {
  const nodes = object.kind === "table" ? (object.hash?.nodes ?? []) : [];
  return nodes.flatMap((node) => {
    if (node.kind !== "entry" || node.key.kind !== "cFunction") return [];
    return [{ id, step: { kind: "key" }, what: `C function ${node.key.name}` }];
  });
}

/** As `behavioursOfState`, of a stored value: an object may name the module that is its class. */
export function behavioursOfValue(graph: SnapshotGraph): Refusals {
  const { objects, roots } = graph;
  const found: Behaviour[] = [];
  for (const [id, object] of objects.entries()) {
    const isMaster = object.kind === "namedTable" && masterModules.has(textOfName(object));
    if (isMaster || codeKinds.has(object.kind)) {
      found.push({ id, what: objectText(objects, object) });
    }
    for (const { step, value } of edgesOf(objects, object)) {
      const isClass = step.kind === "metatable" || isIndex(objects, step);
      if (value.kind === "cFunction" || (isModule(objects, value) && !isClass)) {
        found.push({ id, step, what: valueText(objects, value) });
      }
    }
    found.push(...functionKeys(id, object));
  }
  const value = roots.scope === "value" ? roots.value : undefined;
  const isBareModule = value !== undefined && isModule(objects, value);
  const [name] = found.length === 0 ? graph.names : [];
  const root = isBareModule ? valueText(objects, value) : name && `C function ${name}`;
  return withPaths(graph, found, root);
}

/** Whether an object runs, or has a finalizer or a library's state, where no fresh state has it. */
function isMoreThanData(
  object: GraphObject,
  { id, places }: { readonly id: ObjectId; readonly places: LibraryPlaces },
): boolean {
  const counterpart = places.counterpartOf(id);
  switch (object.kind) {
    case "luaClosure":
    case "coroutine":
    case "rebuilt":
    case "refused":
      return true;
    case "cClosure":
      return counterpart === undefined;
    case "mainThread":
      return object.hookMask !== 0;
    case "table": {
      const mayFinalize = counterpart?.kind === "table" && counterpart.hasFinalizer;
      return object.hasFinalizer && !mayFinalize;
    }
    case "userdata": {
      const { content, metatable } = object;
      if (content.kind === "random") return counterpart === undefined;
      if (content.kind === "gmatch" || content.kind === "iterator") return true;
      return metatable === undefined || places.counterpartOf(metatable) === undefined;
    }
    default:
      return false;
  }
}

/** What is of a library, and harmless where the library has it. */
function runsInItsPlace(
  objects: readonly GraphObject[],
  value: GraphValue,
  places: LibraryPlaces,
): boolean {
  if (value.kind === "cFunction") return true;
  if (value.kind !== "reference" || places.counterpartOf(value.id) === undefined) return false;
  const object = objects[value.id];
  const isRandom = object?.kind === "userdata" && object.content.kind === "random";
  return isRandom || object?.kind === "cClosure" || object?.kind === "mainThread";
}

/** Handles of external tables that a look-up by id would take for another's. */
function misplacedHandles({ objects, roots }: SnapshotGraph): Behaviour[] {
  const registry = roots.scope === "state" ? objects[roots.registry] : undefined;
  if (registry?.kind !== "table") return [];
  const list = entriesByKey(objects, registry).get(`s${handlesName}`);
  const table = list?.kind === "reference" ? objects[list.id] : undefined;
  if (list?.kind !== "reference" || table?.kind !== "table") return [];
  for (const [key, value] of entriesByKey(objects, table)) {
    if (value.kind === "nil") continue;
    const handle = value.kind === "reference" ? objects[value.id] : undefined;
    const content = handle?.kind === "userdata" ? handle.content : undefined;
    if (content?.kind === "externalTable" && key === `i${content.table}`) continue;
    return [{ id: list.id, what: "a handle under the id of another external table" }];
  }
  return [];
}

function isModule(objects: readonly GraphObject[], value: GraphValue): boolean {
  return value.kind === "reference" && objects[value.id]?.kind === "namedTable";
}

function isIndex(objects: readonly GraphObject[], step: Step): boolean {
  if (step.kind !== "entry" || step.key.kind !== "reference") return false;
  return shortStringAt(objects, step.key.id) === "__index";
}

function textOfName({ name }: NamedTableObject): string {
  return latin1Of(name.toBytes());
}

/** `root`: what the root itself is, where that is more than data. */
function withPaths(graph: SnapshotGraph, found: readonly Behaviour[], root?: string): Refusals {
  const whole = root === undefined ? [] : [{ path: "value", reason: root }];
  if (found.length === 0) return { refused: whole, count: whole.length };
  const paths = pathsOf(graph);
  const refused = found.slice(0, refusedMax).map(({ id, step, what }) => {
    const path = paths.get(id) ?? unreachablePath(id);
    const full = step === undefined ? path : extendPath(graph.objects, path, step);
    return { path: full.text, reason: what };
  });
  return { refused: [...whole, ...refused], count: whole.length + found.length };
}
