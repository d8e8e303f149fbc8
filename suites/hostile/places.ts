/** Where the figures of a snapshot, a stored value or a log lie, and what each of them is. */
import { valueTags } from "../../runtime/abi/abi.ts";
import { ByteReader } from "../../runtime/bytes/byte-reader.ts";
import type { FieldKind, FieldType } from "../../runtime/graph/body-fields.ts";
import type { BodyTrace } from "../../runtime/graph/body-reader.ts";
import { decodeBody } from "../../runtime/graph/decode-body.ts";

/** A figure, or bytes that a figure counts. */
export interface Place {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly type: FieldType;
  readonly kind: FieldKind;
  readonly max: number;
}

/** Something that can be taken away, doubled, or put in another's place. */
export interface Region {
  readonly kind: "shell" | "contents" | "slot" | "node" | "call" | "entry" | "record";
  readonly from: number;
  readonly to: number;
  /** The figure that counts it and its like. */
  readonly count: Place | undefined;
}

/** A length that is written anew when what it measures changed. */
export interface Measured {
  readonly place: Place;
  readonly from: number;
  readonly to: number;
}

/** Bytes, and all that is known of them. */
export interface Layout {
  readonly bytes: Uint8Array;
  readonly places: readonly Place[];
  readonly regions: readonly Region[];
  readonly measured: readonly Measured[];
  /** Places of one name each, and regions of one kind. */
  readonly byName: readonly (readonly Place[])[];
  readonly byKind: readonly (readonly Region[])[];
}

class Mapping {
  readonly places: Place[] = [];
  readonly regions: Region[] = [];
  readonly measured: Measured[] = [];

  place(place: Omit<Place, "max"> & { readonly max?: number }): Place {
    const made = { max: 2 ** (8 * Math.min(place.length, 4)) - 1, ...place };
    this.places.push(made);
    return made;
  }

  layout(bytes: Uint8Array): Layout {
    const { places, regions, measured } = this;
    const byName = [...Map.groupBy(places, ({ name }) => name).values()];
    const byKind = [...Map.groupBy(regions, ({ kind }) => kind).values()];
    return { bytes, places, regions, measured, byName, byKind };
  }
}

/** Throws TypeError for a body that is none: bases are whole. */
export function layoutOfBody(bytes: Uint8Array): Layout {
  const mapping = new Mapping();
  mapBody(mapping, bytes, 0);
  return mapping.layout(bytes);
}

/** Which figure counts the items that begin with a field. */
const counts: Readonly<Record<string, string>> = {
  callFunction: "coroutineCalls",
  rootsFinalizer: "rootsFinalizers",
  coroutineVariableToClose: "coroutineVariablesToClose",
};
/** What belongs to the slot whose tag stands before it. */
const slotPayloads: ReadonlySet<string> = new Set([
  "slotBoolean",
  "slotInteger",
  "slotFloat",
  "slotReference",
  "slotFunction",
  "slotReason",
]);

/** `offset`: where the body begins in the whole. Throws TypeError. */
function mapBody(mapping: Mapping, body: Uint8Array, offset: number): void {
  const map = new BodyMap(mapping, offset);
  const decoded = decodeBody(body, {}, map);
  if (!decoded.ok) throw new TypeError(`a base is no body: ${decoded.reason}`);
  map.end();
}

/** Told of each figure of a body in turn. */
class BodyMap implements BodyTrace {
  readonly #mapping: Mapping;
  readonly #offset: number;
  readonly #places: Place[] = [];
  readonly #latest = new Map<string, Place>();
  readonly #parts: { readonly part: string; readonly at: number }[] = [];
  /** For each object the figure that counts the slots of its array. */
  readonly #arrays: (Place | undefined)[] = [];
  #contents = -1;
  /** What counts the slots that come now. */
  #slots: Place | undefined;

  constructor(mapping: Mapping, offset: number) {
    this.#mapping = mapping;
    this.#offset = offset;
  }

  readonly part: BodyTrace["part"] = (part, at) => {
    if (part === "shell") this.#arrays.push(undefined);
    if (part === "contents") this.#contents += 1;
    this.#slots = part === "contents" ? this.#arrays[this.#contents] : undefined;
    this.#parts.push({ part, at: this.#offset + at });
  };

