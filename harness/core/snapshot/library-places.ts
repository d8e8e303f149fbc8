/** Which parts of a state are the libraries' own, where a fresh state of the same core has them. */
import { latin1Of } from "../table-key.ts";
import type {
  CClosureObject,
  GraphObject,
  GraphValue,
  ObjectId,
  SnapshotGraph,
  TableObject,
  UserdataContent,
} from "./graph.ts";
import type { Objects } from "./value-text.ts";

/** A state, and the names of the host functions that it calls by number. */
export interface NamedState {
  readonly graph: SnapshotGraph;
  readonly functionNames: ReadonlyMap<number, string>;
}

/** The C function by which Lua calls the host; its one upvalue is the function's number. */
const hostFunctionName = "host.function";
/** The type of long string buffers: Lua makes it when it needs the first. */
const bufferType = "_UBOX*";
/** What the metatables of userdata stand under in the registry, as keys of `entriesByKey`. */
const typeNames: ReadonlySet<string> = new Set(["sext.table", "sext.iterator", "sFILE*"]);
const bufferFinalizerName = "buffer.__gc";
/** No library has a longer key; hashing long ones would take its time. */
const keyBytesMax = 64;

/**
 * Walks a fresh state and a saved one side by side, from the registry on. A function, a coroutine
 * or a table of the libraries is in its place where both have the same one on the same path.
 */
export class LibraryPlaces {
  /** Slots of the saved state: by identity, since each was read on its own. */
  readonly #slots = new Set<GraphValue>();
  readonly #savedOf = new Map<ObjectId, ObjectId>();
  readonly #freshOf = new Map<ObjectId, ObjectId>();
  readonly #fresh: NamedState;
  readonly #saved: NamedState;

