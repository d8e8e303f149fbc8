/** Entries of a table in a graph by keys that are short strings or integers, as libraries have. */
import { latin1Of } from "../bytes/latin1.ts";
import { edgesOf, type Step } from "./edges.ts";
import type { GraphValue, ObjectId, TableObject } from "./graph.ts";
import type { Objects } from "./value-text.ts";

/** No library has a longer key; hashing long ones would take its time. */
const keyBytesMax = 64;

/** Keys of the registry, as `entriesByKey` has them. */
export const globalsKey = "i2";
export const loadedKey = "s_LOADED";
export const preloadKey = "s_PRELOAD";

/** The entries under strings and integers, the keys as text: of others libraries have none. */
export function entriesByKey(
  objects: Objects,
  { array, hash }: TableObject,
  bytesMax = keyBytesMax,
): ReadonlyMap<string, GraphValue> {
  const entries = new Map<string, GraphValue>();
  for (const [i, value] of array.entries()) entries.set(`i${i + 1}`, value);
  for (const node of hash?.nodes ?? []) {
    if (node.kind !== "entry") continue;
    const key = keyOf(objects, node.key, bytesMax);
    if (key !== undefined) entries.set(key, node.value);
  }
  return entries;
}

export interface FilledEntry {
  /** As `entriesByKey` has it; undefined for keys that libraries don't use. */
  readonly key: string | undefined;
  readonly value: GraphValue;
  readonly step: Step;
}

/** Those that have values. */
export function filledEntries(objects: Objects, table: TableObject): readonly FilledEntry[] {
  return edgesOf(objects, { ...table, metatable: undefined }).flatMap(({ step, value }) => {
    return step.kind === "entry" ? [{ key: keyOf(objects, step.key), value, step }] : [];
  });
}

function keyOf(objects: Objects, key: GraphValue, bytesMax?: number): string | undefined {
  if (key.kind === "integer") return `i${key.value}`;
  const text = key.kind === "reference" ? shortStringAt(objects, key.id, bytesMax) : undefined;
  return text === undefined ? undefined : `s${text}`;
}

/** A short string, a character for each byte; undefined for a long one, and for no string. */
export function shortStringAt(
  objects: Objects,
  id: ObjectId,
  bytesMax = keyBytesMax,
): string | undefined {
  const object = objects[id];
  if (object?.kind !== "string" || object.bytes.length > bytesMax) return undefined;
  return latin1Of(object.bytes.toBytes());
}
