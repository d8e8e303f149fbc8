/** Who needs whom in a module: the exact graph, and the one with data, which is partly guessed. */
import type { DataPieces } from "./data-pieces.ts";
import type { Graph } from "./graph.ts";
import type { PartKind } from "./kinds.ts";
import type { Part, Reference } from "./layout.ts";

/** Both have the parts as nodes, in their order, then the pieces of data. */
export interface ReferenceGraphs {
  /** What the module says itself. All data of active segments is a root: it is always loaded. */
  readonly exact: Graph;
  /** Data is there for the functions and for the data that hold an address in it. */
  readonly withData: Graph;
}

/**
 * What is there for its own sake. A function in a table can be called by whoever has its number, so
 * that element segments are roots, too.
 */
const rootKinds: ReadonlySet<PartKind> = new Set([
  "header",
  "section",
  "custom",
  "names",
  "export",
  "start",
  "element",
  "data-count",
] as const);

export function graphsOf(parts: readonly Part[], data: DataPieces): ReferenceGraphs {
  const nodes = new Map<string, number>();
  for (const [node, { place }] of parts.entries()) {
    if (place !== undefined) nodes.set(keyOf(place), node);
  }
  const partEdges = parts.map(({ references }) =>
    references.flatMap((reference) => nodes.get(keyOf(reference)) ?? []),
  );
  const roots = parts.flatMap((part, node) => (isRoot(part) ? [node] : []));
  const pieceNodes = data.pieces.map((_, piece) => parts.length + piece);
  const loaded = data.pieces.flatMap(({ segment }, piece) =>
    isPassive(segment) ? [] : [parts.length + piece],
  );
  const piecesOf = Map.groupBy(pieceNodes, (node) => data.pieces[node - parts.length]?.segment);
  const copied = parts.map((part) => (isPassive(part) ? (piecesOf.get(part) ?? []) : []));
  const addressed = parts.map(({ numbers }) =>
    [...(numbers?.constants ?? []), ...(numbers?.offsets ?? [])].flatMap((address) => {
      const piece = data.at(address);
      return piece === undefined ? [] : [parts.length + piece];
    }),
  );
  const joined = (...lists: readonly (readonly (readonly number[])[])[]) =>
    parts.map((_, node) => [...new Set(lists.flatMap((list) => list[node] ?? []))]);
  return {
    exact: {
      roots: [...roots, ...loaded],
      edges: [...joined(partEdges, copied), ...pieceNodes.map(() => [])],
    },
    withData: {
      roots,
      edges: [
        ...joined(partEdges, copied, addressed),
        ...data.pieces.map(({ pointsTo }) => pointsTo.map((piece) => parts.length + piece)),
      ],
    },
  };
}

function keyOf({ space, index }: Reference): string {
  return `${space} ${index}`;
}

function isRoot(part: Part): boolean {
  return rootKinds.has(part.kind) || (part.kind === "segment" && !isPassive(part));
}

/** Copied by memory.init; an active segment names the memory that it goes to. */
function isPassive({ kind, references }: Part): boolean {
  return kind === "segment" && references.every(({ space }) => space !== "memory");
}
