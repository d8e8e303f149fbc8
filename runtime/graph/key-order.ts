/** Identities of table keys that are no objects, and the order in which people expect them. */
import type { GraphValue } from "./graph.ts";
import type { RankedGraph } from "./text-ranks.ts";

/** So many that ranks are sorted as texts as they are as numbers. */
const rankDigits = 10;

/**
 * Equal for equal keys of two graphs, and short, however long the key is; undefined for an object
 * without a name.
 */
export function keyIdentity(graph: RankedGraph, key: GraphValue): string | undefined {
  if (key.kind === "reference") {
    const object = graph.objects[key.id];
    const rank = graph.textRanks.get(key.id);
    if (rank !== undefined) {
      const kind = object?.kind === "namedTable" ? "table" : "string";
      return `${kind} ${rank.toString().padStart(rankDigits, "0")}`;
    }
    return object?.kind === "tableHandle" ? `external table ${object.table}` : undefined;
  }
  switch (key.kind) {
    case "integer":
    case "float":
      return `number ${key.value}`;
    case "boolean":
      return `boolean ${key.value}`;
    case "cFunction":
      return `function ${key.name}`;
    case "refused":
      return `refused ${key.refusal}`;
    case "nil":
      return undefined;
  }
}

/** What a key is sorted by. */
export interface KeyOrder {
  /** Of a number: an integer as a bigint, which compares exactly with a number. */
  readonly number: number | bigint | undefined;
  readonly identity: string;
}

export function numberOf(key: GraphValue): number | bigint | undefined {
  return key.kind === "integer" || key.kind === "float" ? key.value : undefined;
}

/** Numbers by their value, then all others by their identities. */
export function compareKeys(one: KeyOrder, other: KeyOrder): number {
  if (one.number !== undefined && other.number !== undefined) {
    if (one.number === other.number) return 0;
    return one.number < other.number ? -1 : 1;
  }
  if (one.number !== undefined) return -1;
  if (other.number !== undefined) return 1;
  if (one.identity === other.identity) return 0;
  return one.identity < other.identity ? -1 : 1;
}
