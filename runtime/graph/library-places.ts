/** Which parts of a state are the libraries' own, where a fresh state of the same core has them. */
import { edgesOf, type Step } from "./edges.ts";
import type {
  CClosureObject,
  GraphObject,
  GraphValue,
  ObjectId,
  TableObject,
  UserdataContent,
} from "./graph.ts";
import { type FreshState, hostFunctionPlaces, type NamedState } from "./host-function-places.ts";
import { isFunction } from "./indexer.ts";
import {
  entriesByKey,
  filledEntries,
  globalsKey,
  loadedKey,
  preloadKey,
  shortStringAt,
} from "./text-keys.ts";

/** A key of the registry, as `entriesByKey` has it. */
const handlesKey = "sext.handles";
/** Tables of the registry that scripts have as well, as `package.loaded` and `package.preload`. */
const sharedTables: ReadonlySet<string> = new Set([loadedKey, preloadKey]);
/** Of all tables in `package.loaded`; the libraries have some 200. */
const moduleEntriesMax = 20_000;
/** Of `package.loaded` itself, which is searched for the name of each class that is stored. */
const moduleSlotsMax = 1_024;
/** The files that io reads and writes by default. */
const defaultFiles: ReadonlySet<string> = new Set(["s_IO_input", "s_IO_output"]);
/** What Lua adds when it is first needed. */
const hooksKey = "s_HOOKKEY";
/** The type of long string buffers: once it was made when it was first needed. */
const bufferTypeKey = "s_UBOX*";

/** A part of a table that is not as the core made it: the saved table, and where in it. */
export interface Alteration {
  readonly id: ObjectId;
  readonly step: Step | undefined;
  readonly what: string;
}

/**
 * Walks a fresh state and a saved one side by side, from the registry on. What the libraries have
 * is in its place where both have the same on the same path.
 */
export class LibraryPlaces {
  /** Slots of the saved state: by identity, since each was read on its own. */
  readonly #slots = new Set<GraphValue>();
  /** Objects that some path leads to in both states; a fresh table with all in its places. */
  readonly #pairs: (readonly [ObjectId, ObjectId])[] = [];
  /** Of each saved object of them the fresh one: it has one place, whatever else leads to it. */
  readonly #placeOf = new Map<ObjectId, ObjectId>();
  readonly #savedOf = new Map<ObjectId, ObjectId>();
  readonly #freshOf = new Map<ObjectId, ObjectId>();
  readonly #fresh: FreshState;
  readonly #saved: NamedState;
  /**
   * The tables that C takes for granted, and that no script is given, with their counterparts in
   * the fresh state: the registry, its tables, their metatables. Saved ids lead to fresh ones.
   */
  readonly #internals = new Map<ObjectId, ObjectId>();
  /** More of them, which a fresh state does not have. */
  readonly #addedLater = new Set<ObjectId>();
  readonly #hostFunctions = new Set<ObjectId>();
  #registry: ObjectId | undefined;
  #handles: ObjectId | undefined;
  #handlesById: ReadonlyMap<string, GraphValue> | undefined;
  /** What `package.loaded` is, in the fresh state and in the saved one. */
  #loaded: readonly [ObjectId, ObjectId] | undefined;

