/** What Lua takes for granted of each table: where its array ends, and which keys it has. */

import { latin1Of } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { shortTextMax } from "../map/long-texts.ts";
import type { GraphObject, GraphValue, ObjectId, TableObject } from "./graph.ts";

/** Throws DecodeError. Linear, up to the logarithm that sorting long strings takes. */
export function checkTables(objects: readonly GraphObject[]): void {
  const same = new SameObjects(objects);
  for (const [id, object] of objects.entries()) {
    if (object.kind !== "table") continue;
    const fault = limitFault(object) ?? keyFault(object, same);
    if (fault !== undefined) throw new DecodeError(`object ${id}, a table: ${fault}`);
  }
}

/** Lua finds the array's size again from a limit within it: the next power of two. */
function limitFault({ array, arrayLimit }: TableObject): string | undefined {
  if (arrayLimit === array.length) return undefined;
  const isPower = (arrayLimit & (arrayLimit - 1)) === 0;
  if (!isPower && 2 ** Math.ceil(Math.log2(arrayLimit)) === array.length) return undefined;
  return `array limit ${arrayLimit} in ${array.length} slots`;
}

function keyFault({ array, hash }: TableObject, same: SameObjects): string | undefined {
  const keys = new Set<unknown>();
  for (const node of hash?.nodes ?? []) {
    if (node.kind !== "entry") continue;
    const { key } = node;
    if (key.kind === "integer" && key.value >= 1n && key.value <= BigInt(array.length)) {
      return `key ${key.value} lies in the array, which has ${array.length} slots`;
    }
    const identity = same.identityOf(key);
    if (keys.has(identity)) return "a key stands there twice";
    keys.add(identity);
  }
  return undefined;
}

/** Objects that are one object in Lua: strings of the same bytes, tables of the same name. */
class SameObjects {
  readonly #objects: readonly GraphObject[];
  #first: ReadonlyMap<ObjectId, ObjectId> | undefined;

  constructor(objects: readonly GraphObject[]) {
    this.#objects = objects;
  }

  /** Equal for equal keys. */
  identityOf(key: GraphValue): unknown {
    switch (key.kind) {
      case "reference":
        this.#first ??= firstOfEach(this.#objects);
        return this.#first.get(key.id) ?? key.id;
      case "integer":
        return `integer ${key.value}`;
      case "float":
        return `float ${key.value}`;
      case "cFunction":
        return `function ${key.name}`;
      case "boolean":
        return key.value;
      case "nil":
        return "nil";
      case "refused":
        // Each stands for another object.
        return key;
    }
  }
}

/** For each object that is an earlier one again, that one. No table has a long name. */
function firstOfEach(objects: readonly GraphObject[]): ReadonlyMap<ObjectId, ObjectId> {
  const first = new Map<ObjectId, ObjectId>();
  const known = new Map<string, ObjectId>();
  const long: { readonly id: ObjectId; readonly bytes: Uint8Array }[] = [];
  for (const [id, object] of objects.entries()) {
    const text = textOf(object);
    if (text === undefined) continue;
    if (text.kind === "s" && text.bytes.length > shortTextMax) {
      long.push({ id, bytes: text.bytes });
      continue;
    }
    const name = text.kind + latin1Of(text.bytes);
    const before = known.get(name);
    if (before === undefined) known.set(name, id);
    else first.set(id, before);
  }
  long.sort((a, b) => compareBytes(a.bytes, b.bytes) || a.id - b.id);
  for (const [i, { id, bytes }] of long.entries()) {
    const before = long[i - 1];
    if (before === undefined || compareBytes(before.bytes, bytes) !== 0) continue;
    first.set(id, first.get(before.id) ?? before.id);
  }
  return first;
}

function textOf(
  object: GraphObject,
): { readonly kind: string; readonly bytes: Uint8Array } | undefined {
  switch (object.kind) {
    case "string":
      return { kind: "s", bytes: object.bytes.toBytes() };
    case "namedTable":
      return { kind: "n", bytes: object.name.toBytes() };
    case "tableHandle":
      return { kind: "h", bytes: new Uint8Array(Uint32Array.of(object.table).buffer) };
    default:
      return undefined;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
