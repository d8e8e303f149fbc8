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
const placesMax = 200;

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
  const walk = new NameWalk({
    ...{ fresh, saved },
    from: new Indexer(fresh.graph, longest),
    to: new Indexer(saved.graph, longest),
  });
  walk.followFresh();
  walk.followRegistered();
  return walk.wrong;
}

/** Reads in the saved state what a fresh one has under each of its names. */
class NameWalk {
  readonly wrong: WrongName[] = [];
  readonly #fresh: FreshState;
  readonly #saved: NamedState;
  readonly #from: Indexer;
  readonly #to: Indexer;

  constructor(options: {
    readonly fresh: FreshState;
    readonly saved: NamedState;
    readonly from: Indexer;
    readonly to: Indexer;
  }) {
    this.#fresh = options.fresh;
    this.#saved = options.saved;
    this.#from = options.from;
    this.#to = options.to;
  }

  /** All names in the fresh state, those in tables of tables too. */
  followFresh(): void {
    const pending = this.#beginnings();
    const hostAt = hostNames(this.#fresh, this.#from);
    const seen = new Set<string>();
    // It grows while it is walked.
    for (const place of pending) {
      const key = `${place.fresh} ${keyOfValue(this.#saved.graph, place.saved)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (place.saved === "unknown" || place.saved === "endless" || seen.size > placesMax) {
        this.#add(place.path, "leads out of reach");
        return;
      }
      pending.push(...this.#follow(place, hostAt));
    }
  }

  /** The names of the host's functions, each read from the globals on. */
  followRegistered(): void {
    for (const name of this.#fresh.registered) {
      let found: Found = entryOf(this.#to, registryOf(this.#saved.graph), globalsKey);
      for (const part of name.split(".")) found = this.#to.index(found, `s${part}`);
      this.#check(name, found, hostText(name));
    }
  }

  /** The globals, what `require` looks into, and what is found behind any string. */
  #beginnings(): Place[] {
    const [from, to] = [registryOf(this.#fresh.graph), registryOf(this.#saved.graph)];
    const pending: Place[] = [];
    const begin = (expected: Found | undefined, saved: Found, path: string): void => {
      if (typeof expected !== "object" || expected.kind !== "reference") return;
      pending.push({ fresh: expected.id, saved, path });
    };
    begin(entryOf(this.#from, from, globalsKey), entryOf(this.#to, to, globalsKey), "_G");
    for (const [key, path] of [
      [loadedKey, "package.loaded"],
      [preloadKey, "package.preload"],
    ] as const) {
      const saved = entryOf(this.#to, to, key);
      begin(entryOf(this.#from, from, key), saved, path);
      // `require` asks them for any name, and puts there what it found.
      if (this.#to.indexOf(saved) !== undefined) this.#add(path, "has an __index");
      if (this.#to.newIndexOf(saved) !== undefined) this.#add(path, "has a __newindex");
    }
    begin(this.#from.indexOf("any string"), "any string", '("")');
    return pending;
  }

  /** Checks the functions of one place, and gives the places behind it. */
  #follow({ fresh, saved, path }: Place, hostAt: ReadonlyMap<string, string>): readonly Place[] {
    const behind: Place[] = [];
    for (const [key, expected] of this.#from.namesOf(fresh)) {
      const name = key.slice(1);
      const inner = path === "_G" ? name : `${path}.${name}`.slice(0, pathLengthMax);
      const found = this.#to.index(saved, key);
      const own = hostAt.get(`${fresh} ${key}`) ?? functionNameOf(this.#fresh, expected);
      if (own !== undefined) this.#check(inner, found, own);
      else if (expected.kind === "reference" && this.#from.hasNames(expected.id)) {
        behind.push({ fresh: expected.id, saved: found, path: inner });
      }
    }
    return behind;
  }

  #check(path: string, found: Found, expected: string): void {
    const name = nameOfFound(this.#saved, found);
    if (name !== undefined && name !== expected) this.#add(path, `leads to ${name}`);
  }

  #add(path: string, reason: string): void {
    this.wrong.push({ path, reason });
  }
}

function entryOf(indexer: Indexer, table: ObjectId, key: string): GraphValue {
  return indexer.entriesOf(table).get(key) ?? nil;
}

/** Where a registered function takes the place of a library's: its table, and its name there. */
function hostNames(fresh: FreshState, from: Indexer): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of fresh.registered) {
    const parts = name.split(".");
    const last = parts.pop() ?? "";
    let table = entryOf(from, registryOf(fresh.graph), globalsKey);
    for (const part of parts) {
      table = table.kind === "reference" ? entryOf(from, table.id, `s${part}`) : nil;
    }
    if (table.kind === "reference") names.set(`${table.id} s${last}`, hostText(name));
  }
  return names;
}

function hostText(name: string): string {
  return `the host's ${name}`;
}

/** undefined: no function. What an external table has may be one. */
function nameOfFound(saved: NamedState, found: Found): string | undefined {
  if (found === "unknown") return "what an external table has";
  if (found === "endless") return "what is behind too many __index";
  return functionNameOf(saved, found);
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
