/** Says of each item which group its bytes count for. */
import type { DataPieces } from "./data-pieces.ts";
import { isNameless } from "./item-names.ts";
import type { PartKind } from "./kinds.ts";
import type { Part } from "./layout.ts";
import { originsOf } from "./origin.ts";
import type { ReferenceGraphs } from "./references.ts";
import type { SourceIndex } from "./sources.ts";

/** What belongs to the module as a whole, and to no source. */
const groupsByKind: Readonly<Record<Exclude<PartKind, "function">, string>> = {
  header: "sections",
  section: "sections",
  type: "sections",
  table: "sections",
  memory: "sections",
  tag: "sections",
  global: "sections",
  export: "sections",
  start: "sections",
  element: "sections",
  "data-count": "sections",
  segment: "sections",
  import: "imports",
  names: "names",
  custom: "custom",
};

/**
 * Functions by source (origin.ts). Data by who refers to it: "data/lua/lvm.c" when all its users
 * are of lua/lvm.c, "data/shared" when they are of several sources, "data/unattributed" when none
 * is seen; the prefix keeps what is guessed apart from what is known. The order is the graphs'.
 */
export function groupsOf(options: {
  readonly parts: readonly Part[];
  readonly data: DataPieces;
  readonly names: readonly string[];
  /** The module has a name section: a function without a name is no function of a source. */
  readonly isNamed: boolean;
  readonly graphs: ReferenceGraphs;
  readonly sources: SourceIndex;
}): readonly string[] {
  const { parts, data, graphs } = options;
  const origins = functionOrigins(options);
  const partGroups = parts.map(({ kind }, node) =>
    kind === "function" ? (origins.get(node) ?? "") : groupsByKind[kind],
  );
  const users = usersOfData(graphs, origins);
  const pieceGroups = data.pieces.map((_, piece) => {
    const [first, ...others] = users.get(parts.length + piece) ?? [];
    if (first === undefined) return "data/unattributed";
    return others.length === 0 ? `data/${first}` : "data/shared";
  });
  return [...partGroups, ...pieceGroups];
}

/** By node of the graph. */
function functionOrigins(options: {
  readonly parts: readonly Part[];
  readonly names: readonly string[];
  readonly isNamed: boolean;
  readonly graphs: ReferenceGraphs;
  readonly sources: SourceIndex;
}): ReadonlyMap<number, string> {
  const { parts, names, isNamed, graphs, sources } = options;
  const nodes = parts.flatMap(({ kind }, node) => (kind === "function" ? [node] : []));
  const places = new Map(nodes.map((node, place) => [node, place]));
  const callers: number[][] = nodes.map(() => []);
  const callees = nodes.map((node, place) => {
    const called = (graphs.exact.edges[node] ?? []).flatMap((next) => places.get(next) ?? []);
    for (const other of called) callers[other]?.push(place);
    return called;
  });
  const queries = nodes.map((node, place) => {
    const name = names[node] ?? "";
    return {
      ...(isNameless(name) ? {} : { name }),
      callers: callers[place] ?? [],
      callees: callees[place] ?? [],
    };
  });
  const origins = originsOf(queries, { sources, isNamed });
  return new Map(nodes.map((node, place) => [node, origins[place] ?? ""]));
}

/** The groups that lead to each node: functions' own, handed on from data to data. */
function usersOfData(
  { withData, exact }: ReferenceGraphs,
  origins: ReadonlyMap<number, string>,
): ReadonlyMap<number, ReadonlySet<string>> {
  const users = new Map<number, Set<string>>();
  for (const [node, group] of origins) {
    const known = new Set(exact.edges[node]);
    const pending = (withData.edges[node] ?? []).filter((next) => !known.has(next));
    for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
      const groups = users.get(piece) ?? new Set();
      users.set(piece, groups);
      if (groups.has(group)) continue;
      groups.add(group);
      pending.push(...(withData.edges[piece] ?? []));
    }
  }
  return users;
}
