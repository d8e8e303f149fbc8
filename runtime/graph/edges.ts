/** The ways that lead from an object of a graph to others, and from outside into the graph. */
import {
  basicTypes,
  type CoroutineObject,
  type GraphObject,
  type GraphValue,
  type HashNode,
  type ObjectId,
  type PrototypeObject,
  type SnapshotGraph,
  type TableObject,
} from "./graph.ts";
import { type Objects, shortTextAt } from "./value-text.ts";

/** How one gets from an object to what it holds. */
export type Step =
  | { readonly kind: "entry"; readonly key: GraphValue }
  /** An object that is a key itself. */
  | { readonly kind: "key" }
  | { readonly kind: "metatable" }
  /** `index` from 1, as debug.getupvalue counts; `name`: a string's id. */
  | { readonly kind: "upvalue"; readonly index: number; readonly name: ObjectId | undefined }
  | { readonly kind: "slot"; readonly index: number; readonly coroutine: CoroutineObject }
  /** What a person takes for the same: the variable and its value, the function and its code. */
  | { readonly kind: "same" }
  /** Any other part, by its name. */
  | { readonly kind: "part"; readonly name: string };

export interface Edge {
  readonly step: Step;
  /** Of an upvalue or a prototype too, which are no values of Lua's. */
  readonly value: GraphValue;
}

export interface RootEdge {
  readonly name: string;
  readonly value: GraphValue;
}

const nil: GraphValue = { kind: "nil" };
/** Where Lua keeps the main thread, the globals, and the loaded modules in its registry. */
const registryIndices = { mainThread: 0, globals: 1 } as const;
const loadedModules = "_LOADED";

/** The ways in, those first whose names read best. */
export function rootEdges({ objects, roots }: SnapshotGraph): readonly RootEdge[] {
  if (roots.scope === "value") return [{ name: "value", value: roots.value }];
  const registry = objects[roots.registry];
  const table = registry?.kind === "table" ? registry : undefined;
  return [
    { name: "_G", value: table?.array[registryIndices.globals] ?? nil },
    { name: "package.loaded", value: (table && fieldOf(objects, table, loadedModules)) ?? nil },
    { name: "(main thread)", value: table?.array[registryIndices.mainThread] ?? nil },
    { name: "registry", value: reference(roots.registry) },
    ...roots.metatables.map((id, i) => ({
      name: `(metatable of type ${basicTypes[i] ?? i})`,
      value: id === undefined ? nil : reference(id),
    })),
  ];
}

function fieldOf(objects: Objects, table: TableObject, name: string): GraphValue | undefined {
  const isField = (node: HashNode): boolean =>
    node.kind === "entry" &&
    node.key.kind === "reference" &&
    shortTextAt(objects, node.key.id) === name;
  const node = table.hash?.nodes.find(isField);
  return node?.kind === "entry" ? node.value : undefined;
}

export function edgesOf(objects: Objects, object: GraphObject): readonly Edge[] {
  switch (object.kind) {
    case "string":
    case "refused":
    case "namedTable":
    case "tableHandle":
      return [];
    case "table":
      return tableEdges(object);
    case "upvalue":
      return upvalueEdges(objects, object);
    case "luaClosure":
      return [
        ...upvalueNames(objects, object.prototype, object.upvalues.length).map((name, i) => ({
          step: { kind: "upvalue", index: i + 1, name } as const,
          value: reference(object.upvalues[i] ?? -1),
        })),
        { step: { kind: "same" }, value: reference(object.prototype) },
      ];
    case "cClosure":
      return object.upvalues.map((value, i) => ({
        step: { kind: "upvalue", index: i + 1, name: undefined },
        value,
      }));
    case "coroutine":
    case "mainThread":
      return object.stack.map((value, index) => ({
        step: { kind: "slot", index, coroutine: object },
        value,
      }));
    case "userdata":
      return [
        ...metatableEdges(object.metatable),
        ...(object.content.kind === "gmatch"
          ? [part("subject", object.content.subject), part("pattern", object.content.pattern)]
          : []),
      ];
    case "rebuilt":
      return [part("rebuilder", object.rebuilder)];
    case "prototype":
      return prototypeEdges(object);
  }
}

/** Whether there is an edge, without making them all. */
export function hasEdges(objects: Objects, object: GraphObject): boolean {
  if (object.kind !== "table") return edgesOf(objects, object).length > 0;
  if (object.metatable !== undefined) return true;
  if (object.array.some(({ kind }) => kind !== "nil")) return true;
  const nodes = object.hash?.nodes ?? [];
  return nodes.some((node) => node.kind === "entry" && node.value.kind !== "nil");
}

