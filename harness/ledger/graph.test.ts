/** Dominators and ways against what taking a node out really does, on random and deep graphs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dominatorsOf, type Graph, retainedOf, shortestPath } from "./graph.ts";

/** What the roots lead to when one node is gone; by definition, without dominators. */
function reachedWithout({ roots, edges }: Graph, gone?: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === gone || reached.has(node)) continue;
    reached.add(node);
    pending.push(...(edges[node] ?? []));
  }
  return reached;
}

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const node = fc.nat({ max: size - 1 });
  return fc.record({
    roots: fc.uniqueArray(node, { minLength: 1, maxLength: 3 }),
    edges: fc.array(fc.array(node, { maxLength: 3 }), { minLength: size, maxLength: size }),
  });
});

describe("dominatorsOf and retainedOf", () => {
  test("retained is what goes with a node, for every node of any graph", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const weights = graph.edges.map((_, node) => 2 ** node);
        const dominators = dominatorsOf(graph);
        const retained = retainedOf(dominators, weights);
        const all = reachedWithout(graph);
        for (const node of all) {
          const left = reachedWithout(graph, node);
          const lost = [...all].filter((each) => !left.has(each));
          expect(retained[node]).toBe(lost.reduce((sum, each) => sum + 2 ** each, 0));
        }
        expect(dominators.unreached).toEqual(
          new Set([...graph.edges.keys()].filter((node) => !all.has(node))),
        );
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  test("the trees of all nodes without a parent hold every weight once", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const dominators = dominatorsOf(graph);
        const retained = retainedOf(
          dominators,
          graph.edges.map(() => 1),
        );
        const tops = dominators.parents.flatMap((parent, node) => (parent < 0 ? [node] : []));
        const sum = tops.reduce((total, node) => total + (retained[node] ?? 0), 0);
        expect(sum).toBe(graph.edges.length);
      }),
      { seed: 1 },
    );
  });

  test("what nothing leads to retains what only it leads to", () => {
    const graph = { roots: [0], edges: [[], [2], [], [4], [3]] };
    const { unreached, parents } = dominatorsOf(graph);
    expect(unreached).toEqual(new Set([1, 2, 3, 4]));
    expect(parents).toEqual([-1, -1, 1, -1, 3]);
  });

  test("a chain and a fan of 200,000 nodes overflow no stack", () => {
    const size = 200_000;
    const chain = Array.from({ length: size }, (_, node) => (node + 1 < size ? [node + 1] : []));
    const weights = chain.map(() => 1);
    expect(retainedOf(dominatorsOf({ roots: [0], edges: chain }), weights)[0]).toBe(size);
    const fan = chain.map((_, node) => (node === 0 ? [...chain.keys()] : []));
    expect(retainedOf(dominatorsOf({ roots: [0], edges: fan }), weights)[0]).toBe(size);
    expect(shortestPath({ roots: [0], edges: chain }, size - 1)).toHaveLength(size);
  });
});

describe("shortestPath", () => {
  test("goes over edges from a root, and no way is shorter", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const node of graph.edges.keys()) {
          const path = shortestPath(graph, node);
          expect(path !== undefined).toBe(reachedWithout(graph).has(node));
          if (path === undefined) continue;
          expect(graph.roots).toContain(path[0]);
          expect(path.at(-1)).toBe(node);
          for (const [place, step] of path.slice(1).entries()) {
            expect(graph.edges[path[place] ?? -1]).toContain(step);
          }
          expect(path.length).toBe(distance(graph, node));
        }
      }),
      { seed: 1 },
    );
  });
});

/** Nodes on the way, by layers. */
function distance({ roots, edges }: Graph, target: number): number {
  let layer = new Set(roots);
  for (let length = 1; length <= edges.length; length += 1) {
    if (layer.has(target)) return length;
    layer = new Set([...layer].flatMap((node) => [node, ...(edges[node] ?? [])]));
  }
  return -1;
}
