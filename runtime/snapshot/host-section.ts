/** The host's part of snapshots and images: what the guest knows by number only. */
import { idMax, memoryBytes } from "../abi/abi.ts";
import { bytesOfLatin1, latin1Of } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { IdMap } from "../map/id-map.ts";
import { LuaBytes } from "../scalar/scalars.ts";
import type { IteratorPlace } from "../table/table-iterators.ts";
import { decodeValue } from "../value/decode.ts";
import { encodeValue } from "../value/encode.ts";
import { LuaTable, type LuaValue } from "../value/values.ts";

export interface HostSection {
  /** The name of each host function by its number: its bytes, one character each. */
  readonly functions: ReadonlyMap<number, string>;
  /** How many handles Lua has on each external table, by its id. */
  readonly handles: ReadonlyMap<number, number>;
  /** Each place once, so that a key is not repeated for each loop that stands at it. */
  readonly iterators: readonly IteratorPlace[];
  /** Above the id of every external table that there was. */
  readonly nextTable: number;
}

/** Its own, and one for each loop: in the memory one takes more than so many bytes. */
const tablesMax = 4 + memoryBytes / 32;
const fieldNames: readonly string[] = ["functions", "handles", "iterators", "nextTable"];

export function encodeHostSection(section: HostSection): Uint8Array<ArrayBuffer> {
  const { functions, handles, iterators, nextTable } = section;
  const names = [...functions].map(([id, name]) => [id, bytesAsValue(name)] as const);
  const places = iterators.flatMap(({ ids, tableId, nextKey }) => {
    // One table for all of them: an encoding refers back to it.
    const next = nextKey === undefined ? undefined : bytesAsValue(nextKey);
    const place = new LuaTable([
      ["table", tableId],
      ["next", next],
    ]);
    return ids.map((id) => [id, place] as const);
  });
  return encodeValue(
    {
      functions: new LuaTable(names),
      handles: new LuaTable(handles),
      iterators: new LuaTable(places),
      nextTable,
    },
    () => {
      throw new TypeError("a host section holds no external table");
    },
  );
}

/** Throws DecodeError for bytes that are no host section. */
export function decodeHostSection(bytes: Uint8Array): HostSection {
  const decoding = {
    integers: "number",
    strings: "bytes",
    tableOf: () => undefined,
    tablesMax,
  } as const;
  const fields = new Map<string, LuaValue>();
  for (const [key, value] of tableOf(decodeValue(bytes, decoding), "the host section")) {
    const name = textOf(key, "a field of the host section");
    if (!fieldNames.includes(name)) throw new DecodeError("the host section has an unknown field");
    fields.set(name, value);
  }
  const field = (name: string) => tableOf(fields.get(name), name);
  return {
    functions: new IdMap(
      [...field("functions")].map(([id, name]) => [
        numberOf(id, "the number of a host function"),
        textOf(name, "the name of a host function"),
      ]),
    ),
    handles: new IdMap(
      [...field("handles")].map(([id, count]) => [
        numberOf(id, "the id of an external table"),
        numberOf(count, "a count of handles"),
      ]),
    ),
    iterators: placesOf(field("iterators")),
    nextTable: numberOf(fields.get("nextTable"), "the id of the next external table"),
  };
}

/** Each place is read once, however many iterators refer to it. */
function placesOf(iterators: LuaTable): readonly IteratorPlace[] {
  const places = new Map<LuaTable, IteratorPlace & { readonly ids: number[] }>();
  for (const [key, value] of iterators) {
    const id = numberOf(key, "the number of an iterator");
    const table = tableOf(value, "the place of an iterator");
    const known = places.get(table);
    if (known === undefined) places.set(table, { ...placeOf(table), ids: [id] });
    else known.ids.push(id);
  }
  return [...places.values()];
}

function placeOf(fields: LuaTable): Omit<IteratorPlace, "ids"> {
  const next = fields.get("next");
  if (fields.size !== (next === undefined ? 1 : 2)) {
    throw new DecodeError("the place of an iterator is a table and a key");
  }
  return {
    tableId: numberOf(fields.get("table"), "the table of an iterator"),
    nextKey: next === undefined ? undefined : textOf(next, "the next key of an iterator"),
  };
}

function tableOf(value: LuaValue, what: string): LuaTable {
  if (value instanceof LuaTable) return value;
  throw new DecodeError(`${what} is no table`);
}

function bytesAsValue(text: string): LuaBytes {
  return new LuaBytes(bytesOfLatin1(text));
}

function numberOf(value: LuaValue, what: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= idMax) {
    return value;
  }
  throw new DecodeError(`${what} is no integer from 0 to ${idMax}`);
}

/** One character for each byte. */
function textOf(value: LuaValue, what: string): string {
  if (value instanceof LuaBytes) return latin1Of(value.toBytes());
  throw new DecodeError(`${what} is no string`);
}