function tableEdges(table: TableObject): readonly Edge[] {
  const edges: Edge[] = [];
  for (const [i, value] of table.array.entries()) {
    if (value.kind === "nil") continue;
    edges.push({ step: { kind: "entry", key: { kind: "integer", value: BigInt(i + 1) } }, value });
  }
  for (const node of table.hash?.nodes ?? []) {
    if (node.kind !== "entry" || node.value.kind === "nil") continue;
    edges.push({ step: { kind: "entry", key: node.key }, value: node.value });
    const isObject = node.key.kind === "reference" || node.key.kind === "refused";
    if (isObject) edges.push({ step: { kind: "key" }, value: node.key });
  }
  return [...edges, ...metatableEdges(table.metatable)];
}

function metatableEdges(id: ObjectId | undefined): readonly Edge[] {
  return id === undefined ? [] : [{ step: { kind: "metatable" }, value: reference(id) }];
}

function upvalueEdges(
  objects: Objects,
  upvalue: Extract<GraphObject, { kind: "upvalue" }>,
): readonly Edge[] {
  const value = upvalueValue(objects, upvalue);
  const edges: Edge[] = [{ step: { kind: "same" }, value }];
  if (upvalue.state === "open") edges.push(part("coroutine", upvalue.coroutine));
  return edges;
}

/** What a variable holds, wherever it lies. */
export function upvalueValue(
  objects: Objects,
  upvalue: Extract<GraphObject, { kind: "upvalue" }>,
): GraphValue {
  if (upvalue.state === "closed") return upvalue.value;
  const coroutine = objects[upvalue.coroutine];
  const stack = coroutine !== undefined && "stack" in coroutine ? coroutine.stack : [];
  return stack[upvalue.stackSlot] ?? nil;
}

/** The id of a name for each upvalue of a closure; undefined without debug information. */
export function upvalueNames(
  objects: Objects,
  prototypeId: ObjectId,
  count: number,
): readonly (ObjectId | undefined)[] {
  const prototype = objects[prototypeId];
  const descriptions = prototype?.kind === "prototype" ? prototype.upvalues : [];
  return Array.from({ length: count }, (_, i) => descriptions[i]?.name);
}

/**
 * The name of the local variable that a stack slot is now, by the debug information of the
 * function whose call it belongs to.
 */
export function localNameAt(
  objects: Objects,
  { calls, stack }: CoroutineObject,
  index: number,
): string | undefined {
  const call = calls.findLast(({ functionSlot }) => functionSlot < index);
  if (call === undefined || call.callee.kind !== "lua") return undefined;
  const { callee, functionSlot } = call;
  const called = stack[functionSlot];
  const closure = called?.kind === "reference" ? objects[called.id] : undefined;
  const prototype = closure?.kind === "luaClosure" ? objects[closure.prototype] : undefined;
  if (prototype?.kind !== "prototype") return undefined;
  const name = liveLocals(prototype, callee.pc - 1)[index - functionSlot - 1];
  return name === undefined ? undefined : shortTextAt(objects, name);
}

interface LiveLocals {
  readonly pc: number;
  readonly names: readonly (ObjectId | undefined)[];
}

/** The last that was asked for: neighbours in a stack ask for the same. */
const lastLiveLocals = new WeakMap<PrototypeObject, LiveLocals>();

/** The names of the variables that live at an instruction, in the order of their registers. */
function liveLocals(prototype: PrototypeObject, pc: number): LiveLocals["names"] {
  const last = lastLiveLocals.get(prototype);
  if (last?.pc === pc) return last.names;
  const names = prototype.locals
    .filter(({ startPc, endPc }) => startPc <= pc && pc < endPc)
    .map(({ name }) => name);
  lastLiveLocals.set(prototype, { pc, names });
  return names;
}

function prototypeEdges(prototype: PrototypeObject): readonly Edge[] {
  const edges: Edge[] = prototype.prototypes.map((id, i) => part(`function ${i + 1}`, id));
  if (prototype.source !== undefined) edges.push(part("source", prototype.source));
  for (const [i, value] of prototype.constants.entries()) {
    edges.push({ step: { kind: "part", name: `constant ${i + 1}` }, value });
  }
  for (const [i, { name }] of prototype.upvalues.entries()) {
    if (name !== undefined) edges.push(part(`name of upvalue ${i + 1}`, name));
  }
  for (const [i, { name }] of prototype.locals.entries()) {
    if (name !== undefined) edges.push(part(`name of local ${i + 1}`, name));
  }
  return edges;
}

function part(name: string, id: ObjectId): Edge {
  return { step: { kind: "part", name }, value: reference(id) };
}

function reference(id: ObjectId): GraphValue {
  return { kind: "reference", id };
}
