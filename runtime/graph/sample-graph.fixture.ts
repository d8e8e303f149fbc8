/** Graphs for the tests: a small builder, and a state in which each kind of object occurs. */
import { LuaBytes } from "../scalar/scalars.ts";
import type {
  CoroutineObject,
  GraphObject,
  GraphReference,
  GraphRoots,
  GraphValue,
  HashNode,
  PrototypeObject,
  SnapshotGraph,
  TableObject,
} from "./graph.ts";

export const nil: GraphValue = { kind: "nil" };
export const integer = (value: number | bigint): GraphValue => ({
  kind: "integer",
  value: BigInt(value),
});

/** Objects by the order in which they are made; what refers onwards is made with `later`. */
export class GraphBuilder {
  readonly #objects: (GraphObject | undefined)[] = [];
  readonly #strings = new Map<string, GraphReference>();

  add(object: GraphObject): GraphReference {
    this.#objects.push(object);
    return { kind: "reference", id: this.#objects.length - 1 };
  }

  /** A place for an object that refers to what is made behind it, for `fill`. */
  later(): GraphReference {
    this.#objects.push(undefined);
    return { kind: "reference", id: this.#objects.length - 1 };
  }

  fill({ id }: GraphReference, object: GraphObject): void {
    this.#objects[id] = object;
  }

  string(text: string): GraphReference {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const made = this.add({ kind: "string", bytes: new LuaBytes(text) });
    this.#strings.set(text, made);
    return made;
  }

  table(
    entries: readonly (readonly [string | GraphValue, GraphValue])[],
    rest: Partial<TableObject> = {},
  ): GraphReference {
    return this.add(this.tableObject(entries, rest));
  }

  tableObject(
    entries: readonly (readonly [string | GraphValue, GraphValue])[],
    rest: Partial<TableObject> = {},
  ): TableObject {
    const nodes: HashNode[] = entries.map(([key, value]) => ({
      kind: "entry",
      key: typeof key === "string" ? this.string(key) : key,
      value,
    }));
    while (Math.log2(nodes.length) % 1 !== 0) nodes.push({ kind: "free" });
    return {
      kind: "table",
      salt: this.#objects.length % 2048,
      hasFinalizer: false,
      metatable: undefined,
      arrayLimit: rest.array?.length ?? 0,
      array: [],
      hash: { lastFree: nodes.length, nodes },
      ...rest,
    };
  }

  variable(value: GraphValue): GraphReference {
    return this.add({ kind: "upvalue", state: "closed", value });
  }

  prototype(rest: Partial<PrototypeObject> = {}): GraphReference {
    return this.add({
      kind: "prototype",
      source: this.string("@counter.lua").id,
      firstLine: 1,
      lastLine: 4,
      parameters: 0,
      isVararg: false,
      stackSlots: 2,
      instructions: [0x51, 0x52, 0x8000_0053],
      constants: [],
      upvalues: [],
      prototypes: [],
      lineDifferences: Uint8Array.of(1, 0, 0xff),
      absoluteLines: [],
      locals: [],
      ...rest,
    });
  }

  /** A closure of a new prototype whose upvalues have these names. */
  closure(
    upvalues: Readonly<Record<string, GraphReference>>,
    rest: Partial<PrototypeObject> = {},
  ): GraphReference {
    const descriptions = Object.keys(upvalues).map((name, index) => ({
      isInStack: true,
      index,
      variableKind: 0,
      name: this.string(name).id,
    }));
    const prototype = this.prototype({ upvalues: descriptions, ...rest }).id;
    const ids = Object.values(upvalues).map(({ id }) => id);
    return this.add({ kind: "luaClosure", salt: 9, prototype, upvalues: ids });
  }

  build(roots: GraphRoots, rest: Partial<SnapshotGraph> = {}): SnapshotGraph {
    const objects = this.#objects.map((object, id) => {
      if (object === undefined) throw new Error(`object ${id} was never filled`);
      return object;
    });
    return {
      hasDebugInformation: true,
      hasRefusals: false,
      hashSeed: 0xdead_beef,
      names: ["print", "string.find", "math.random", "pcall.continuation"],
      objects,
      roots,
      ...rest,
    };
  }

  readonly stateSettings = {
    collector: {
      mode: "generational",
      isStopped: false,
      pause: 50,
      stepMultiplier: 25,
      stepSize: 13,
      minorMultiplier: 20,
      majorMultiplier: 25,
    },
    warningsOn: true,
    latestSalt: 5,
  } as const;

  /** A state with these globals, and what every state has. */
  state(
    globals: readonly (readonly [string | GraphValue, GraphValue])[],
    rest: Partial<SnapshotGraph> & { readonly finalizable?: readonly GraphReference[] } = {},
  ): SnapshotGraph {
    return this.stateOf(this.table(globals), rest);
  }

  stateOf(
    globals: GraphReference,
    rest: Partial<SnapshotGraph> & { readonly finalizable?: readonly GraphReference[] } = {},
  ): SnapshotGraph {
    const { finalizable = [], ...graph } = rest;
    const main = this.add({ ...emptyCoroutine, kind: "mainThread", stack: [nil] });
    const loaded = this.table([["hidden", this.table([["secret", integer(1)]])]]);
    const registry = this.table([["_LOADED", loaded]], { array: [main, globals], arrayLimit: 2 });
    return this.build(
      {
        scope: "state",
        registry: registry.id,
        metatables: Array.from({ length: 9 }, () => undefined),
        finalizable: finalizable.map(({ id }) => id),
        ...this.stateSettings,
      },
      graph,
    );
  }
}

