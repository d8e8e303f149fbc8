/** What nobody vouches for carries data alone: the rule for states and for stored values. */
import { idMax } from "../abi/abi.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { edgesOf, type Step } from "../graph/edges.ts";
import {
  basicTypes,
  type GraphObject,
  type GraphValue,
  type NamedTableObject,
  type ObjectId,
  type SnapshotGraph,
} from "../graph/graph.ts";
import {
  type FreshState,
  hostFunctionName,
  type NamedState,
} from "../graph/host-function-places.ts";
import { Indexer } from "../graph/indexer.ts";
import { LibraryPlaces } from "../graph/library-places.ts";
import { wrongNames } from "../graph/name-walk.ts";
import { extendPath, pathsOf, unreachablePath } from "../graph/paths.ts";
import { entriesByKey, shortStringAt } from "../graph/text-keys.ts";
import { objectText, valueText } from "../graph/value-text.ts";
import { IdMap } from "../map/id-map.ts";
import { messagePathsMax, type Refusals, refusedMax } from "./refusals.ts";

/** A part that can do more than be read: an object, or what it holds behind a step. */
interface Behaviour {
  readonly id: ObjectId;
  readonly step: Step | undefined;
  readonly what: string;
}

const codeKinds: ReadonlySet<GraphObject["kind"]> = new Set([
  "luaClosure",
  "cClosure",
  "prototype",
]);
/** Modules through which all others can be had: a value names them for nothing good. */
const masterModules: ReadonlySet<string> = new Set(["_G", "package"]);

/**
 * What of a state is more than data, by path; none: it may be restored for a stranger. `fresh` is a
 * fresh state of the core in which it is to be restored, with the host functions of that core.
 */
export function behavioursOfState(saved: NamedState, fresh: FreshState): Refusals {
  const places = new LibraryPlaces({ fresh, saved });
  const { objects } = saved.graph;
  const found = new Behaviours(refusedMax);
  for (const each of places.alterations()) {
    found.add(each.id, each.step, () => `${each.what} than the core made`);
  }
  for (const each of places.alterationsOfModules()) found.add(each.id, each.step, () => each.what);
  const refusesToBeSaved = persistIsFalseIn(objects);
  const addsToFunctions = addsToFunctionsIn(saved.graph);
  for (const { name, id } of typesOfRoots(saved.graph)) {
    if (places.isInternal(id)) found.add(id, undefined, () => `a table of the core's, as ${name}`);
    if (addsToFunctions(id)) found.add(id, undefined, () => `${newEntries}, as ${name}`);
  }
  addWeakKeys(found, objects);
  for (const [id, object] of objects.entries()) {
    if (isMoreThanData(object, { id, places })) {
      found.add(id, undefined, () => objectText(objects, object));
    }
    if (refusesToBeSaved(object)) found.add(id, undefined, () => "__persist is false");
    if (places.isMadeWeak(id, object)) {
      found.add(id, { kind: "metatable" }, () => "a table with functions can't be weak");
    }
    if (addsToFunctions("metatable" in object ? object.metatable : undefined)) {
      found.add(id, { kind: "metatable" }, () => newEntries);
    }
    for (const { step, value } of edgesOf(objects, object)) {
      if (isInItsPlace({ id, object, step, value }, places)) continue;
      found.add(id, step, () => `${valueText(objects, value)}, which has another place`);
    }
    addFunctionKeys(found, id, object);
  }
  const { refused, count } = found.withPaths(saved.graph);
  const wrong = wrongNames(fresh, saved);
  return { refused: [...refused, ...wrong].slice(0, refusedMax), count: count + wrong.length };
}

/** The numbers of the host functions that a state can call. */
export function hostFunctionsIn({ objects }: SnapshotGraph): ReadonlyMap<number, true> {
  const found = new IdMap<true>();
  for (const object of objects) {
    if (object.kind !== "cClosure" || object.name !== hostFunctionName) continue;
    const [number] = object.upvalues;
    if (number?.kind === "integer" && number.value >= 0n && number.value <= BigInt(idMax)) {
      found.set(Number(number.value), true);
    }
  }
  return found;
}

