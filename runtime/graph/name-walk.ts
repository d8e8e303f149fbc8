/** What a script gets by the names that a fresh state has: its own function there, or none. */
import type { GraphValue, ObjectId, SnapshotGraph } from "./graph.ts";
import {
  type FreshState,
  hostFunctionName,
  hostNameOf,
  type NamedState,
} from "./host-function-places.ts";
import { type Found, Indexer, nil } from "./indexer.ts";
import { globalsKey, loadedKey, preloadKey } from "./text-keys.ts";

/** A fresh object with names, the saved value in whose place a script finds, and where. */
interface Place {
  readonly fresh: ObjectId;
  readonly saved: Found;
  readonly path: string;
}

/** More than honest states have: a stranger's may be as deep, and as many, as there is room for. */
const pathLengthMax = 200;
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
