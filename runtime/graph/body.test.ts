/** Laws of bodies: what is encoded is decoded as it was, and nothing else is decoded at all. */
import { describe, expect, it } from "vitest";
import { EncodeError } from "../check/errors.ts";
import { LuaBytes } from "../scalar/scalars.ts";
import { decodeBody, outlineOfValue } from "./decode-body.ts";
import { encodeBody } from "./encode-body.ts";
import type { GraphObject, GraphReference, SnapshotGraph } from "./graph.ts";
import {
  emptyCoroutine,
  GraphBuilder,
  integer,
  nil,
  plainGraph,
  sampleState,
  userdataOf,
} from "./sample-graph.fixture.ts";
import { showGraph } from "./show.ts";

function decoded(body: Uint8Array): SnapshotGraph {
  const result = decodeBody(body);
  if (!result.ok) throw new Error(result.reason);
  return result.graph;
}

function refusal(graph: SnapshotGraph): string | undefined {
  const result = decodeBody(encodeBody(graph));
  return result.ok ? undefined : result.reason;
}

function replaced(graph: SnapshotGraph, id: number, rest: object): SnapshotGraph {
  const objects = graph.objects.map((object, i) =>
    i === id ? ({ ...object, ...rest } satisfies GraphObject) : object,
  );
  return { ...graph, objects };
}

function idOf(graph: SnapshotGraph, kind: GraphObject["kind"], number = 0): number {
  const ids = [...graph.objects.keys()].filter((id) => graph.objects[id]?.kind === kind);
  const id = ids[number];
  if (id === undefined) throw new Error(`there is no ${kind} ${number}`);
  return id;
}

describe("a body", () => {
  it("holds each kind of object, exactly", () => {
    const state = sampleState();
    const kinds = new Set(state.objects.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      [
        "cClosure",
        "coroutine",
        "luaClosure",
        "mainThread",
        "prototype",
        "rebuilt",
        "string",
        "table",
        "upvalue",
        "userdata",
      ].sort(),
    );
    const body = encodeBody(state);
    expect(plainGraph(decoded(body))).toEqual(plainGraph(state));
    expect(encodeBody(decoded(body))).toEqual(body);
  });

  it("is laid out as docs/FORMATS.md has it", () => {
    const graph = new GraphBuilder().build(
      { scope: "value", value: { kind: "cFunction", name: "f" } },
      { names: ["e", "f"], hashSeed: 0x01020304 },
    );
    expect(Buffer.from(encodeBody(graph)).toString("hex")).toBe(
      [
        "4c505742", // LPWB
        "0100", // version
        "01", // a value
        "01", // debug information kept
        "e8c40000", // 50408
        "04080800",
        "00000000", // objects
        "00000000", // functions
        "02000000", // names
        "04030201", // hash seed
        "0165",
        "0166",
        "1a0100", // name 1
        "4c505745", // LPWE
      ].join(""),
    );
  });

  it("keeps the bits of a NaN, of strings that are no UTF-8, and −0", () => {
    const builder = new GraphBuilder();
    const string = builder.add({
      kind: "string",
      bytes: new LuaBytes(Uint8Array.of(0, 0xff, 0x80)),
    });
    const table = builder.table([["k", string]], {
      array: [
        { kind: "float", value: Number.NaN, nanBits: 0x7ff0_0000_0000_0001n },
        { kind: "float", value: -0 },
      ],
    });
    const graph = builder.build({ scope: "value", value: table });
    expect(plainGraph(decoded(encodeBody(graph)))).toEqual(plainGraph(graph));
  });

  it("names a C function that the graph does not list", () => {
    const roots = { scope: "value", value: { kind: "cFunction", name: "os.exit" } } as const;
    expect(() => encodeBody(new GraphBuilder().build(roots))).toThrow(EncodeError);
  });
});