/** Counts all that is found, and keeps a path and a text for the first few alone. */
class Behaviours {
  count = 0;
  readonly #first: Behaviour[] = [];
  readonly #keptMax: number;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  add(id: ObjectId, step: Step | undefined, what: () => string): void {
    this.count += 1;
    if (this.#first.length < this.#keptMax) this.#first.push({ id, step, what: what() });
  }

  /** `root`: what the root itself is, where that is more than data. */
  withPaths(graph: SnapshotGraph, root?: string): Refusals {
    const whole = root === undefined ? [] : [{ path: "value", reason: root }];
    if (this.count === 0) return { refused: whole, count: whole.length };
    const paths = pathsOf(graph);
    const refused = this.#first.map(({ id, step, what }) => {
      const path = paths.get(id) ?? unreachablePath(id);
      const full = step === undefined ? path : extendPath(graph.objects, path, step);
      return { path: full.text, reason: what };
    });
    return { refused: [...whole, ...refused], count: whole.length + this.count };
  }
}

function typesOfRoots({ roots }: SnapshotGraph) {
  const types = roots.scope === "state" ? roots.metatables : [];
  return types.flatMap((id, i) => {
    return id === undefined ? [] : [{ id, name: `the metatable of ${basicTypes[i] ?? i}` }];
  });
}

/** C functions without upvalues are no objects, and have no edge where they are keys. */
function addFunctionKeys(found: Behaviours, id: ObjectId, object: GraphObject): void {
  for (const node of object.kind === "table" ? (object.hash?.nodes ?? []) : []) {
    if (node.kind !== "entry" || node.key.kind !== "cFunction") continue;
    const { name } = node.key;
    found.add(id, { kind: "key" }, () => `C function ${name}`);
  }
}

/**
 * As `behavioursOfState`, of a stored value, in which an object may name the module that is its
 * class. Its paths, as many as a message has, are made when they are asked for: a store may hold
 * many such values.
 */
export function behavioursOfValue(graph: SnapshotGraph): (() => Refusals) | undefined {
  const { objects, roots } = graph;
  const found = new Behaviours(messagePathsMax);
  const refusesToBeSaved = persistIsFalseIn(objects);
  addWeakKeys(found, objects);
  for (const [id, object] of objects.entries()) {
    if (refusesToBeSaved(object)) found.add(id, undefined, () => "__persist is false");
    const isMaster = object.kind === "namedTable" && masterModules.has(textOfName(object));
    if (isMaster || codeKinds.has(object.kind)) {
      found.add(id, undefined, () => objectText(objects, object));
    }
    for (const { step, value } of edgesOf(objects, object)) {
      const isClass = step.kind === "metatable" || isIndex(objects, step);
      if (value.kind === "cFunction" || (isModule(objects, value) && !isClass)) {
        found.add(id, step, () => valueText(objects, value));
      }
    }
    addFunctionKeys(found, id, object);
  }
  const value = roots.scope === "value" ? roots.value : undefined;
  const isBareModule = value !== undefined && isModule(objects, value);
  const [name] = found.count === 0 ? graph.names : [];
  const root = isBareModule ? valueText(objects, value) : name && `C function ${name}`;
  if (found.count === 0 && root === undefined) return undefined;
  return () => found.withPaths(graph, root);
}

/**
 * Whether an object could not be saved again, for its `__persist` is false: so no honest state has
 * it.
 */
function persistIsFalseIn(objects: readonly GraphObject[]): (object: GraphObject) => boolean {
  const isFalse = onceForEach((id: ObjectId) => {
    const found = fieldOf(objects, id, "__persist");
    return found?.kind === "boolean" && !found.value;
  });
  return (object) => isFalse("metatable" in object ? object.metatable : undefined);
}

const newEntries = "a __newindex that leads to functions";

/** Whether what has this metatable would put its new entries into a library, say. */
function addsToFunctionsIn(graph: SnapshotGraph): (metatable: ObjectId | undefined) => boolean {
  const indexer = new Indexer(graph);
  return onceForEach((id) => indexer.addsToFunctions(id));
}

