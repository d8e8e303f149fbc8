/** What is said about one graph: paths, refusals, and the graph as text. */
import { describe, expect, it } from "vitest";
import { UsageError } from "../check/errors.ts";
import { refusalsOf } from "../snapshot/refusals.ts";
import type { GraphValue } from "./graph.ts";
import { pathsOf } from "./paths.ts";
import { emptyCoroutine, GraphBuilder, integer, nil, sampleState } from "./sample-graph.fixture.ts";
import { showGraph } from "./show.ts";

describe("paths", () => {
  it("are the shortest, and readable", () => {
    const graph = sampleState();
    const texts = [...pathsOf(graph).values()].map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        "_G",
        "package.loaded",
        "package.loaded.hidden",
        "(main thread)",
        "registry",
        "_G.counter",
        '_G.counter upvalue "n"',
        "_G.co",
        '_G["a b"]',
        "(metatable of _G)",
        "(metatable of _G).__index",
        "_G.player.inventory[3]",
        "_G.bound upvalue 1",
        "(source of _G.counter)",
        "(subject of _G.words)",
      ]),
    );
    expect(new Set(pathsOf(graph).keys()).size).toBe(graph.objects.length);
  });

  it("go through variables and coroutines, in parentheses where words would be torn", () => {
    const graph = new GraphBuilder();
    const inner = graph.table([["x", graph.table([])]]);
    const closure = graph.closure({ t: graph.variable(inner) });
    const locals = [{ name: graph.string("held").id, startPc: 0, endPc: 5 }];
    const body = graph.closure({}, { locals });
    const held = graph.table([["y", graph.table([])]]);
    const coroutine = graph.add({
      ...emptyCoroutine,
      stack: [nil, body, held, graph.table([])],
      calls: [
        {
          functionSlot: 1,
          topSlot: 5,
          resultsWanted: 0,
          callStatus: 0,
          callee: { kind: "lua", pc: 1, extraArguments: 0 },
          detail: 0,
        },
      ],
    });
    const byKey = graph.table([[graph.table([]), graph.table([])]]);
    const state = graph.state([
      ["f", closure],
      ["co", coroutine],
      ["by", byKey],
      ["while", graph.table([], { array: [graph.table([])] })],
    ]);
    const texts = [...pathsOf(state).values()].map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        '(_G.f upvalue "t").x',
        '(coroutine _G.co) local "held"',
        '((coroutine _G.co) local "held").y',
        "(coroutine _G.co) stack[3]",
        "(key of _G.by)",
        '_G["while"][1]',
      ]),
    );
    expect(texts.some((text) => /^_G\.by\[table #\d+\]$/.test(text))).toBe(true);
  });

  it("tell how many steps are left out, and that only where some are", () => {
    const graph = new GraphBuilder();
    let chain: GraphValue = nil;
    for (let i = 0; i < 80; i++) chain = graph.table([["n".repeat(20), chain]]);
    const state = graph.state([["chain", chain]]);
    const leftOut = [...pathsOf(state).values()].flatMap(({ text }) => {
      const steps = text.split(".n").length - 1;
      const [, count] = /…\((\d+) steps\)…/.exec(text) ?? [];
      return text.startsWith("_G.chain.n") ? [{ steps, count: Number(count ?? 0) }] : [];
    });
    // Each is one step longer than the one before, told or not.
    const sums = leftOut.map(({ steps, count }) => steps + count).sort((a, b) => a - b);
    expect(sums).toEqual(sums.map((_, i) => i + 1));
    expect(leftOut.some(({ count }) => count === 1)).toBe(true);
    expect([...pathsOf(state).values()].some(({ text }) => text.includes("(0 steps)"))).toBe(false);
  });

  it("of a long list are shortened, and cost no stack", () => {
    const graph = new GraphBuilder();
    let list: GraphValue = nil;
    for (let i = 0; i < 50_000; i++) list = graph.table([["next", list]]);
    const texts = [...pathsOf(graph.state([["list", list]])).values()].map(({ text }) => text);
    expect(texts.every((text) => text.length < 400)).toBe(true);
    expect(texts.some((text) => text.endsWith("….next"))).toBe(true);
  });
});

describe("refusals", () => {
  it("are each named once, at the shortest path", () => {
    const graph = new GraphBuilder();
    const refused = graph.add({ kind: "refused", refusal: "userdata of a foreign kind" });
    const light: GraphValue = { kind: "refused", refusal: "light userdata" };
    const use = graph.table([["on_use", { kind: "refused", refusal: "__persist is false" }]]);
    const state = graph.state(
      [
        ["player", graph.table([["inventory", graph.table([], { array: [use], arrayLimit: 1 })]])],
        ["deep", graph.table([["again", refused]])],
        ["socket", refused],
        ["f", graph.closure({ light: graph.variable(light) })],
        ["set", graph.table([[light, integer(1)]])],
      ],
      { hasRefusals: true },
    );
    graph.add({ kind: "refused", refusal: "light userdata" });
    expect(refusalsOf(state).refused).toEqual([
      { path: "_G.socket", reason: "userdata of a foreign kind" },
      { path: "(key of _G.set)", reason: "light userdata" },
      { path: '_G.f upvalue "light"', reason: "light userdata" },
      { path: "_G.player.inventory[1].on_use", reason: "__persist is false" },
    ]);
    expect(refusalsOf({ ...state, hasRefusals: false })).toEqual({ refused: [], count: 0 });
  });

  it("are named once where a variable lies open in a coroutine", () => {
    const graph = new GraphBuilder();
    const light: GraphValue = { kind: "refused", refusal: "light userdata" };
    const coroutine = graph.add({ ...emptyCoroutine, stack: [nil, light] });
    const open = graph.add({
      kind: "upvalue",
      state: "open",
      coroutine: coroutine.id,
      stackSlot: 1,
    });
    const entries = [
      ["co", coroutine],
      ["f", graph.closure({ open })],
    ] as const;
    expect(refusalsOf(graph.state(entries, { hasRefusals: true })).refused).toEqual([
      { path: "(coroutine _G.co) stack[1]", reason: "light userdata" },
    ]);
  });

  it("are named even where no path leads", () => {
    const graph = new GraphBuilder();
    graph.add({ kind: "refused", refusal: "light userdata" });
    const state = graph.state([], { hasRefusals: true });
    expect(refusalsOf(state).refused).toEqual([
      { path: "(unreachable object 0)", reason: "light userdata" },
    ]);
  });
});