export const emptyCoroutine: CoroutineObject = {
  kind: "coroutine",
  salt: 3,
  status: 0,
  hookAllowed: true,
  hookMask: 0,
  hookCountBase: 0,
  hookCount: 0,
  errorHandlerSlot: 0,
  stackSizeSlots: 45,
  stack: [],
  toClose: [],
  calls: [],
};

/** A state in which each kind of object, of userdata, of slot and of node occurs. */
export function sampleState(): SnapshotGraph {
  const graph = new GraphBuilder();
  const globals = graph.later();
  const environment = graph.variable(globals);
  const n = graph.variable(integer(3));
  const counter = graph.closure({ n, _ENV: environment }, { constants: [integer(1)] });
  const reset = graph.closure({ n }, { firstLine: 5, isVararg: true, parameters: 1 });
  const coroutine = graph.later();
  const open = graph.add({
    kind: "upvalue",
    state: "open",
    coroutine: coroutine.id,
    stackSlot: 2,
  });
  const locals = [{ name: graph.string("x").id, startPc: 0, endPc: 9 }];
  const body = graph.closure({ open }, { locals, absoluteLines: [{ pc: 2, line: 9 }] });
  graph.fill(coroutine, suspendedCoroutine(body));
  const meta = graph.table([["__index", graph.table([])]]);
  const withFinalizer = graph.table([], { metatable: meta.id, hasFinalizer: true });
  const closable = graph.add(userdataOf({ kind: "file", file: "stdout", isClosed: true }, true));
  graph.fill(
    globals,
    graph.tableObject(
      [
        ["counter", counter],
        ["reset", reset],
        ["co", coroutine],
        ["reader", body],
        ["a b", withFinalizer],
        ["print", { kind: "cFunction", name: "print" }],
        ["closable", closable],
        ["bound", boundFunction(graph)],
        ["_G", globals],
        ["player", playerOf(graph)],
        ["rebuilt", graph.add({ kind: "rebuilt", salt: 2047, rebuilder: reset.id })],
        ["home", graph.add(userdataOf({ kind: "externalTable", table: 1 }))],
        ["walk", graph.add(userdataOf({ kind: "iterator", number: -1 }))],
        ["words", gmatchOf(graph)],
        [withFinalizer, graph.string("by object")],
      ],
      { metatable: meta.id },
    ),
  );
  return graph.stateOf(globals, { finalizable: [withFinalizer, closable] });
}

function suspendedCoroutine(body: GraphReference): CoroutineObject {
  return {
    ...emptyCoroutine,
    status: 1,
    stack: [nil, body, { kind: "integer", value: 41n }, { kind: "cFunction", name: "print" }],
    toClose: [2],
    errorHandlerSlot: 1,
    calls: [
      {
        functionSlot: 1,
        topSlot: 6,
        resultsWanted: -1,
        callStatus: 4,
        callee: { kind: "lua", pc: 2, extraArguments: 0 },
        detail: 0,
      },
      {
        functionSlot: 3,
        topSlot: 23,
        resultsWanted: 1,
        callStatus: 2,
        callee: {
          kind: "c",
          continuation: "pcall.continuation",
          context: 2,
          oldErrorHandlerSlot: 1,
        },
        detail: 7,
      },
    ],
  };
}

export function userdataOf(
  content: Extract<GraphObject, { kind: "userdata" }>["content"],
  hasFinalizer = false,
): GraphObject {
  return { kind: "userdata", salt: 5, hasFinalizer, metatable: undefined, content };
}

function boundFunction(graph: GraphBuilder): GraphReference {
  const words = [1n, 2n ** 64n - 1n, 0n, 7n] as const;
  const random = graph.add(userdataOf({ kind: "random", words }));
  return graph.add({ kind: "cClosure", salt: 1, name: "math.random", upvalues: [random] });
}

function gmatchOf(graph: GraphBuilder): GraphReference {
  const subject = graph.string("one two").id;
  const pattern = graph.string("%a+").id;
  return graph.add(userdataOf({ kind: "gmatch", subject, pattern, position: 3, lastMatch: 3 }));
}

function playerOf(graph: GraphBuilder): GraphReference {
  const sword = graph.table([
    ["name", graph.string("sword")],
    [
      { kind: "float", value: 0.5 },
      { kind: "float", value: Number.NaN },
    ],
    [
      { kind: "boolean", value: true },
      { kind: "float", value: Number.NaN, nanBits: 0xfff8n << 48n },
    ],
    [{ kind: "cFunction", name: "string.find" }, nil],
  ]);
  const inventory = graph.table([], {
    array: [nil, integer(-(2n ** 63n)), sword, nil],
    arrayLimit: 3,
    hash: {
      lastFree: 1,
      nodes: [
        { kind: "dead", key: sword.id },
        { kind: "dead", key: undefined },
      ],
    },
  });
  const list = graph.table([], { array: [], hash: undefined });
  return graph.table([
    ["inventory", inventory],
    ["list", list],
  ]);
}

/** LuaBytes keep their bytes to themselves, so that toEqual would see none. */
export function plainGraph(graph: SnapshotGraph): unknown {
  const objects = graph.objects.map((object) =>
    object.kind === "string"
      ? { ...object, bytes: [...object.bytes.toBytes()] }
      : object.kind === "namedTable"
        ? { ...object, name: [...object.name.toBytes()] }
        : object,
  );
  return { ...graph, objects };
}
