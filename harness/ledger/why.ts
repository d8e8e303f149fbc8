/** Answers why an item is in the module: a shortest way to it from something that is a root. */
import { type Graph, shortestPath } from "./graph.ts";
import type { LedgerItem } from "./item.ts";
import type { ReferenceGraphs } from "./references.ts";

/** Why an item is there. */
export interface Why {
  readonly item: LedgerItem;
  /** From a root to the item; empty when no root leads there. */
  readonly path: readonly LedgerItem[];
  /** The way goes over addresses, which are guessed. */
  readonly isApproximate: boolean;
}

/**
 * Of the function of that name, else of the first item that has it. Data is a root of the exact
 * graph, which says nothing: for it the way over addresses is given. `items` are in the order of
 * the graphs' nodes.
 */
export function whyOf(options: {
  readonly name: string;
  readonly items: readonly LedgerItem[];
  readonly graphs: ReferenceGraphs;
}): Why | undefined {
  const { name, items, graphs } = options;
  const functionNode = items.findIndex((item) => item.kind === "function" && item.name === name);
  const node = functionNode < 0 ? items.findIndex((item) => item.name === name) : functionNode;
  const item = items[node];
  if (item === undefined) return undefined;
  const isApproximate = item.kind === "data";
  const path = wayTo(isApproximate ? graphs.withData : graphs.exact, node);
  return { item, path: path.flatMap((step) => items[step] ?? []), isApproximate };
}

function wayTo(graph: Graph, node: number): readonly number[] {
  return shortestPath(graph, node) ?? [];
}