describe("a graph as text", () => {
  it("shows functions with their variables, and what lies elsewhere by its path", () => {
    const text = showGraph(sampleState(), { depth: 4 });
    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        "_G.counter = function <counter.lua:1> {upvalues n=3 (shared with _G.reset), _ENV=_G}",
        "  source counter.lua, lines 1 to 4, 0 parameters, 3 instructions, constants 1",
        "_G._G = _G",
        "_G.print = C function print",
        "_G.bound upvalue 1 = random state 1 ffffffffffffffff 0 7",
        "_G.player.inventory[2] = -9223372036854775808",
        '_G.player.inventory[3].name = "sword"',
        "_G.player.inventory[3][0.5] = NaN",
        '(coroutine _G.co) local "x" = 41',
        "(metatable of _G) = table (1 entry)",
        '(metatable of _G["a b"]) = (metatable of _G)',
        "registry = table (3 entries)",
      ]),
    );
  });

  it("goes below a function's line for what its variables alone lead to", () => {
    const graph = new GraphBuilder();
    const metatable = graph.table([["__name", graph.string("x")]]).id;
    const [bare, held] = [graph.table([]), graph.table([], { metatable })];
    const f = graph.closure({ bare: graph.variable(bare), held: graph.variable(held) });
    const lines = showGraph(graph.state([["f", f]]), { path: "_G.f", depth: 3 }).split("\n");
    expect(lines.filter((line) => !line.startsWith("  "))).toEqual([
      "_G.f = function <counter.lua:1> {upvalues bare=table (0 entries), held=table (0 entries)}",
      '_G.f upvalue "held" = table (0 entries)',
      '(metatable of _G.f upvalue "held") = table (1 entry)',
      '(metatable of _G.f upvalue "held").__name = "x"',
    ]);
  });

  it.each(["é", "€", "😀"])("cuts a long text of %s between two of them, wherever", (character) => {
    for (let before = 0; before < 8; before++) {
      const long = "x".repeat(before) + character.repeat(200);
      const graph = new GraphBuilder();
      const text = showGraph(graph.state([["s", graph.string(long)]]), { path: "_G.s" });
      const bytes = new TextEncoder().encode(long).length;
      const shown = long.slice(0, 60).toWellFormed();
      expect(text).toBe(`_G.s = "${shown}"… (${bytes} bytes)`);
    }
  });

  it("begins at a path, and ends at a depth", () => {
    const graph = sampleState();
    expect(showGraph(graph, { path: "_G.player", depth: 1 })).toBe(
      [
        "_G.player = table (2 entries)",
        "_G.player.inventory = table (2 entries)",
        "_G.player.list = table (0 entries)",
      ].join("\n"),
    );
    expect(showGraph(graph, { path: "_G.player.inventory[2]" })).toMatch(
      / = -9223372036854775808$/,
    );
    expect(() => showGraph(graph, { path: "_G.nothing" })).toThrow(UsageError);
  });

  it("begins with each root in its turn", () => {
    const graph = new GraphBuilder();
    const state = graph.state([]);
    const { id } = graph.table([]);
    const metatables = state.roots.scope === "state" ? state.roots.metatables : [];
    const roots = { metatables: metatables.map((_, i) => (i > 2 && i < 5 ? id : undefined)) };
    const whole = graph.stateOf(graph.table([]));
    const text = showGraph({ ...whole, roots: { ...whole.roots, ...roots } }, { depth: 0 });
    expect(text.split("\n").map((line) => line.replace(/ = .*/, ""))).toEqual([
      "_G",
      "package.loaded",
      "(main thread)",
      "registry",
      "(metatable of type number)",
      "(metatable of type string)",
    ]);
  });

  it("has the first lines, and says how many more there are", () => {
    const graph = sampleState();
    const lines = showGraph(graph, { depth: 4, linesMax: Infinity }).split("\n");
    for (let linesMax = 0; linesMax <= lines.length; linesMax++) {
      const more = lines.length - linesMax;
      const last = more === 0 ? [] : [`… ${more} more ${more === 1 ? "line" : "lines"}`];
      const text = showGraph(graph, { depth: 4, linesMax });
      expect(text.split("\n")).toEqual([...lines.slice(0, linesMax), ...last]);
    }
  });
});
