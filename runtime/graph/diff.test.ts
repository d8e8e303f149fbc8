/** What differs between two graphs: each difference by hand, and that nothing else is said. */
import { describe, expect, it } from "vitest";
import { type Difference, diffGraphs } from "./diff.ts";
import type { GraphObject, GraphValue, SnapshotGraph } from "./graph.ts";
import { readsOf } from "./reads.fixture.ts";
import { GraphBuilder, integer, nil, sampleState } from "./sample-graph.fixture.ts";

type Entries = readonly (readonly [string | GraphValue, GraphValue])[];

/** A state with the globals that `make` returns. */
function stateOf(make: (graph: GraphBuilder) => Entries): SnapshotGraph {
  const graph = new GraphBuilder();
  return graph.state(make(graph));
}

/** `path change before after` of each difference. */
function shown(differences: readonly Difference[]): readonly string[] {
  return differences.map(({ path, change, before, after }) =>
    [path, change, before, "→", after].filter((each) => each !== undefined).join(" "),
  );
}

function differencesOf(
  before: (graph: GraphBuilder) => Entries,
  after: (graph: GraphBuilder) => Entries,
): readonly string[] {
  return shown(diffGraphs(stateOf(before), stateOf(after)));
}

describe("a diff", () => {
  it("of a graph with itself is empty, also when its objects have other ids and layouts", () => {
    expect(diffGraphs(sampleState(), sampleState())).toEqual([]);
    const entries = (graph: GraphBuilder): [string, GraphValue][] => [
      ["a", integer(1)],
      ["t", graph.table([["x", graph.string("y")]])],
      ["f", graph.closure({ n: graph.variable(integer(1)) })],
    ];
    expect(differencesOf(entries, (graph) => entries(graph).reverse())).toEqual([]);
  });

  it("names what changed, was added, was removed", () => {
    const differences = differencesOf(
      (graph) => [
        ["n", integer(1)],
        ["s", graph.string("one")],
        ["gone", { kind: "boolean", value: true }],
        [
          "t",
          graph.table([
            [integer(10), nil],
            ["kind", integer(1)],
          ]),
        ],
        ["list", graph.table([], { array: [integer(1), integer(2)] })],
      ],
      (graph) => [
        ["list", graph.table([[integer(3), integer(3)]], { array: [integer(1), integer(4)] })],
        ["n", { kind: "float", value: 1 }],
        ["s", graph.string("two")],
        ["t", graph.table([["kind", graph.table([])]])],
        ["new", { kind: "cFunction", name: "print" }],
      ],
    );
    expect(differences).toEqual([
      "_G.gone removed true →",
      "_G.n changed 1 → 1.0",
      '_G.s changed "one" → "two"',
      "_G.new added → C function print",
      "_G.list[2] changed 2 → 4",
      "_G.list[3] added → 3",
      "_G.t.kind changed 1 → table (0 entries)",
    ]);
  });

  it("names a change of a shared object once, at its shortest path", () => {
    const entries = (value: number) => (graph: GraphBuilder) => {
      const shared = graph.table([["x", integer(value)]]);
      return [
        ["deep", graph.table([["again", shared]])],
        ["z", shared],
      ] as const;
    };
    expect(differencesOf(entries(1), entries(2))).toEqual(["_G.z.x changed 1 → 2"]);
  });

  it("names what is shared no more, or is now, without repeating itself below", () => {
    const together = (graph: GraphBuilder): Entries => {
      const shared = graph.table([["inner", graph.table([["x", integer(1)]])]]);
      return [
        ["p", shared],
        ["q", shared],
      ];
    };
    const apart = (graph: GraphBuilder): Entries => [
      ["p", graph.table([["inner", graph.table([["x", integer(1)]])]])],
      ["q", graph.table([["inner", graph.table([["x", integer(2)]])]])],
    ];
    expect(differencesOf(together, apart)).toEqual([
      "_G.q sharing the same object as _G.p → an object of its own",
      "_G.q.inner.x changed 1 → 2",
    ]);
    expect(differencesOf(apart, together)).toEqual([
      "_G.q sharing an object of its own → the same object as _G.p",
      "_G.q.inner.x changed 2 → 1",
    ]);
  });

  it("finds a variable that two functions no longer share", () => {
    const functions = (isShared: boolean) => (graph: GraphBuilder) => {
      const n = graph.variable(integer(3));
      const other = isShared ? n : graph.variable(integer(3));
      return [
        ["counter", graph.closure({ n })],
        ["reset", graph.closure({ n: other })],
      ] as const;
    };
    expect(differencesOf(functions(true), functions(false))).toEqual([
      '_G.reset upvalue "n" sharing the same object as _G.counter upvalue "n" → ' +
        "an object of its own",
    ]);
  });

  it("finds two objects that changed places", () => {
    const swapped = (isSwapped: boolean) => (graph: GraphBuilder) => {
      const one = graph.table([]);
      const other = graph.table([]);
      return [
        ["a", one],
        ["b", other],
        ["c", isSwapped ? other : one],
      ] as const;
    };
    expect(differencesOf(swapped(false), swapped(true))).toEqual([
      "_G.c sharing the same object as _G.a → the same object as _G.b",
    ]);
  });

  it("compares functions by code, debug information and the values of their variables", () => {
    const functions =
      (value: number, constant: number, lastLine: number) => (graph: GraphBuilder) => {
        const inner = graph.prototype({ constants: [integer(constant)] }).id;
        const n = graph.variable(integer(value));
        return [["f", graph.closure({ n }, { prototypes: [inner], lastLine })]] as const;
      };
    expect(differencesOf(functions(1, 5, 9), functions(2, 5, 9))).toEqual([
      '_G.f upvalue "n" changed 1 → 2',
    ]);
    const [code, ...others] = differencesOf(functions(1, 5, 9), functions(1, 6, 9));
    expect(others).toEqual([]);
    expect(code).toMatch(
      /^\(function 1 of _G\.f\) changed function <counter\.lua:1>, 3 instructions, code \w{8} → /,
    );
    const [debug = "", ...more] = differencesOf(functions(1, 5, 9), functions(1, 5, 10));
    expect(more).toEqual([]);
    expect(debug).toMatch(/^\(debug information of _G\.f\) changed counter\.lua:1-9, \w{8} → /);
  });

  it("finds keys that are objects again, by where else they lie or by their salts", () => {
    const sets = (value: number, salt: number) => (graph: GraphBuilder) => {
      const player = graph.table([]);
      const onlyKey = graph.table([["x", integer(value)]], { salt });
      const set = graph.table([
        [onlyKey, integer(value)],
        [player, integer(value)],
      ]);
      return [
        ["set", set],
        ["player", player],
      ] as const;
    };
    expect(differencesOf(sets(1, 5), sets(2, 5))).toEqual([
      expect.stringMatching(/^_G\.set\[table #\d+\] changed 1 → 2$/),
      expect.stringMatching(/^_G\.set\[table #\d+\] changed 1 → 2$/),
      "(key of _G.set).x changed 1 → 2",
    ]);
    expect(differencesOf(sets(1, 5), sets(1, 6))).toEqual([
      expect.stringMatching(/^_G\.set\[table #\d+\] removed 1 →$/),
      expect.stringMatching(/^_G\.set\[table #\d+\] added → 1$/),
    ]);
  });

  it("sees through an open variable to the coroutine's stack, once", () => {
    const before = sampleState();
    const after = replaced(before, "coroutine", (object) =>
      object.kind === "coroutine"
        ? { ...object, stack: object.stack.with(2, integer(42)) }
        : object,
    );
    expect(shown(diffGraphs(before, after))).toEqual([
      '(coroutine _G.co) local "x" changed 41 → 42',
    ]);
  });

  it("names what is no value: finalizers, calls, settings of the state", () => {
    const before = sampleState();
    if (before.roots.scope !== "state") throw new Error("the sample is a state");
    const settings = {
      ...before,
      roots: {
        ...before.roots,
        warningsOn: false,
        finalizable: before.roots.finalizable.toReversed(),
        collector: { ...before.roots.collector, pause: 9 },
      },
    };
    expect(shown(diffGraphs(before, settings))).toEqual([
      "(collector: pause of (state)) changed 50 → 9",
      "(warnings of (state)) changed on → off",
      '(order of finalizers, from number 1) changed _G["a b"] → _G.closable',
    ]);
    const moved = replaced(before, "coroutine", (object) =>
      object.kind === "coroutine" ? { ...object, status: 2, calls: [], stack: [] } : object,
    );
    expect(shown(diffGraphs(before, moved))).toEqual([
      "_G.co changed coroutine (suspended, 2 calls) → coroutine (failed with status 2, 0 calls)",
      expect.stringMatching(
        /^\(calls of _G\.co\) changed 2, .* in pcall\.continuation, .* → none$/,
      ),
    ]);
  });

  it("costs no more than the objects, whatever refers to what", () => {
    const tangle = (graph: GraphBuilder): Entries => {
      const all = graph.later();
      const objects = Array.from({ length: 3000 }, (_, i) =>
        graph.table([
          ["all", all],
          ["i", integer(i)],
        ]),
      );
      graph.fill(all, graph.tableObject([], { array: objects, arrayLimit: 3000 }));
      return [["all", all]];
    };
    const single = (graph: GraphBuilder): Entries => {
      const all = graph.later();
      const one = graph.table([
        ["all", all],
        ["i", integer(0)],
      ]);
      graph.fill(all, graph.tableObject([], { array: Array.from({ length: 3000 }, () => one) }));
      return [["all", all]];
    };
    expect(differencesOf(tangle, tangle)).toEqual([]);
    const [one, other] = [stateOf(tangle), stateOf(single)];
    expect(diffGraphs(one, other, { differencesMax: Infinity }).length).toBe(2999 * 2);
    const reads = readsOf([one, other], (a = one, b = other) => diffGraphs(a, b));
    // Each of the 3,000 tables refers to all: 9,000,000 ways.
    expect(reads).toBeLessThan(1_000_000);
  });
});

describe("a diff of two functions", () => {
  const before = {
    firstLine: 1,
    lastLine: 4,
    parameters: 1,
    isVararg: false,
    stackSlots: 2,
    instructions: [1, 2, 3],
    constants: [integer(1)],
    upvalues: [{ isInStack: true, index: 0, variableKind: 0, name: undefined }],
    lineDifferences: Uint8Array.of(1, 0, 1),
    absoluteLines: [{ pc: 1, line: 1 }],
    locals: [{ name: undefined, startPc: 0, endPc: 1 }],
  };
  const [upvalue, line, local] = [before.upvalues[0], before.absoluteLines[0], before.locals[0]];
  const code = [
    { parameters: 0 },
    { isVararg: true },
    { stackSlots: 3 },
    { instructions: [1, 2, 4] },
    { constants: [integer(2)] },
    { upvalues: [{ ...upvalue, isInStack: false }] },
    { upvalues: [{ ...upvalue, index: 1 }] },
    { upvalues: [{ ...upvalue, variableKind: 1 }] },
  ];
  const debugInformation = [
    { firstLine: 2 },
    { lastLine: 5 },
    { source: undefined },
    { lineDifferences: Uint8Array.of(1, 1, 1) },
    { absoluteLines: [{ ...line, pc: 2 }] },
    { absoluteLines: [{ ...line, line: 2 }] },
    { locals: [{ ...local, startPc: 1 }] },
    { locals: [{ ...local, endPc: 2 }] },
    { locals: [{ ...local, name: 0 }] },
    { upvalues: [{ ...upvalue, name: 0 }] },
  ];
  const withFunction = (prototype: object) =>
    stateOf((graph) => {
      graph.string("name");
      const f = graph.closure({ x: graph.variable(nil) }, { ...before, ...prototype });
      return [["f", f]];
    });

  it.each(code)("finds other code: %o", (after) => {
    const found = diffGraphs(withFunction({}), withFunction(after));
    expect(found.map(({ change }) => change)).toContain("changed");
    expect(shown(found).join()).toContain("code ");
  });

  it.each(debugInformation)("finds other debug information: %o", (after) => {
    const found = shown(diffGraphs(withFunction({}), withFunction(after)));
    expect(found.join()).toContain("(debug information of _G.f) changed");
  });
});

function replaced(
  graph: SnapshotGraph,
  kind: GraphObject["kind"],
  change: (object: GraphObject) => GraphObject,
): SnapshotGraph {
  return {
    ...graph,
    objects: graph.objects.map((object) => (object.kind === kind ? change(object) : object)),
  };
}