  readonly field: BodyTrace["field"] = ({ name, type, kind, max }, { at, length }) => {
    const { regions } = this.#mapping;
    const from = this.#offset + at;
    const place = this.#mapping.place({ name, type, kind, max, at: from, length });
    this.#places.push(place);
    this.#latest.set(name, place);
    if (name === "tableArraySlots") this.#arrays[this.#arrays.length - 1] = place;
    if (name === "coroutineStackUsed") this.#slots = place;
    if (name === "nodeTag" || name === "coroutineVariablesToClose") this.#slots = undefined;
    const counted = counts[name];
    if (counted !== undefined) {
      // A call ends with its last field.
      const to = name === "callFunction" ? -1 : from + length;
      regions.push({ kind: "call", from, to, count: this.#latest.get(counted) });
    }
    if (name === "slotTag") {
      regions.push({ kind: "slot", from, to: from + 1, count: this.#slots });
    }
    if (name === "nodeTag") regions.push({ kind: "node", from, to: from + 1, count: undefined });
    extendLast(regions, { name, end: from + length });
  };

  end(): void {
    const count = this.#latest.get("prologueObjects");
    for (const [i, { part, at: from }] of this.#parts.entries()) {
      if (part !== "shell" && part !== "contents") continue;
      const to = this.#parts[i + 1]?.at ?? from;
      this.#mapping.regions.push({ kind: part, from, to, count });
    }
    measureLengths(this.#mapping, this.#places);
  }
}

/** Regions end where their last field does. */
function extendLast(regions: Region[], { name, end }: { name: string; end: number }): void {
  const last = regions.at(-1);
  if (last === undefined) return;
  const isPayload = last.kind === "slot" && slotPayloads.has(name);
  const isOfNode = last.kind === "node" && (slotPayloads.has(name) || name === "nodeDeadKey");
  const isOfCall = last.kind === "call" && last.to < 0 && name === "callDetail";
  if (!isPayload && !isOfNode && !isOfCall) return;
  regions[regions.length - 1] = { ...last, to: end };
}

function measureLengths(mapping: Mapping, fields: readonly Place[]): void {
  for (const [i, place] of fields.entries()) {
    const next = fields[i + 1];
    if (place.kind !== "length" || next?.kind !== "bytes") continue;
    mapping.measured.push({ place, from: next.at, to: next.at + next.length });
  }
}

/** One value as docs/FORMATS.md has it: a host section. */
export function layoutOfValue(bytes: Uint8Array): Layout {
  const mapping = new Mapping();
  mapValue(mapping, { reader: new ByteReader(bytes), bytes, offset: 0 });
  return mapping.layout(bytes);
}

interface Walk {
  readonly reader: ByteReader;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

function figure(
  mapping: Mapping,
  { reader, offset }: Walk,
  field: Pick<Place, "name" | "type" | "kind"> & { readonly length: number },
): Place {
  const place = mapping.place({ ...field, at: offset + reader.at });
  reader.bytes(field.length);
  return place;
}

function u32(mapping: Mapping, walk: Walk, name: string, kind: FieldKind): [Place, number] {
  const place = figure(mapping, walk, { name, type: "u32", kind, length: 4 });
  const at = place.at - walk.offset;
  return [place, new DataView(walk.bytes.buffer, walk.bytes.byteOffset).getUint32(at, true)];
}

function measuredBytes(mapping: Mapping, walk: Walk, name: string): void {
  const [place, length] = u32(mapping, walk, `${name}Length`, "length");
  const from = walk.offset + walk.reader.at;
  figure(mapping, walk, { name, type: "bytes", kind: "bytes", length });
  mapping.measured.push({ place, from, to: from + length });
}

function mapValue(mapping: Mapping, walk: Walk): void {
  const { reader, bytes, offset } = walk;
  const tag = bytes[reader.at];
  figure(mapping, walk, { name: "valueTag", type: "u8", kind: "tag", length: 1 });
  switch (tag) {
    case valueTags.boolean:
      figure(mapping, walk, { name: "valueBoolean", type: "u8", kind: "flag", length: 1 });
      return;
    case valueTags.integer:
      figure(mapping, walk, { name: "valueInteger", type: "i64", kind: "number", length: 8 });
      return;
    case valueTags.float:
      figure(mapping, walk, { name: "valueFloat", type: "f64", kind: "number", length: 8 });
      return;
    case valueTags.string:
      return measuredBytes(mapping, walk, "valueString");
    case valueTags.backReference:
      u32(mapping, walk, "valueBackReference", "index");
      return;
    case valueTags.externalTable:
      u32(mapping, walk, "valueTable", "number");
      return;
    case valueTags.table: {
      const [count, entries] = u32(mapping, walk, "valueEntries", "count");
      for (let i = 0; i < entries; i++) {
        const from = offset + reader.at;
        mapValue(mapping, walk);
        mapValue(mapping, walk);
        mapping.regions.push({ kind: "entry", from, to: offset + reader.at, count });
      }
    }
  }
}

/** A group of a log: docs/STORES.md. */
export function layoutOfGroup(bytes: Uint8Array): Layout {
  const mapping = new Mapping();
  const reader = new ByteReader(bytes);
  const walk: Walk = { reader, bytes, offset: 0 };
  u32(mapping, walk, "logNextId", "number");
  while (reader.left > 0) {
    const from = reader.at;
    const tag = bytes[from];
    figure(mapping, walk, { name: "logTag", type: "u8", kind: "tag", length: 1 });
    if (tag === 1 || tag === 2 || tag === 3) u32(mapping, walk, "logTableId", "number");
    if (tag === 1) mapName(mapping, walk);
    if (tag === 5 || tag === 6) mapKept(mapping, walk, "logKey");
    if (tag === 5) mapKept(mapping, walk, "logValue");
    mapping.regions.push({ kind: "record", from, to: reader.at, count: undefined });
  }
  return mapping.layout(bytes);
}

function mapName(mapping: Mapping, walk: Walk): void {
  const { reader, bytes } = walk;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(reader.at, true);
  if (length === 0xffff_ffff) u32(mapping, walk, "logNameLength", "length");
  else measuredBytes(mapping, walk, "logName");
}

/** A key or a value of an entry, with its length before it. */
function mapKept(mapping: Mapping, walk: Walk, name: string): void {
  const [place, length] = u32(mapping, walk, `${name}Length`, "length");
  const at = walk.reader.at;
  const bytes = walk.reader.bytes(length);
  mapping.measured.push({ place, from: at, to: at + length });
  if (bytes[0] !== valueTags.graph) {
    return mapValue(mapping, { reader: new ByteReader(bytes), bytes, offset: at });
  }
  mapping.place({ name: "valueTag", type: "u8", kind: "tag", at, length: 1 });
  mapBody(mapping, bytes.subarray(1), at + 1);
}
