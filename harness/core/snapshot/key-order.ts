/** Identities of table keys that are no objects, and the order in which people expect them. */
import { latin1Of } from "../table-key.ts";
import type { GraphValue } from "./graph.ts";
import type { Objects } from "./value-text.ts";

/** Equal for equal keys of two graphs; undefined for an object without a name. */
export function keyIdentity(objects: Objects, key: GraphValue): string | undefined {
  if (key.kind === "reference") {
    const object = objects[key.id];
    if (object?.kind === "string") return `string ${latin1Of(object.bytes.toBytes())}`;
    if (object?.kind === "namedTable") return `table ${latin1Of(object.name.toBytes())}`;
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
