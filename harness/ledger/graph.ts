/** A graph with roots: what is reached, who dominates whom, shortest paths; without recursion. */

export interface Graph {
  /** Nodes that are there for their own sake. */
  readonly roots: readonly number[];
  /** Of each node, the nodes that it needs. */
  readonly edges: readonly (readonly number[])[];
}

export interface Dominators {
  /** Of each node, the one without which it would go; -1 when it takes more than one. */
  readonly parents: readonly number[];
  /** Each node stands behind the one that dominates it. */
  readonly order: readonly number[];
  /** Nodes that no root leads to; they count as roots. */
  readonly unreached: ReadonlySet<number>;
}

/** A node beyond the last one, which leads to all roots. */
interface RootedGraph {
  readonly top: number;
  readonly edges: readonly (readonly number[])[];
}

/**
 * Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm (2001): the nearest dominator of each
 * node is worked out from its predecessors', in reverse postorder, until nothing changes.
 */
export function dominatorsOf(graph: Graph): Dominators {
  const { entries, unreached } = entriesOfUnreached(graph);
  const top = graph.edges.length;
  // What no root leads to keeps nothing alive that one does.
  const counting = graph.edges.map((targets, node) =>
    unreached.has(node) ? targets.filter((target) => unreached.has(target)) : targets,
  );
  const rooted = { top, edges: [...counting, [...graph.roots, ...entries]] };
  const order = reversePostorder(rooted);
  const ranks = new Int32Array(top + 1);
  for (const [rank, node] of order.entries()) ranks[node] = rank;
  const dominators = settle(ranked(rooted, order, ranks));
  const parents = Array.from({ length: top }, (_, node) => {
    const parent = order[dominators[ranks[node] ?? 0] ?? 0] ?? top;
    return parent === top ? -1 : parent;
  });
  return { parents, order: order.slice(1), unreached };
}

/** The weight of each node and all that it dominates: what would go with it. */
export function retainedOf(
  { parents, order }: Dominators,
  weights: readonly number[],
): readonly number[] {
  const retained = [...weights];
  for (const node of order.toReversed()) {
    const parent = parents[node] ?? -1;
    if (parent < 0) continue;
    retained[parent] = (retained[parent] ?? 0) + (retained[node] ?? 0);
  }
  return retained;
}

/** A shortest way from a root to the node, both included; undefined when no root leads there. */
export function shortestPath(graph: Graph, target: number): readonly number[] | undefined {
  const cameFrom = new Map<number, number | undefined>(
    graph.roots.map((root) => [root, undefined]),
  );
  for (const node of cameFrom.keys()) {
    if (node === target) return pathTo(target, cameFrom);
    for (const next of graph.edges[node] ?? []) if (!cameFrom.has(next)) cameFrom.set(next, node);
  }
  return undefined;
}

function pathTo(
  target: number,
  cameFrom: ReadonlyMap<number, number | undefined>,
): readonly number[] {
  const path: number[] = [];
  for (let node: number | undefined = target; node !== undefined; node = cameFrom.get(node)) {
    path.push(node);
  }
  return path.reverse();
}

/** Of the nodes that no root leads to, those that none of them leads to, then one of each cycle. */
function entriesOfUnreached({ roots, edges }: Graph): {
  readonly entries: readonly number[];
  readonly unreached: ReadonlySet<number>;
} {
  const reached = new Set<number>();
  reach(edges, roots, reached);
  const unreached = new Set([...edges.keys()].filter((node) => !reached.has(node)));
  const needed = new Set([...unreached].flatMap((node) => edges[node] ?? []));
  const entries = [...unreached].filter((node) => !needed.has(node));
  reach(edges, entries, reached);
  for (const node of unreached) {
    if (reached.has(node)) continue;
    entries.push(node);
    reach(edges, [node], reached);
  }
  return { entries, unreached };
}

function reach(edges: Graph["edges"], from: readonly number[], reached: Set<number>): void {
  const pending = [...from];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const next of edges[node] ?? []) pending.push(next);
  }
}

function reversePostorder({ top, edges }: RootedGraph): readonly number[] {
  const order: number[] = [];
  const seen = new Set([top]);
  const path = [{ node: top, next: 0 }];
  for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
    const target = edges[here.node]?.[here.next];
    here.next += 1;
    if (target === undefined) {
      order.push(here.node);
      path.pop();
    } else if (!seen.has(target)) {
      seen.add(target);
      path.push({ node: target, next: 0 });
    }
  }
  return order.reverse();
}

/** Of each rank but the first, the ranks of the nodes that lead there. */
function ranked(
  { edges }: RootedGraph,
  order: readonly number[],
  ranks: Int32Array,
): readonly (readonly number[])[] {
  const predecessors: number[][] = order.map(() => []);
  for (const [rank, node] of order.entries()) {
    for (const next of edges[node] ?? []) predecessors[ranks[next] ?? 0]?.push(rank);
  }
  return predecessors;
}

/** The rank of each rank's nearest dominator; rank 0 is the top, its own. */
function settle(predecessors: readonly (readonly number[])[]): Int32Array {
  const unknown = -1;
  const dominators = new Int32Array(predecessors.length).fill(unknown);
  dominators[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let rank = 1; rank < predecessors.length; rank += 1) {
      const known = (predecessors[rank] ?? []).filter((each) => dominators[each] !== unknown);
      const nearest = known.reduce((a, b) => commonDominator(dominators, a, b));
      if (dominators[rank] === nearest) continue;
      dominators[rank] = nearest;
      changed = true;
    }
  }
  return dominators;
}

function commonDominator(dominators: Int32Array, first: number, second: number): number {
  let a = first;
  let b = second;
  while (a !== b) {
    while (a > b) a = dominators[a] ?? 0;
    while (b > a) b = dominators[b] ?? 0;
  }
  return a;
}