describe("a graph that breaks a rule", () => {
  const state = sampleState();
  const string = idOf(state, "string");
  const table = idOf(state, "table");
  const roots = state.roots.scope === "state" ? state.roots : undefined;
  const coroutine = state.objects[idOf(state, "coroutine")];
  const call = coroutine?.kind === "coroutine" ? coroutine.calls[0] : undefined;
  const one = { kind: "integer", value: 1n } as const;
  const entry = (key: unknown) => ({ kind: "entry", key, value: nil });
  const node = (key: unknown) => ({ hash: { lastFree: 0, nodes: [entry(key)] } });
  const arrayOf = (slots: number, arrayLimit = slots) => ({
    array: Array.from({ length: slots }, () => nil),
    arrayLimit,
  });
  const rules: readonly (readonly [string, GraphObject["kind"], object, string])[] = [
    ["an id that is none", "table", { array: [{ kind: "reference", id: 999 }] }, "999; there are"],
    ["an upvalue as a value", "table", { array: [ref("upvalue")] }, "which is a upvalue"],
    ["a prototype as a value", "table", { array: [ref("prototype")] }, "which is a prototype"],
    ["a metatable that is no table", "table", { metatable: string }, "which is a string"],
    ["a large salt", "table", { salt: 2048 }, "salt is 2048"],
    ["an array limit beyond the array", "table", { arrayLimit: 1, array: [] }, "array limit is 1"],
    [
      "a last free that is too large",
      "table",
      { hash: { lastFree: 2, nodes: [{ kind: "free" }] } },
      "last free",
    ],
    ["NaN as a key", "table", node({ kind: "float", value: Number.NaN }), "NaN"],
    ["an integral float as a key", "table", node({ kind: "float", value: 2 }), "float 2"],
    ["a key of the array among the hashed", "table", { ...arrayOf(4), ...node(one) }, "key 1 lies"],
    ["a limit that leads to another size", "table", arrayOf(4, 2), "array limit 2 in 4"],
    ["a limit of no slots", "table", arrayOf(4, 0), "array limit 0 in 4"],
    [
      "one key twice",
      "table",
      { hash: { lastFree: 0, nodes: [entry(one), entry(one)] } },
      "stands there twice",
    ],
    [
      "a refused value unannounced",
      "table",
      { array: [{ kind: "refused", refusal: "light userdata" }] },
      "refused",
    ],
    ["a finalizer that is not listed", "table", { hasFinalizer: true }, "not listed"],
    ["an upvalue that is none", "luaClosure", { upvalues: [string, string] }, "upvalue is object"],
    ["a prototype that is none", "luaClosure", { prototype: string }, "prototype is object"],
    ["too few upvalues", "luaClosure", { upvalues: [] }, "0 upvalues; its prototype has 2"],
    ["no upvalue of a C closure", "cClosure", { upvalues: [] }, "upvalues is 0"],
    ["a rebuilder that is none", "rebuilt", { rebuilder: string }, "maker is object"],
    ["more used than there is", "coroutine", { stackSizeSlots: 3 }, "4 slots are used of 3"],
    ["an error handler outside", "coroutine", { errorHandlerSlot: 4 }, "error handler"],
    ["variables to close that fall", "coroutine", { toClose: [2, 1] }, "variables to close at 2"],
    ["a variable to close outside", "coroutine", { toClose: [4] }, "a variable to close is at"],
    [
      "a function outside",
      "coroutine",
      { calls: [{ ...call, functionSlot: 4 }] },
      "a function is at",
    ],
    ["a top outside", "coroutine", { calls: [{ ...call, topSlot: 46 }] }, "a call's top is at"],
    ["a status that is none", "coroutine", { status: 6 }, "coroutine status is 6"],
    ["calls that fall", "coroutine", { calls: [call, call] }, "a call at 1 to 6 behind one at 1"],
    ["a call's end at its start", "coroutine", { calls: [{ ...call, topSlot: 1 }] }, "1 to 1"],
    [
      "a C call of Lua's",
      "coroutine",
      { calls: [{ ...call, callStatus: 2 }] },
      "of a lua function",
    ],
    [
      "a call of no function",
      "coroutine",
      { calls: [{ ...call, functionSlot: 2 }] },
      "no lua function is called at stack slot 2",
    ],
    [
      "a call behind its code",
      "coroutine",
      { calls: [{ ...call, callee: { kind: "lua", pc: 4, extraArguments: 0 } }] },
      "stands at instruction 4 of 3",
    ],
    ["line differences of others", "prototype", { instructions: [1] }, "3 line differences"],
    [
      "a constant that is no string",
      "prototype",
      { constants: [{ kind: "reference", id: table }] },
      "slot reference is object",
    ],
    [
      "a constant that is a function",
      "prototype",
      { constants: [{ kind: "cFunction", name: "print" }] },
      "0x1a is no constant",
    ],
    ["a source that is no string", "prototype", { source: table }, "source is object"],
    ["a second main thread", "coroutine", { kind: "mainThread" }, "2 main threads"],
  ];
  function ref(kind: GraphObject["kind"]) {
    return { kind: "reference", id: idOf(state, kind) };
  }
  it.each(rules)("with %s is refused", (_, kind, rest, reason) => {
    expect(refusal(state)).toBeUndefined();
    // Of the tables one that has no finalizer and is no registry.
    const number = kind === "table" ? 4 : 0;
    expect(refusal(replaced(state, idOf(state, kind, number), rest))).toContain(reason);
  });

  it.each([
    ["an open variable outside the stack", { stackSlot: 4 }, "open at stack slot 4"],
    ["a variable open in no coroutine", { coroutine: string }, "coroutine is object"],
  ])("with %s is refused", (_, rest, reason) => {
    const open = state.objects.findIndex(
      (each) => each.kind === "upvalue" && each.state === "open",
    );
    expect(refusal(replaced(state, open, rest))).toContain(reason);
  });

  it.each([
    ["an iterator before the end", { kind: "iterator", number: -2 }, "iterator number is -2"],
    [
      "a gmatch beyond its subject",
      { kind: "gmatch", subject: string, pattern: string, position: 999, lastMatch: undefined },
      "gmatch at 999",
    ],
    [
      "a gmatch in a table",
      { kind: "gmatch", subject: table, pattern: string, position: 0, lastMatch: undefined },
      "subject is object",
    ],
  ] as const)("with %s is refused", (_, content, reason) => {
    const home = idOf(state, "userdata", 3);
    expect(refusal(replaced(state, home, { content }))).toContain(reason);
  });

  it("with other roots is refused", () => {
    if (roots === undefined) throw new Error("the sample is a state");
    const withRoots = (rest: object) => refusal({ ...state, roots: { ...roots, ...rest } });
    expect(withRoots({ registry: string })).toContain("registry is object");
    expect(withRoots({ finalizable: [] })).toContain("not listed");
    expect(withRoots({ finalizable: [...roots.finalizable, table] })).toContain("is listed as one");
    const [first = 0] = roots.finalizable;
    expect(withRoots({ finalizable: [...roots.finalizable, first] })).toContain("listed twice");
    const twice = {
      ...state,
      objects: [...state.objects, { ...emptyCoroutine, kind: "mainThread" as const }],
    };
    expect(refusal(twice)).toContain("2 main threads");
    expect(refusal({ ...state, roots: { scope: "value", value: nil } })).toContain(
      "a value with a",
    );
  });

  it("with keys that Lua takes for one is refused", () => {
    const twice = (add: (builder: GraphBuilder) => GraphReference) => {
      const builder = new GraphBuilder();
      const entries = [add(builder), add(builder)].map((key) => [key, nil] as const);
      return refusal(builder.build({ scope: "value", value: builder.table(entries) }));
    };
    const text = (length: number) => (builder: GraphBuilder) =>
      builder.add({ kind: "string", bytes: new LuaBytes("x".repeat(length)) });
    expect(twice(text(3))).toContain("stands there twice");
    expect(twice(text(20_000))).toContain("stands there twice");
    let length = 20_000;
    expect(twice((builder) => text(length++)(builder))).toBeUndefined();
    expect(twice((builder) => builder.add({ kind: "tableHandle", table: 300 }))).toContain("twice");
    let table = 300;
    expect(
      twice((builder) => builder.add({ kind: "tableHandle", table: table++ })),
    ).toBeUndefined();
  });

  it("with two names that are one is refused", () => {
    expect(refusal({ ...state, names: [...state.names, "print"] })).toContain("the name print");
  });

  it("with a finalizer where there is none is refused", () => {
    const body = encodeBody(
      new GraphBuilder().build({ scope: "value", value: nil }, { names: [] }),
    );
    const builder = new GraphBuilder();
    builder.string("s");
    const withString = encodeBody(builder.build({ scope: "value", value: nil }, { names: [] }));
    expect(decodeBody(withString).ok).toBe(true);
    withString[body.length - 5] = 0x84;
    expect(decodeBody(withString)).toMatchObject({
      reason: expect.stringContaining("no finalizer"),
    });
  });

  it("shows refusals when it says so", () => {
    const builder = new GraphBuilder();
    const table = builder.table([[{ kind: "refused", refusal: "light userdata" }, integer(1)]]);
    builder.add({ kind: "refused", refusal: "__persist is false" });
    builder.add({ ...emptyCoroutine });
    builder.add(userdataOf({ kind: "file", file: "stdin", isClosed: false }));
    const graph = builder.stateOf(table, { hasRefusals: true });
    expect(plainGraph(decoded(encodeBody(graph)))).toEqual(plainGraph(graph));
    expect(refusal({ ...graph, hasRefusals: false })).toContain("was refused");
  });

  it("holds a refused object wherever another kind is expected", () => {
    const builder = new GraphBuilder();
    const { id } = builder.add({ kind: "refused", refusal: "a coroutine that can't be saved" });
    builder.add({ kind: "upvalue", state: "open", coroutine: id, stackSlot: 99 });
    const table = builder.table([], { metatable: id });
    const graph = builder.build({ scope: "value", value: table }, { hasRefusals: true });
    expect(plainGraph(decoded(encodeBody(graph)))).toEqual(plainGraph(graph));
  });

  it("has a rebuilt object where a metatable is expected", () => {
    const builder = new GraphBuilder();
    const rebuilder = builder.closure({}).id;
    const { id } = builder.add({ kind: "rebuilt", salt: 1, rebuilder });
    const graph = builder.stateOf(builder.table([], { metatable: id }));
    expect(plainGraph(decoded(encodeBody(graph)))).toEqual(plainGraph(graph));
  });

  it("has tables by name and handles of external tables in a value, and only there", () => {
    const builder = new GraphBuilder();
    const named = builder.add({ kind: "namedTable", name: new LuaBytes("string") });
    const handle = builder.add({ kind: "tableHandle", table: 7 });
    const table = builder.table([["home", handle]], { metatable: named.id });
    const graph = builder.build({ scope: "value", value: table });
    const body = encodeBody(graph);
    expect(plainGraph(decoded(body))).toEqual(plainGraph(graph));
    expect(outlineOfValue(body)).toEqual({ functionCount: 0, nameCount: 4, tables: [7] });
    expect(showGraph(graph)).toContain("value.home = external table 7");
    expect(refusal(builder.stateOf(table))).toContain("a state with a namedTable");
    const other = new GraphBuilder();
    const value = other.table([], { hasFinalizer: true });
    expect(refusal(other.build({ scope: "value", value }))).toContain("no finalizer");
    expect(() => outlineOfValue(encodeBody(state))).toThrow("no value");
    const announced = body.slice();
    announced[20] = 1;
    expect(() => outlineOfValue(announced)).toThrow("1 functions announced, 0 are there");
  });
});