  constructor({ fresh, saved }: { readonly fresh: NamedState; readonly saved: NamedState }) {
    this.#fresh = fresh;
    this.#saved = saved;
    const [from, to] = [fresh.graph.roots, saved.graph.roots];
    if (from.scope !== "state" || to.scope !== "state") return;
    this.#pair(from.registry, to.registry);
    for (const [i, metatable] of from.metatables.entries()) {
      const found = to.metatables[i];
      if (metatable !== undefined && found !== undefined) this.#pair(metatable, found);
    }
    // A Map is walked in the order in which it is filled, also while it is.
    for (const [freshId, savedId] of this.#savedOf) this.#compare(freshId, savedId);
    this.#admitBufferType(to.registry);
  }

  /** Whether a slot holds what a fresh state has in its place. */
  holds(slot: GraphValue): boolean {
    return this.#slots.has(slot);
  }

  /** The object of a fresh state whose place this one has. */
  counterpartOf(id: ObjectId): GraphObject | undefined {
    const freshId = this.#freshOf.get(id);
    return freshId === undefined ? undefined : this.#fresh.graph.objects[freshId];
  }

  /** What the registry has in the place of a table of the fresh one, and types that lack a part. */
  misplacedInRegistry(): readonly GraphValue[] {
    const [from, to] = [registryOf(this.#fresh.graph), registryOf(this.#saved.graph)];
    if (from === undefined || to === undefined) return [];
    const misplaced: GraphValue[] = [];
    const entries = entriesByKey(this.#saved.graph.objects, to);
    for (const [key, value] of entriesByKey(this.#fresh.graph.objects, from)) {
      const object = value.kind === "reference" ? this.#fresh.graph.objects[value.id] : undefined;
      const found = entries.get(key);
      if (value.kind !== "reference" || object?.kind !== "table" || found === undefined) continue;
      const type = typeNames.has(key) ? value.id : object.metatable;
      const isSame = this.#isSame(value, found) && (type === undefined || this.#isWhole(type));
      if (!isSame) misplaced.push(found);
    }
    return misplaced;
  }

  /** Whether a table's counterpart has all that it has. */
  #isWhole(freshId: ObjectId): boolean {
    const savedId = this.#savedOf.get(freshId);
    const from = this.#fresh.graph.objects[freshId];
    const to = savedId === undefined ? undefined : this.#saved.graph.objects[savedId];
    if (from?.kind !== "table" || to?.kind !== "table") return false;
    const entries = entriesByKey(this.#saved.graph.objects, to);
    return [...entriesByKey(this.#fresh.graph.objects, from)].every(([key, value]) => {
      const found = entries.get(key);
      return found !== undefined && this.#isSameText(value, found);
    });
  }

  /** Each object has one counterpart at most; false where one of the two has another. */
  #pair(freshId: ObjectId, savedId: ObjectId): boolean {
    const [known, knownFresh] = [this.#savedOf.get(freshId), this.#freshOf.get(savedId)];
    if (known !== undefined || knownFresh !== undefined) return known === savedId;
    const from = this.#fresh.graph.objects[freshId];
    const to = this.#saved.graph.objects[savedId];
    if (from === undefined || to === undefined || !isOfOneKind(from, to)) return false;
    this.#savedOf.set(freshId, savedId);
    this.#freshOf.set(savedId, freshId);
    return true;
  }

  #compare(freshId: ObjectId, savedId: ObjectId): void {
    const from = this.#fresh.graph.objects[freshId];
    const to = this.#saved.graph.objects[savedId];
    if (from === undefined || to === undefined) return;
    if ("metatable" in from && "metatable" in to) {
      if (from.metatable !== undefined && to.metatable !== undefined) {
        this.#pair(from.metatable, to.metatable);
      }
    }
    if (from.kind !== "table" || to.kind !== "table") return;
    const entries = entriesByKey(this.#saved.graph.objects, to);
    for (const [key, value] of entriesByKey(this.#fresh.graph.objects, from)) {
      const found = entries.get(key);
      if (found !== undefined && this.#isSame(value, found)) this.#slots.add(found);
    }
  }

  #isSame(from: GraphValue, to: GraphValue): boolean {
    if (from.kind === "cFunction") return to.kind === "cFunction" && to.name === from.name;
    if (from.kind !== "reference" || to.kind !== "reference") return false;
    const [a, b] = [this.#fresh.graph.objects[from.id], this.#saved.graph.objects[to.id]];
    if (a?.kind === "cClosure") {
      return b?.kind === "cClosure" && this.#isSameClosure(a, b) && this.#pair(from.id, to.id);
    }
    return this.#pair(from.id, to.id);
  }

  /** What a C function takes for granted in its upvalues: the fresh state's counterparts. */
  #isSameClosure(from: CClosureObject, to: CClosureObject): boolean {
    if (from.name !== to.name || from.upvalues.length !== to.upvalues.length) return false;
    if (from.name === hostFunctionName) {
      return this.#nameOf(this.#fresh, from) === this.#nameOf(this.#saved, to);
    }
    return from.upvalues.every((upvalue, i) => {
      const found = to.upvalues[i];
      if (found === undefined || !this.#isSameText(upvalue, found)) return false;
      this.#slots.add(found);
      return true;
    });
  }

  /** Of strings their bytes count. */
  #isSameText(from: GraphValue, to: GraphValue): boolean {
    if (from.kind === "reference" && to.kind === "reference") {
      const text = shortStringAt(this.#fresh.graph.objects, from.id);
      if (text !== undefined) return text === shortStringAt(this.#saved.graph.objects, to.id);
    }
    return this.#isSame(from, to);
  }

  #nameOf({ functionNames }: NamedState, { upvalues }: CClosureObject): string | undefined {
    const [number] = upvalues;
    return number?.kind === "integer" ? functionNames.get(Number(number.value)) : undefined;
  }

  #admitBufferType(registryId: ObjectId): void {
    const { objects } = this.#saved.graph;
    const registry = objects[registryId];
    if (registry?.kind !== "table") return;
    const type = entriesByKey(objects, registry).get(`s${bufferType}`);
    const table = type?.kind === "reference" ? objects[type.id] : undefined;
    if (table?.kind !== "table") return;
    for (const value of entriesByKey(objects, table).values()) {
      if (value.kind === "cFunction" && value.name === bufferFinalizerName) this.#slots.add(value);
    }
  }
}

function registryOf({ objects, roots }: SnapshotGraph): TableObject | undefined {
  const registry = roots.scope === "state" ? objects[roots.registry] : undefined;
  return registry?.kind === "table" ? registry : undefined;
}

function isOfOneKind(from: GraphObject, to: GraphObject): boolean {
  if (from.kind !== "userdata" || to.kind !== "userdata") return from.kind === to.kind;
  return contentKey(from.content) === contentKey(to.content);
}

/** What must be the same: the rest of a userdata is data. */
function contentKey(content: UserdataContent): string {
  switch (content.kind) {
    case "externalTable":
      return `${content.kind} ${content.table}`;
    case "file":
      return `${content.kind} ${content.file}`;
    default:
      return content.kind;
  }
}

/** The entries under strings and integers, the keys as text: of others libraries have none. */
export function entriesByKey(
  objects: Objects,
  { array, hash }: TableObject,
): ReadonlyMap<string, GraphValue> {
  const entries = new Map<string, GraphValue>();
  for (const [i, value] of array.entries()) entries.set(`i${i + 1}`, value);
  for (const node of hash?.nodes ?? []) {
    if (node.kind !== "entry") continue;
    const { key, value } = node;
    if (key.kind === "integer") entries.set(`i${key.value}`, value);
    const text = key.kind === "reference" ? shortStringAt(objects, key.id) : undefined;
    if (text !== undefined) entries.set(`s${text}`, value);
  }
  return entries;
}

/** A short string, a character for each byte; undefined for a long one, and for no string. */
export function shortStringAt(objects: Objects, id: ObjectId): string | undefined {
  const object = objects[id];
  if (object?.kind !== "string" || object.bytes.length > keyBytesMax) return undefined;
  return latin1Of(object.bytes.toBytes());
}
