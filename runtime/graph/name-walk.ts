/** What a script gets by the names that a fresh state has: its own function there, or none. */
import { basicTypes, type GraphValue, type ObjectId, type SnapshotGraph } from "./graph.ts";
import {
  type FreshState,
  hostFunctionName,
  hostNameOf,
  type NamedState,
} from "./host-function-places.ts";
import { entriesByKey } from "./text-keys.ts";

/**
 * `unknown`: what a C function answers, such as the entry of an external table. `endless`: what
 * stands behind more `__index` than are followed.
 */
type Found = GraphValue | "any string" | "unknown" | "endless";
/** A fresh object with names, the saved value in whose place a script finds, and where. */
interface Place {
  readonly fresh: ObjectId;
  readonly saved: Found;
  readonly path: string;
}

const nil: GraphValue = { kind: "nil" };
const indexKey = "s__index";
const globalsKey = "i2";
const loadedKey = "s_LOADED";
const preloadKey = "s_PRELOAD";
/** More than honest states have: a stranger's may be as deep, and as many, as there is room for. */
const pathLengthMax = 200;
const stepsMax = 100;
const placesMax = 1_000;

/** A name, and what it leads to. */
export interface WrongName {
  readonly path: string;
  readonly reason: string;
}

/**
 * Names by which a script, `require` or the host would get another function than the one of that
 * name. A name that leads to no function is none of them.
 */
export function wrongNames(fresh: FreshState, saved: NamedState): readonly WrongName[] {
  const longest = fresh.registered.reduce((most, { length }) => Math.max(most, length), 64);
  const [from, to] = [new Indexer(fresh.graph, longest), new Indexer(saved.graph, longest)];
  const [fromRegistry, toRegistry] = [registryOf(fresh.graph), registryOf(saved.graph)];
  const globals = from.entriesOf(fromRegistry).get(globalsKey);
  const savedGlobals = to.entriesOf(toRegistry).get(globalsKey) ?? nil;
  if (globals?.kind !== "reference") return [];
  const wrong: WrongName[] = [];
  const hostAt = hostNames({ fresh, from, globals: globals.id });
  const check = (path: string, found: Found, expected: string): void => {
    const name =
      found === "endless" ? "what is behind too many __index" : functionNameOf(saved, found);
    if (name !== undefined && name !== expected) wrong.push({ path, reason: `leads to ${name}` });
  };
  const pending: Place[] = [{ fresh: globals.id, saved: savedGlobals, path: "_G" }];
  for (const [key, path] of [
    [loadedKey, "package.loaded"],
    [preloadKey, "package.preload"],
  ] as const) {
    const [known, found] = [
      from.entriesOf(fromRegistry).get(key),
      to.entriesOf(toRegistry).get(key),
    ];
    if (known?.kind === "reference") pending.push({ fresh: known.id, saved: found ?? nil, path });
    // `require` asks them for any name.
    if (found !== undefined && to.indexOf(found) !== undefined)
      wrong.push({ path, reason: "has an __index" });
  }
  const methods = from.indexOf("any string");
  if (methods?.kind === "reference") {
    pending.push({ fresh: methods.id, saved: "any string", path: '("")' });
  }
  const seen = new Set<string>();
  // It grows while it is walked.
  for (const { fresh: id, saved: value, path } of pending) {
    const place = `${id} ${keyOfValue(saved.graph, value)}`;
    if (seen.has(place)) continue;
    seen.add(place);
    if (value === "unknown" || value === "endless" || seen.size > placesMax) {
      wrong.push({ path, reason: "leads out of reach" });
      break;
    }
    if (to.addsToFunctions(value))
      wrong.push({ path, reason: "has a __newindex that leads to functions" });
    for (const [key, expected] of from.namesOf(id)) {
      const name = key.slice(1);
      const inner = path === "_G" ? name : `${path}.${name}`.slice(0, pathLengthMax);
      const found = to.index(value, key);
      const own = hostAt.get(`${id} ${key}`) ?? functionNameOf(fresh, expected);
      if (own !== undefined) check(inner, found, own);
      else if (expected.kind === "reference" && from.hasNames(expected.id)) {
        pending.push({ fresh: expected.id, saved: found, path: inner });
      }
    }
  }
  for (const name of fresh.registered) {
    let found: Found = savedGlobals;
    for (const part of name.split(".")) {
      if (found === "unknown") wrong.push({ path: name, reason: "leads out of reach" });
      found = to.index(found, `s${part}`);
    }
    check(name, found, hostText(name));
  }
  return wrong;
}

/** Where a registered function takes the place of a library's: its table, and its name there. */
function hostNames(options: {
  readonly fresh: FreshState;
  readonly from: Indexer;
  readonly globals: ObjectId;
}): ReadonlyMap<string, string> {
  const { fresh, from, globals } = options;
  const names = new Map<string, string>();
  for (const name of fresh.registered) {
    const parts = name.split(".");
    const last = parts.pop() ?? "";
    let table: GraphValue | undefined = { kind: "reference", id: globals };
    for (const part of parts) {
      table = table?.kind === "reference" ? from.entriesOf(table.id).get(`s${part}`) : undefined;
    }
    if (table?.kind === "reference") names.set(`${table.id} s${last}`, hostText(name));
  }
  return names;
}

function hostText(name: string): string {
  return `the host's ${name}`;
}

/** undefined of what is no C function: a stranger has no others. */
function functionNameOf(state: FreshState | NamedState, value: Found): string | undefined {
  if (typeof value === "string") return undefined;
  if (value.kind === "cFunction") return value.name;
  const object = value.kind === "reference" ? state.graph.objects[value.id] : undefined;
  if (object?.kind !== "cClosure") return undefined;
  if (object.name !== hostFunctionName || !("functionNames" in state)) return object.name;
  return hostText(hostNameOf(object, state) ?? "?");
}

function registryOf({ roots }: SnapshotGraph): ObjectId {
  return roots.scope === "state" ? roots.registry : -1;
}

/** All values of a basic type lead to the same. */
function keyOfValue({ objects }: SnapshotGraph, value: Found): string {
  if (typeof value === "string") return value;
  if (value.kind !== "reference") return value.kind;
  return objects[value.id]?.kind === "string" ? "any string" : String(value.id);
}

/** Indexes values of a graph as Lua does. Each table is read once. */
class Indexer {
  readonly #graph: SnapshotGraph;
  readonly #keyBytesMax: number;
  readonly #entries = new Map<ObjectId, ReadonlyMap<string, GraphValue>>();

  constructor(graph: SnapshotGraph, keyBytesMax: number) {
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
      at = this.isFunction(next) ? "unknown" : next;
    }
    return "endless";
  }

  /** The `__index` of a value's metatable. */
  indexOf(value: Found): GraphValue | undefined {
    const metatable = this.#metatableOf(value);
    const index = metatable === undefined ? undefined : this.entriesOf(metatable).get(indexKey);
    return index?.kind === "nil" ? undefined : index;
  }

  /** Whether new entries of a value come into a table that has functions, as libraries do. */
  addsToFunctions(value: Found): boolean {
    const metatable = this.#metatableOf(value);
    const to = metatable === undefined ? undefined : this.entriesOf(metatable).get("s__newindex");
    if (to?.kind !== "reference") return false;
    return [...this.entriesOf(to.id).values()].some((each) => this.isFunction(each));
  }

  isFunction(value: GraphValue): boolean {
    if (value.kind === "cFunction") return true;
    const object = value.kind === "reference" ? this.#graph.objects[value.id] : undefined;
    return object?.kind === "cClosure" || object?.kind === "luaClosure";
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
