/** Laws of random graphs, valid by their ids and counts, otherwise of no sense. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { LuaBytes } from "../scalar/scalars.ts";
import { isIntegral64 } from "../scalar/table-key.ts";
import { decodeBody } from "./decode-body.ts";
import { diffGraphs } from "./diff.ts";
import { encodeBody } from "./encode-body.ts";
import type { GraphObject, GraphValue, HashNode, SnapshotGraph, TableObject } from "./graph.ts";
import { emptyCoroutine, GraphBuilder, plainGraph } from "./sample-graph.fixture.ts";
import { showGraph } from "./show.ts";

const names = ["print", "string.find", "pcall.continuation"] as const;
const u32 = fc.nat({ max: 0xffff_ffff });
/** What Lua keeps as an int. */
const line = fc.nat({ max: 0x7fff_ffff });
const u8 = fc.nat({ max: 255 });
const salt = fc.nat({ max: 2047 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const scalar: fc.Arbitrary<GraphValue> = fc.oneof(
  fc.constant<GraphValue>({ kind: "nil" }),
  fc.boolean().map((value): GraphValue => ({ kind: "boolean", value })),
  int64.map((value): GraphValue => ({ kind: "integer", value })),
  fc.double().map((value): GraphValue => ({ kind: "float", value })),
  fc.constantFrom(...names).map((name): GraphValue => ({ kind: "cFunction", name })),
);

const sharedKinds = ["string", "table", "upvalue", "cClosure", "luaClosure", "prototype"];
const kinds = {
  state: [...sharedKinds, "coroutine"],
  value: [...sharedKinds, "namedTable", "tableHandle"],
};
type Kind = GraphObject["kind"] | (typeof kinds)["state" | "value"][number];

/** Objects 0 and 1 are always a prototype without upvalues and a string, so that all can refer. */
function graphOf(scope: "state" | "value"): fc.Arbitrary<SnapshotGraph> {
  return fc.array(fc.constantFrom(...kinds[scope]), { maxLength: 12 }).chain((rest) => {
    const all: readonly Kind[] = ["prototype", "string", ...rest];
    const slot = slotAmong(all);
    const graph = fc.record({
      hasDebugInformation: fc.boolean(),
      hasRefusals: fc.constant(false),
      hashSeed: u32,
      names: fc.constant(names),
      objects: fc.tuple(...all.map((kind) => objectOf(kind, all, slot))),
      roots: slot.map((value) => ({ scope: "value", value }) as const),
    });
    return graph.map(scope === "state" ? asState : withoutFinalizers);
  });
}

const anyGraph = fc.oneof(graphOf("state"), graphOf("value"));

function withoutFinalizers(graph: SnapshotGraph): SnapshotGraph {
  const objects = graph.objects.map((object) =>
    object.kind === "table" ? { ...object, hasFinalizer: false } : object,
  );
  return { ...graph, objects };
}

/** With a registry, which holds what was the value, and a main thread. */
function asState({ objects, roots, ...rest }: SnapshotGraph): SnapshotGraph {
  const value: GraphValue = roots.scope === "value" ? roots.value : { kind: "nil" };
  const isFinalizable = (id: number): boolean => {
    const object = objects[id];
    return object?.kind === "table" && object.hasFinalizer;
  };
  const { collector, warningsOn, latestSalt } = new GraphBuilder().stateSettings;
  const registry: GraphObject = {
    kind: "table",
    salt: 1,
    hasFinalizer: false,
    metatable: undefined,
    arrayLimit: 2,
    array: [{ kind: "reference", id: objects.length }, value],
    hash: undefined,
  };
  return {
    ...rest,
    objects: [...objects, { ...emptyCoroutine, kind: "mainThread" }, registry],
    roots: {
      scope: "state",
      registry: objects.length + 1,
      metatables: Array.from({ length: 9 }, () => undefined),
      finalizable: [...objects.keys()].filter(isFinalizable),
      collector,
      warningsOn,
      latestSalt,
    },
  };
}

function slotAmong(all: readonly Kind[]): fc.Arbitrary<GraphValue> {
  const ids = idsOf(all, [
    "string",
    "table",
    "cClosure",
    "coroutine",
    "luaClosure",
    "namedTable",
    "tableHandle",
  ]);
  const reference = fc.constantFrom(...ids).map((id): GraphValue => ({ kind: "reference", id }));
  return fc.oneof(scalar, reference);
}

function idsOf(all: readonly Kind[], wanted: readonly Kind[]): readonly number[] {
  return [...all.keys()].filter((id) => wanted.includes(all[id] ?? ""));
}

function objectOf(
  kind: Kind,
  all: readonly Kind[],
  slot: fc.Arbitrary<GraphValue>,
): fc.Arbitrary<GraphObject> {
  const optionalString = fc.option(fc.constantFrom(...idsOf(all, ["string"])), { nil: undefined });
  switch (kind) {
    case "table":
      return tableAmong(all, slot);
    case "upvalue":
      return slot.map((value) => ({ kind, state: "closed", value }));
    case "cClosure":
      return fc.record({
        kind: fc.constant(kind),
        salt,
        name: fc.constantFrom(...names),
        upvalues: fc.array(slot, { minLength: 1, maxLength: 4 }),
      });
    case "coroutine":
      return fc.record({
        ...constants(emptyCoroutine),
        kind: fc.constant(kind),
        status: fc.nat({ max: 5 }),
        stackSizeSlots: fc.nat({ max: 1000 }).map((more) => more + 8),
        stack: fc.array(slot, { maxLength: 8 }),
      });
    case "luaClosure":
      return salt.map((value) => ({ kind, salt: value, prototype: 0, upvalues: [] }));
    case "prototype":
      return fc
        .record({
          source: optionalString,
          firstLine: line,
          lastLine: line,
          parameters: u8,
          isVararg: fc.boolean(),
          stackSlots: u8,
          instructions: fc.array(u32, { maxLength: 5 }),
          constants: fc.array(
            scalar.filter((value) => value.kind !== "cFunction"),
            { maxLength: 4 },
          ),
          prototypes: fc.array(fc.constantFrom(...idsOf(all, ["prototype"])), { maxLength: 3 }),
          absoluteLines: fc.array(fc.record({ pc: line, line }), { maxLength: 3 }),
          locals: fc.array(fc.record({ name: optionalString, startPc: line, endPc: line }), {
            maxLength: 3,
          }),
        })
        .map((code) => ({
          kind,
          upvalues: [],
          lineDifferences: Uint8Array.from(code.instructions),
          ...code,
        }));
    case "namedTable":
      return fc.uint8Array().map((bytes) => ({ kind: "namedTable", name: new LuaBytes(bytes) }));
    case "tableHandle":
      return u32.map((table) => ({ kind: "tableHandle", table }));
    default:
      return fc.uint8Array().map((bytes) => ({ kind: "string", bytes: new LuaBytes(bytes) }));
  }
}

function tableAmong(
  all: readonly Kind[],
  slot: fc.Arbitrary<GraphValue>,
): fc.Arbitrary<TableObject> {
  const node: fc.Arbitrary<HashNode> = fc.oneof(
    fc.constant<HashNode>({ kind: "free" }),
    fc.constant<HashNode>({ kind: "dead", key: 1 }),
    fc.record({ kind: fc.constant("entry" as const), key: slot.filter(isKey), value: slot }),
  );
  const hash = fc.nat({ max: 3 }).chain((log2) =>
    fc.record({
      lastFree: fc.nat({ max: 2 ** log2 }),
      nodes: fc.array(node, { minLength: 2 ** log2, maxLength: 2 ** log2 }),
    }),
  );
  const tables = idsOf(all, ["table", "namedTable"]);
  const table = fc.record({
    kind: fc.constant("table" as const),
    salt,
    hasFinalizer: fc.boolean(),
    metatable: fc.option(fc.constantFrom(...tables), { nil: undefined }),
    arrayLimit: fc.constant(0),
    array: fc.array(slot, { maxLength: 6 }),
    hash: fc.option(hash, { nil: undefined }),
  });
  return table.map(withoutWrongKeys);
}

/** Each key once, and none that belongs into the array. */
function withoutWrongKeys(table: TableObject): TableObject {
  const { array, hash } = table;
  const known = new Set<string>();
  const nodes = hash?.nodes.map((node): HashNode => {
    if (node.kind !== "entry") return node;
    const { key } = node;
    // Of objects one: two strings may have the same bytes.
    const isObject = key.kind === "reference";
    const text = isObject ? "object" : `${key.kind} ${String(Object.values(key)[1])}`;
    const isInArray = key.kind === "integer" && key.value >= 1n && key.value <= array.length;
    if (known.has(text) || isInArray) return { kind: "free" };
    known.add(text);
    return node;
  });
  return {
    ...table,
    arrayLimit: array.length,
    hash: hash === undefined || nodes === undefined ? undefined : { ...hash, nodes },
  };
}

function isKey(value: GraphValue): boolean {
  if (value.kind === "float") return !Number.isNaN(value.value) && !isIntegral64(value.value);
  return value.kind !== "nil";
}

/** Each field of an object as an arbitrary that gives just it. */
function constants<Shape extends object>(
  shape: Shape,
): { readonly [Name in keyof Shape]: fc.Arbitrary<Shape[Name]> };
function constants(shape: object): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, value]) => [name, fc.constant(value)]),
  );
}

it("come back from their bodies as they were, differ in nothing, and can be shown", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const body = encodeBody(graph);
      const result = decodeBody(body);
      if (!result.ok) throw new Error(result.reason);
      expect(plainGraph(result.graph)).toEqual(plainGraph(graph));
      expect(encodeBody(result.graph)).toEqual(body);
      expect(diffGraphs(graph, result.graph)).toEqual([]);
      const root = graph.roots.scope === "value" ? "value = " : "registry = ";
      expect(showGraph(graph, { depth: 20 })).toContain(root);
    }),
    { numRuns: 300 },
  );
});

it("are compared without an exception, and a graph with another is as another with it", () => {
  fc.assert(
    fc.property(anyGraph, anyGraph, (one, other) => {
      const there = diffGraphs(one, other);
      expect(there.length === 0).toBe(diffGraphs(other, one).length === 0);
    }),
    { numRuns: 300 },
  );
});