/** With more, each collection would take for ever: Lua looks at all of them again and again. */
const weakKeyTablesMax = 256;
const weakKeyEntriesMax = 4_096;

/** Of tables with weak keys: entries that keep something alive while something else is. */
function addWeakKeys(found: Behaviours, objects: readonly GraphObject[]): void {
  const hasWeakKeys = onceForEach((id: ObjectId) => {
    const mode = fieldOf(objects, id, "__mode");
    const text = mode?.kind === "reference" ? shortStringAt(objects, mode.id) : undefined;
    return text?.includes("k") === true && !text.includes("v");
  });
  let [tables, entries] = [0, 0];
  for (const [id, object] of objects.entries()) {
    if (object.kind !== "table" || !hasWeakKeys(object.metatable)) continue;
    tables += 1;
    for (const node of object.hash?.nodes ?? []) {
      if (node.kind === "entry" && isHeld(node.key) && isHeld(node.value)) entries += 1;
    }
    if (tables <= weakKeyTablesMax && entries <= weakKeyEntriesMax) continue;
    const what = `weak keys in ${tables} tables with ${entries} entries, and more`;
    found.add(id, { kind: "metatable" }, () => what);
    return;
  }
}

function isHeld({ kind }: GraphValue): boolean {
  return kind === "reference" || kind === "refused";
}

/** A field of a metatable. */
function fieldOf(
  objects: readonly GraphObject[],
  id: ObjectId,
  name: string,
): GraphValue | undefined {
  const metatable = objects[id];
  return metatable?.kind === "table" ? entriesByKey(objects, metatable).get(`s${name}`) : undefined;
}

/** Asks once for each metatable; of none it is not so. */
function onceForEach(ask: (id: ObjectId) => boolean): (id: ObjectId | undefined) => boolean {
  const known = new Map<ObjectId, boolean>();
  return (id) => {
    if (id === undefined) return false;
    const answer = known.get(id) ?? ask(id);
    known.set(id, answer);
    return answer;
  };
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
      return counterpart === undefined && !places.isHostFunction(id);
    case "mainThread":
      return object.hookMask !== 0;
    case "table": {
      const mayFinalize = counterpart?.kind === "table" && counterpart.hasFinalizer;
      return object.hasFinalizer && !mayFinalize;
    }
    case "userdata": {
      const { content, metatable, hasFinalizer } = object;
      if (content.kind === "random") return counterpart === undefined;
      if (content.kind === "gmatch" || content.kind === "iterator") return true;
      // Without a finalizer its table would never be let go; it has none once that has run.
      const isHeld = content.kind === "externalTable" && content.table !== 0;
      if (isHeld && !hasFinalizer) return true;
      if (isHeld && !places.isHandleOf(id, content.table)) return true;
      return metatable === undefined || places.counterpartOf(metatable) === undefined;
    }
    default:
      return false;
  }
}

/** Whether what a library has may be there: its functions and state, and the core's own tables. */
function isInItsPlace(
  edge: {
    readonly id: ObjectId;
    readonly object: GraphObject;
    readonly step: Step;
    readonly value: GraphValue;
  },
  places: LibraryPlaces,
): boolean {
  const { id, object, step, value } = edge;
  if (value.kind === "cFunction") return places.holds(value);
  if (value.kind !== "reference") return true;
  if (places.isInternal(value.id)) {
    // The guest knows each kind of userdata by its type, and compares them.
    const isType =
      step.kind === "metatable" && (object.kind === "userdata" || places.isInternal(id));
    return isType || (step.kind === "entry" && places.isInternal(id));
  }
  const counterpart = places.counterpartOf(value.id);
  const isRandom = counterpart?.kind === "userdata" && counterpart.content.kind === "random";
  const runs = isRandom || counterpart?.kind === "cClosure" || counterpart?.kind === "mainThread";
  return !(runs || places.isHostFunction(value.id)) || places.holds(value);
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
