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
import { type Objects, stringAt } from "./value-text.ts";

/** How one gets from an object to what it holds. */
export type Step =
  | { readonly kind: "entry"; readonly key: GraphValue }
  /** An object that is a key itself. */
  | { readonly kind: "key" }
  | { readonly kind: "metatable" }
  /** `index` from 1, as debug.getupvalue counts. */
  | { readonly kind: "upvalue"; readonly index: number; readonly name: string | undefined }
  | {
      readonly kind: "slot";
      readonly index: number;
      readonly local: string | undefined;
      readonly isMainThread: boolean;
    }
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
    stringAt(objects, node.key.id) === name;
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
    case "mainThread": {
      const locals = localNames(objects, object);
      const isMainThread = object.kind === "mainThread";
      return object.stack.map((value, index) => ({
        step: { kind: "slot", index, local: locals.get(index), isMainThread },
        value,
      }));
    }
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

/** A name for each upvalue of a closure; undefined without debug information. */
export function upvalueNames(
  objects: Objects,
  prototypeId: ObjectId,
  count: number,
): readonly (string | undefined)[] {
  const prototype = objects[prototypeId];
  const descriptions = prototype?.kind === "prototype" ? prototype.upvalues : [];
  return Array.from({ length: count }, (_, i) => {
    const name = descriptions[i]?.name;
    return name === undefined ? undefined : stringAt(objects, name);
  });
}

/** The stack slots that are local variables now, by the debug information of the functions. */
function localNames(objects: Objects, coroutine: CoroutineObject): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { callee, functionSlot } of coroutine.calls) {
    const called = coroutine.stack[functionSlot];
    const closure = called?.kind === "reference" ? objects[called.id] : undefined;
    const prototype = closure?.kind === "luaClosure" ? objects[closure.prototype] : undefined;
    if (callee.kind !== "lua" || prototype?.kind !== "prototype") continue;
    for (const [register, id] of liveLocals(prototype, callee.pc - 1).entries()) {
      const name = id === undefined ? undefined : stringAt(objects, id);
      if (name !== undefined) names.set(functionSlot + 1 + register, name);
    }
  }
  return names;
}

/** The names of the variables that live at an instruction, in the order of their registers. */
function liveLocals(prototype: PrototypeObject, pc: number): readonly (ObjectId | undefined)[] {
  return prototype.locals
    .filter(({ startPc, endPc }) => startPc <= pc && pc < endPc)
    .map(({ name }) => name);
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
