/** Graphs that a script makes to be expensive: work grows as they do, what is told is bounded. */
import { describe, expect, it } from "vitest";
import { refusalsOf, refusedMax } from "../snapshot/refusals.ts";
import { differencesMaxDefault, diffGraphs } from "./diff.ts";
import type { GraphValue, SnapshotGraph } from "./graph.ts";
import { growth, readsOf } from "./reads.fixture.ts";
import { emptyCoroutine, GraphBuilder, integer, nil } from "./sample-graph.fixture.ts";
import { lineCharsMax, linesMaxDefault, showGraph } from "./show.ts";

type Make = (size: number, version: number) => SnapshotGraph;

const light: GraphValue = { kind: "refused", refusal: "light userdata" };
const many = <Item>(count: number, item: (i: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => item(i));
const list = (graph: GraphBuilder, values: readonly GraphValue[]): GraphValue =>
  graph.table([], { array: values, arrayLimit: values.length, hash: undefined });
/** A global of that many values. */
const listOf =
  (
    count: (size: number) => number,
    make: (graph: GraphBuilder, version: number, size: number) => () => GraphValue,
  ): Make =>
  (size, version) => {
    const graph = new GraphBuilder();
    const next = make(graph, version, size);
    return graph.state([["list", list(graph, many(count(size), next))]], { hasRefusals: true });
  };

/** Each holds as many things as it is large, of which each leads to something as large. */
const graphs: Readonly<Record<string, Make>> = {
  "tables with one long key": listOf(
    (size) => size,
    (graph, version, size) => {
      const key = "k".repeat(size * 50);
      return () => graph.table([[key, integer(version)]]);
    },
  ),
  "one long string in many places": listOf(
    (size) => size,
    (graph, _, size) => {
      const text = graph.string("t".repeat(size * 50));
      return () => text;
    },
  ),
  "functions with a long constant": listOf(
    (size) => size,
    (graph, version, size) => {
      const constant = graph.string("c".repeat(size * 50));
      return () => graph.closure({}, { constants: [constant, integer(version)] });
    },
  ),
  "functions over a variable with a long name, which can't be saved": listOf(
    (size) => size,
    (graph, version, size) => {
      const variable = graph.variable(version === 1 ? light : nil);
      const name = "v".repeat(size * 50);
      return () => graph.closure({ [name]: variable });
    },
  ),
  "functions over one large table": listOf(
    (size) => size,
    (graph, version, size) => {
      const variable = graph.variable(
        list(
          graph,
          many(size, () => integer(version)),
        ),
      );
      return () => graph.closure({ shared: variable });
    },
  ),
  "a large table in many places, or many small ones": listOf(
    (size) => size,
    (graph, version, size) => {
      const large = list(graph, many(size, integer));
      return () => (version === 1 ? large : graph.table([]));
    },
  ),
  "keys that are tables of another salt": (size, version) => {
    const graph = new GraphBuilder();
    const keys = many(size, () => graph.table([], { salt: version }));
    const set = graph.table(keys.map((key) => [key, integer(1)] as const));
    return graph.state([["set", set]]);
  },
  "a chain of tables with long names": (size, version) => {
    const graph = new GraphBuilder();
    let chain: GraphValue = nil;
    for (let i = 0; i < size; i++) {
      chain = graph.table([
        ["n".repeat(200), chain],
        ["version", version === 1 ? light : nil],
      ]);
    }
    return graph.state([["chain", chain]], { hasRefusals: true });
  },
  "a coroutine of many calls of a function with many locals": (size, version) => {
    const graph = new GraphBuilder();
    const locals = many(size, () => ({ name: graph.string("some").id, startPc: 5, endPc: 6 }));
    const called = graph.closure({}, { locals });
    const calls = many(size, (i) => ({
      functionSlot: 2 * i,
      topSlot: 2 * i + 2,
      resultsWanted: 0,
      callStatus: 0,
      callee: { kind: "lua", pc: 2, extraArguments: 0 } as const,
      detail: 0,
    }));
    const stack = many(size, () => [called, integer(version)]).flat();
    const coroutine = graph.add({ ...emptyCoroutine, stackSizeSlots: stack.length, stack, calls });
    return graph.state([["co", coroutine]]);
  },
};

/** Four times as much takes four times the work; 6 leaves room for a sort, 16 is the square. */
const growthMax = 6;
/** Large enough that no more is told of four times as much: these limits are reached. */
const size = 150;
const differencesMax = 50;
const linesMax = 50;

describe.each(Object.entries(graphs))("%s", (_name, make) => {
  const made = new Map(
    [size, 4 * size].map((each) => [each, [make(each, 1), make(each, 2)] as const]),
  );
  const of = (each: number) => made.get(each) ?? [make(each, 1), make(each, 2)];

  it("are compared, shown and named in linear work", () => {
    const [diffGrowth, showGrowth, refusalsGrowth] = [
      growth(
        (each) => readsOf(of(each), (a, b) => a && b && diffGraphs(a, b, { differencesMax })),
        size,
      ),
      growth((each) => readsOf(of(each).slice(0, 1), (a) => a && showGraph(a, { linesMax })), size),
      growth((each) => readsOf(of(each).slice(0, 1), (a) => a && refusalsOf(a)), size),
    ];
    expect(diffGrowth).toBeLessThan(growthMax);
    expect(showGrowth).toBeLessThan(growthMax);
    expect(refusalsGrowth).toBeLessThan(growthMax);
  });

  it("are told in bound lists of bound texts", () => {
    const [one, other] = of(4 * size);
    const differences = diffGraphs(one, other);
    expect(differences.length).toBeLessThanOrEqual(differencesMaxDefault + 1);
    for (const { path, before = "", after = "" } of differences) {
      expect(Math.max(path.length, before.length, after.length)).toBeLessThan(1500);
    }
    const lines = showGraph(one).split("\n");
    expect(lines.length).toBeLessThanOrEqual(linesMaxDefault + 1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(lineCharsMax + 1);
    const { refused } = refusalsOf(one);
    expect(refused.length).toBeLessThanOrEqual(refusedMax);
    for (const { path } of refused) expect(path.length).toBeLessThan(1100);
  });
});

describe("what is left out", () => {
  it("is counted", () => {
    const graph = (value: number) => {
      const builder = new GraphBuilder();
      const values = many(1500, () => integer(value));
      const refused = many(150, () => light);
      return builder.state([["list", list(builder, [...values, ...refused])]], {
        hasRefusals: true,
      });
    };
    const [one, other] = [graph(1), graph(2)];
    expect(diffGraphs(one, other)).toHaveLength(1001);
    expect(diffGraphs(one, other).at(-1)).toEqual({ path: "… 500 more", change: "more" });
    expect(diffGraphs(one, other, { differencesMax: 1500 })).toHaveLength(1500);
    const text = showGraph(one);
    const whole = showGraph(one, { linesMax: Infinity });
    expect(text.split("\n").at(-1)).toBe(`… ${whole.split("\n").length - 1000} more lines`);
    expect(whole.startsWith(text.split("\n").slice(0, 1000).join("\n"))).toBe(true);
    expect(showGraph(one, { linesMax: whole.split("\n").length })).toBe(whole);
    expect(refusalsOf(one)).toMatchObject({ count: 150 });
    expect(refusalsOf(one).refused).toHaveLength(100);
  });

  it("is no stack overflow, however wide a table is", () => {
    const graph = new GraphBuilder();
    const wide = list(graph, many(150_000, integer));
    expect(showGraph(graph.state([["wide", wide]])).split("\n")).toHaveLength(1001);
  });
});