  constructor({ fresh, saved }: { readonly fresh: FreshState; readonly saved: NamedState }) {
    this.#fresh = fresh;
    this.#saved = saved;
    const [from, to] = [fresh.graph.roots, saved.graph.roots];
    if (from.scope !== "state" || to.scope !== "state") return;
    this.#pair(from.registry, to.registry);
    // Where a script has put a table of its own in a library's place, the module is the library.
    this.#compareModules(from.registry, to.registry);
    for (const [i, metatable] of from.metatables.entries()) {
      const found = to.metatables[i];
      if (metatable !== undefined && found !== undefined) this.#pair(metatable, found);
    }
    // It grows while it is walked.
    for (const [freshId, savedId] of this.#pairs) this.#compare(freshId, savedId);
    this.#findInternals(from.registry, to.registry);
    this.#findHostFunctions(to.registry);
  }

  /** Whether a slot holds what a fresh state has in its place. */
  holds(slot: GraphValue): boolean {
    return this.#slots.has(slot);
  }

  /** Whether it is a host function that stands under the name by which it is registered. */
  isHostFunction(id: ObjectId): boolean {
    return this.#hostFunctions.has(id);
  }

  /** The object of a fresh state whose place this one has. */
  counterpartOf(id: ObjectId): GraphObject | undefined {
    const freshId = this.#freshOf.get(id);
    return freshId === undefined ? undefined : this.#fresh.graph.objects[freshId];
  }

  /** Whether a userdata is the one handle of its external table. */
  isHandleOf(id: ObjectId, table: number): boolean {
    const handles =
      this.#handles === undefined ? undefined : this.#saved.graph.objects[this.#handles];
    if (handles?.kind !== "table") return false;
    this.#handlesById ??= entriesByKey(this.#saved.graph.objects, handles);
    const handle = this.#handlesById.get(`i${table}`);
    return handle?.kind === "reference" && handle.id === id;
  }

  /** Whether it is one of the tables that C takes for granted, which nothing else may refer to. */
  isInternal(id: ObjectId): boolean {
    return this.#internals.has(id) || this.#addedLater.has(id);
  }

  /** How the tables that C takes for granted differ from what a fresh state has, each once. */
  alterations(): readonly Alteration[] {
    const found: Alteration[] = [];
    for (const [savedId, freshId] of this.#internals) {
      const from = this.#fresh.graph.objects[freshId];
      const to = this.#saved.graph.objects[savedId];
      if (from?.kind !== "table" || to?.kind !== "table") continue;
      const altered = (step: Alteration["step"], what: string): void => {
        found.push({ id: savedId, step, what });
      };
      if (
        from.metatable === undefined ? to.metatable !== undefined : !this.#areSameTypes(from, to)
      ) {
        altered({ kind: "metatable" }, "another metatable");
      }
      const fresh = entriesByKey(this.#fresh.graph.objects, from);
      const rest = new Map(fresh);
      for (const { key, value, step } of filledEntries(this.#saved.graph.objects, to)) {
        if (key !== undefined) rest.delete(key);
        if (!this.#isAsMade(savedId, fresh, { key, value })) altered(step, "another entry");
      }
      // Handles are held weakly.
      if (savedId === this.#handles) continue;
      for (const [key, value] of rest) {
        if (value.kind !== "nil" && key !== bufferTypeKey)
          altered(undefined, `no entry ${key.slice(1)}`);
      }
    }
    return found;
  }

  /**
   * Modules that no fresh state has, which `require` would give for those of the host, and by whose
   * names what is stored later would name its classes; a library's table under a name that is not
   * its own; and so many entries that each error message, which looks for a function's name in
   * them, would take for ever.
   */
  alterationsOfModules(): readonly Alteration[] {
    const { objects } = this.#saved.graph;
    const [freshId, id] = this.#loaded ?? [];
    const from = freshId === undefined ? undefined : this.#fresh.graph.objects[freshId];
    const to = id === undefined ? undefined : objects[id];
    if (id === undefined || from?.kind !== "table" || to?.kind !== "table") return [];
    const found: Alteration[] = [];
    const fresh = entriesByKey(this.#fresh.graph.objects, from);
    let lookedAt = 0;
    if (slotsOf(to) > moduleSlotsMax) {
      found.push({ id, step: undefined, what: `room for ${slotsOf(to)} modules` });
    }
    for (const { key, value, step } of filledEntries(objects, to)) {
      const own = key === undefined ? undefined : fresh.get(key);
      if (own === undefined) {
        found.push({ id, step, what: "a module that no fresh core has" });
        continue;
      }
      const object = value.kind === "reference" ? objects[value.id] : undefined;
      if (value.kind !== "reference" || object?.kind !== "table") continue;
      lookedAt += slotsOf(object);
      const library = this.#freshOf.get(value.id);
      if (library === undefined || (own.kind === "reference" && own.id === library)) continue;
      found.push({ id, step, what: "a library under a name that is not its own" });
    }
    if (lookedAt > moduleEntriesMax) {
      found.push({ id, step: undefined, what: `modules with ${lookedAt} entries` });
    }
    return found;
  }

  /** Whether a table that the libraries have, or one with functions, would lose its entries. */
  isMadeWeak(id: ObjectId, object: GraphObject): boolean {
    const { objects } = this.#saved.graph;
    if (object.kind !== "table" || object.metatable === undefined) return false;
    const metatable = objects[object.metatable];
    const entries = metatable?.kind === "table" ? entriesByKey(objects, metatable) : undefined;
    const mode = entries?.get("s__mode");
    if (mode === undefined) return false;
    const from = this.counterpartOf(id);
    if (from?.kind === "table") return !this.#areSameTypes(from, object);
    const text = mode.kind === "reference" ? shortStringAt(objects, mode.id) : undefined;
    if (text?.includes("v") !== true) return false;
    return edgesOf(objects, object).some(({ value }) => isFunction(objects, value));
  }

  #areSameTypes(from: TableObject, to: TableObject): boolean {
    const { metatable } = from;
    return metatable !== undefined && this.#savedOf.get(metatable) === to.metatable;
  }

  /** Whether an entry of an internal table is the fresh one's, or what the core adds later. */
  #isAsMade(
    tableId: ObjectId,
    fresh: ReadonlyMap<string, GraphValue>,
    { key, value }: { readonly key: string | undefined; readonly value: GraphValue },
  ): boolean {
    if (key === undefined) return false;
    const { objects } = this.#saved.graph;
    const object = value.kind === "reference" ? objects[value.id] : undefined;
    if (tableId === this.#handles) {
      const isHandle = object?.kind === "userdata" && object.content.kind === "externalTable";
      return isHandle && key === `i${object.content.table}`;
    }
    const made = fresh.get(key);
    if (made !== undefined) {
      // The files that io reads and writes by default.
      const isFile = object?.kind === "userdata" && object.content.kind === "file";
      return this.#isSameText(made, value) || (isFile && defaultFiles.has(key));
    }
    if (value.kind !== "reference" || object?.kind !== "table") return false;
    if (tableId !== this.#registry) return false;
    return key === hooksKey && this.#isHookTable(value.id, object);
  }

  /** Each object has one counterpart at most; false where one of the two has another. */
  #pair(freshId: ObjectId, savedId: ObjectId): boolean {
    const from = this.#fresh.graph.objects[freshId];
    const to = this.#saved.graph.objects[savedId];
    if (from === undefined || to === undefined || !isOfOneKind(from, to)) return false;
    const [known, knownFresh] = [this.#savedOf.get(freshId), this.#freshOf.get(savedId)];
    const isKnown = known !== undefined || knownFresh !== undefined;
    if ((!isKnown || from.kind === "table") && !this.#placeOf.has(savedId)) {
      this.#placeOf.set(savedId, freshId);
      this.#pairs.push([freshId, savedId]);
    }
    if (isKnown) return known === savedId;
    this.#savedOf.set(freshId, savedId);
    this.#freshOf.set(savedId, freshId);
    return true;
  }

  #compareModules(freshId: ObjectId, savedId: ObjectId): void {
    this.#compare(freshId, savedId);
    const registry = this.#fresh.graph.objects[freshId];
    if (registry?.kind !== "table") return;
    const loaded = entriesByKey(this.#fresh.graph.objects, registry).get(loadedKey);
    const saved = loaded?.kind === "reference" ? this.#savedOf.get(loaded.id) : undefined;
    if (loaded?.kind !== "reference" || saved === undefined) return;
    this.#loaded = [loaded.id, saved];
    this.#compare(loaded.id, saved);
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
    return from.upvalues.every((upvalue, i) => {
      const found = to.upvalues[i];
      if (found === undefined || !this.#isSameText(upvalue, found)) return false;
      this.#slots.add(found);
      return true;
    });
  }

  /** Of strings their bytes count. */
  #isSameText(from: GraphValue, to: GraphValue): boolean {
    if (from.kind === "boolean" || from.kind === "integer") {
      return to.kind === from.kind && to.value === from.value;
    }
    if (from.kind === "reference" && to.kind === "reference") {
      const text = shortStringAt(this.#fresh.graph.objects, from.id);
      if (text !== undefined) return text === shortStringAt(this.#saved.graph.objects, to.id);
    }
    return this.#isSame(from, to);
  }

  #findHostFunctions(registryId: ObjectId): void {
    const { objects } = this.#saved.graph;
    const registry = objects[registryId];
    if (registry?.kind !== "table") return;
    const globals = entriesByKey(objects, registry).get(globalsKey);
    if (globals === undefined) return;
    const { registered } = this.#fresh;
    for (const [slot, id] of hostFunctionPlaces(this.#saved, { registered, globals })) {
      this.#hostFunctions.add(id);
      this.#slots.add(slot);
    }
  }

  /** Lua's own, without hooks: they are functions. */
  #isHookTable(id: ObjectId, table: TableObject): boolean {
    const { objects } = this.#saved.graph;
    const [mode, ...others] = filledEntries(objects, table);
    const text = mode?.value.kind === "reference" && shortStringAt(objects, mode.value.id);
    return table.metatable === id && others.length === 0 && mode?.key === "s__mode" && text === "k";
  }

  /** The registry, its tables that no script is given, and their metatables. */
  #findInternals(registryId: ObjectId, savedId: ObjectId): void {
    this.#registry = savedId;
    const found = [registryId];
    const registry = this.#fresh.graph.objects[registryId];
    if (registry?.kind !== "table") return;
    for (const [key, value] of entriesByKey(this.#fresh.graph.objects, registry)) {
      const object = value.kind === "reference" ? this.#fresh.graph.objects[value.id] : undefined;
      if (value.kind !== "reference" || object?.kind !== "table") continue;
      const counterpart = this.#savedOf.get(value.id);
      if (key.startsWith("i") || sharedTables.has(key)) continue;
      found.push(value.id, ...(object.metatable === undefined ? [] : [object.metatable]));
      if (key === handlesKey) this.#handles = counterpart;
    }
    for (const freshId of found) {
      const counterpart = this.#savedOf.get(freshId);
      if (counterpart !== undefined) this.#internals.set(counterpart, freshId);
    }
    this.#addLater(savedId);
  }

  /** What the core adds to the registry when it is first needed. */
  #addLater(registryId: ObjectId): void {
    const { objects } = this.#saved.graph;
    const registry = objects[registryId];
    if (registry?.kind !== "table") return;
    const entries = entriesByKey(objects, registry);
    const value = entries.get(hooksKey);
    const table = value?.kind === "reference" ? objects[value.id] : undefined;
    if (value?.kind === "reference" && table?.kind === "table") this.#addedLater.add(value.id);
  }
}

function slotsOf({ array, hash }: TableObject): number {
  return array.length + (hash?.nodes.length ?? 0);
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
