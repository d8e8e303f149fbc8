/** From a recipe, lines of numbers, to a mutant: a base with a few places changed. */
import { joined } from "../../runtime/bytes/joined.ts";
import { writeContainer } from "../../runtime/snapshot/container.ts";
import { frameOf } from "../../runtime/store/framing.ts";
import type { Base } from "./bases.ts";
import { changedBytes, type Surroundings } from "./boundary.ts";
import type { Layout, Place, Region } from "./places.ts";

/** What a line of a recipe does; all that the numbers behind it mean is picked from the base. */
export const operations = ["set", "slot", "copy", "swap", "double", "drop", "splice"] as const;
export type Operation = (typeof operations)[number];

export interface Mutant {
  readonly base: Base;
  /** A snapshot, a value of an entry, or a log. */
  readonly bytes: Uint8Array;
  /** What was changed, a line each. */
  readonly changes: readonly string[];
}

interface Step {
  readonly operation: Operation;
  readonly picks: readonly [number, number, number];
}

interface Edit {
  readonly part: number;
  readonly at: number;
  readonly remove: number;
  readonly bytes: Uint8Array;
}

const stepPattern = /^(\w+) (\d+) (\d+) (\d+)$/;
const logMagic = Uint8Array.of(0x4c, 0x50, 0x57, 0x54, 1, 0, 0, 0);
const graphTag = 0x0b;

/** undefined for lines that are no recipe, as a shorter one that lost its base is. */
export function mutantOf(bases: readonly Base[], recipe: string): Mutant | undefined {
  const [head = "", ...lines] = recipe.split("\n");
  const base = /^base \d+$/.test(head) ? bases[Number(head.slice(5)) % bases.length] : undefined;
  if (base === undefined) return undefined;
  const edits: Edit[] = [];
  const changes: string[] = [];
  for (const line of lines) {
    const step = stepOf(line);
    if (step === undefined) return undefined;
    const made = editsOf({ base, bases }, step);
    edits.push(...made.edits);
    changes.push(made.what);
  }
  const parts = base.parts.map((layout, part) =>
    applied(
      layout,
      edits.filter((edit) => edit.part === part),
    ),
  );
  return { base, bytes: assembled(base, parts), changes };
}

function stepOf(line: string): Step | undefined {
  const [, name, a, b, c] = stepPattern.exec(line) ?? [];
  const operation = operations.find((each) => each === name);
  if (operation === undefined) return undefined;
  return { operation, picks: [Number(a), Number(b), Number(c)] };
}

interface Made {
  readonly edits: readonly Edit[];
  readonly what: string;
}

function editsOf(
  { base, bases }: { readonly base: Base; readonly bases: readonly Base[] },
  { operation, picks }: Step,
): Made {
  const [a, b, c] = picks;
  const part = partOf(base, a);
  const layout = base.parts[part];
  if (layout === undefined) return { edits: [], what: "nothing" };
  const { bytes } = layout;
  const region = regionOf(layout, { a, b });
  const edit = (at: number, remove: number, by: Uint8Array): Edit => ({
    part,
    at,
    remove,
    bytes: by,
  });
  const replace = (old: Region, by: Uint8Array): Edit => edit(old.from, old.to - old.from, by);
  const cut = ({ from, to }: Region): Uint8Array => bytes.slice(from, to);
  if (operation === "set" || region === undefined) {
    const { place, by } = changed(layout, { a, b, c });
    const old = bytes.slice(place.at, place.at + place.length);
    return {
      edits: [edit(place.at, place.length, by)],
      what: `${place.name} at ${place.at}: ${shown(old)} -> ${shown(by)}`,
    };
  }
  const alike = regionsOf(layout, region.kind);
  const other = alike[c % alike.length] ?? region;
  const what = `${operation} ${region.kind} at ${region.from}`;
  switch (operation) {
    case "slot": {
      const slots = regionsOf(layout, "slot");
      const slot = slots[b % slots.length];
      if (slot === undefined) return { edits: [], what: "nothing" };
      const by = slotOf(layout, c);
      return { edits: [replace(slot, by)], what: `slot at ${slot.from}: -> ${shown(by)}` };
    }
    case "copy":
      return { edits: [replace(region, cut(other))], what: `${what}, of ${other.from}` };
    case "swap":
      return {
        edits: [replace(region, cut(other)), replace(other, cut(region))],
        what: `${what} and ${other.from}`,
      };
    case "double":
      return { edits: doubled(layout, { region, edit, keepsCount: c % 4 === 0 }), what };
    case "drop":
      return { edits: dropped(layout, { region, edit, keepsCount: c % 4 === 0 }), what };
    case "splice": {
      const from = bases[c % bases.length] ?? base;
      const source = from.parts[partOf(from, a)] ?? layout;
      const regions = regionsOf(source, region.kind);
      const piece = regions[(b + c) % regions.length];
      if (piece === undefined) return { edits: [], what: "nothing" };
      const by = source.bytes.slice(piece.from, piece.to);
      return { edits: [replace(region, by)], what: `${what}, from ${from.name} ${piece.from}` };
    }
  }
}

/** The body most often, and one of the groups of a log. */
function partOf(base: Base, a: number): number {
  if (base.kind === "state") return a % 8 === 0 ? 0 : 1;
  return a % base.parts.length;
}

/** By name first, so that rare figures have their turn. */
function placeOf({ byName }: Layout, picks: { readonly a: number; readonly b: number }): Place {
  const named = byName[Math.floor(picks.a / 8) % byName.length] ?? [];
  const place = named[picks.b % named.length];
  if (place === undefined) throw new TypeError("a base without figures");
  return place;
}

function regionOf({ byKind }: Layout, picks: { readonly a: number; readonly b: number }) {
  const regions = byKind[Math.floor(picks.a / 8) % Math.max(1, byKind.length)] ?? [];
  return regions[picks.b % Math.max(1, regions.length)];
}

function regionsOf({ byKind }: Layout, kind: Region["kind"]): readonly Region[] {
  return byKind.find(([first]) => first?.kind === kind) ?? [];
}

function changed(
  layout: Layout,
  { a, b, c }: { readonly a: number; readonly b: number; readonly c: number },
): { readonly place: Place; readonly by: Uint8Array } {
  const place = placeOf(layout, { a, b });
  const old = layout.bytes.slice(place.at, place.at + place.length);
  const around = surroundings(layout);
  return {
    place,
    by: changedBytes(place, { old, around, pick: c, random: (b ^ (c >>> 3)) >>> 0 }),
  };
}

function surroundings({ places, bytes }: Layout): Surroundings {
  const count = (name: string): number => {
    const place = places.find((each) => each.name === name);
    if (place === undefined) return 8;
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(place.at, true);
  };
  return { objects: count("prologueObjects"), names: count("prologueNames") };
}

/** A whole slot: what any value may be. */
function slotOf(layout: Layout, c: number): Uint8Array {
  const { objects, names } = surroundings(layout);
  const rest = Math.floor(c / 8);
  const u32 = (value: number): readonly number[] =>
    [0, 8, 16, 24].map((bit) => (value >>> bit) & 255);
  const small = rest % 5;
  const slots: readonly (readonly number[])[] = [
    [0],
    [1, rest & 1],
    [2, small, 0, 0, 0, 0, 0, 0, 0],
    [2, ...u32(rest), ...u32(rest % 3 === 0 ? 0xffff_ffff : 0)],
    [3, ...u32(0), ...u32([0, 0x3ff00000, 0x40080000, 0x7ff80000, 0xfff00000][small] ?? 0)],
    [0x1a, rest % Math.max(1, names), 0],
  ];
  return Uint8Array.from(slots[c % 8] ?? [6, ...u32(rest % Math.max(1, objects))]);
}

type Editing = {
  readonly region: Region;
  readonly edit: (at: number, remove: number, by: Uint8Array) => Edit;
  readonly keepsCount: boolean;
};

/** An object twice, the second behind all others; anything else twice in its place. */
function doubled(layout: Layout, { region, edit, keepsCount }: Editing): readonly Edit[] {
  const { bytes } = layout;
  const pair = objectAt(layout, region);
  const counting = countEdits(layout, { region, edit, by: keepsCount ? 0 : 1 });
  if (pair === undefined) {
    return [edit(region.to, 0, bytes.slice(region.from, region.to)), ...counting];
  }
  const last = (kind: Region["kind"]): number =>
    Math.max(...regionsOf(layout, kind).map(({ to }) => to));
  return [
    edit(last("shell"), 0, bytes.slice(pair.shell.from, pair.shell.to)),
    edit(last("contents"), 0, bytes.slice(pair.contents.from, pair.contents.to)),
    ...counting,
  ];
}

function dropped(layout: Layout, { region, edit, keepsCount }: Editing): readonly Edit[] {
  const pair = objectAt(layout, region);
  const cut = ({ from, to }: Region): Edit => edit(from, to - from, new Uint8Array(0));
  const counting = countEdits(layout, { region, edit, by: keepsCount ? 0 : -1 });
  if (pair === undefined) return [cut(region), ...counting];
  return [cut(pair.shell), cut(pair.contents), ...counting];
}

function objectAt(layout: Layout, region: Region) {
  if (region.kind !== "shell" && region.kind !== "contents") return undefined;
  const number = regionsOf(layout, region.kind).indexOf(region);
  const shell = regionsOf(layout, "shell")[number];
  const contents = regionsOf(layout, "contents")[number];
  return shell === undefined || contents === undefined ? undefined : { shell, contents };
}

function countEdits(
  { bytes }: Layout,
  options: Pick<Editing, "region" | "edit"> & { readonly by: number },
): readonly Edit[] {
  const { region, edit, by } = options;
  const { count } = region;
  if (count === undefined || by === 0 || count.length !== 4) return [];
  const made = new Uint8Array(4);
  const old = new DataView(bytes.buffer, bytes.byteOffset).getUint32(count.at, true);
  new DataView(made.buffer).setUint32(0, (old + by) >>> 0, true);
  return [edit(count.at, 4, made)];
}

/** Edits of the same bytes: the first stands. Lengths follow what they measure. */
function applied(layout: Layout, edits: readonly Edit[]): Uint8Array {
  const kept: Edit[] = [];
  for (const edit of edits) {
    const overlaps = kept.some((each) =>
      edit.remove === 0 || each.remove === 0
        ? false
        : edit.at < each.at + each.remove && each.at < edit.at + edit.remove,
    );
    if (!overlaps) kept.push(edit);
  }
  const isKept = (at: number): boolean => kept.some((edit) => edit.at === at && edit.remove > 0);
  for (const { place, from, to } of layout.measured) {
    const inside = kept.filter(({ at, remove }) => at >= from && at + remove <= to);
    const growth = inside.reduce((sum, { remove, bytes }) => sum + bytes.length - remove, 0);
    if (growth === 0 || isKept(place.at)) continue;
    const made = new Uint8Array(8);
    new DataView(made.buffer).setUint32(0, to - from + growth, true);
    kept.push({ part: 0, at: place.at, remove: place.length, bytes: made.slice(0, place.length) });
  }
  const ordered = kept.toSorted((x, y) => x.at - y.at);
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const { at, remove, bytes } of ordered) {
    if (at < end) continue;
    pieces.push(layout.bytes.subarray(end, at), bytes);
    end = at + remove;
  }
  return joined([...pieces, layout.bytes.subarray(end)]);
}

/** With right checksums and lengths, as a writer of the format makes them. */
export function assembled({ kind }: Base, parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = parts;
  switch (kind) {
    case "state": {
      const view = new DataView(second.buffer, second.byteOffset, second.length);
      const u32 = (at: number): number => (second.length < at + 4 ? 0 : view.getUint32(at, true));
      const [objectCount, functionCount] = [u32(16), u32(20)];
      return writeContainer({
        kind: "snapshot",
        objectCount,
        functionCount,
        host: first,
        body: second,
      });
    }
    case "value":
      return joined([Uint8Array.of(graphTag), first]);
    case "log": {
      let checksum = 0;
      const frames = parts.map((part) => {
        const frame = frameOf(part, checksum);
        checksum = frame.checksum;
        return frame.bytes;
      });
      return joined([logMagic, ...frames]);
    }
  }
}

function shown(bytes: Uint8Array): string {
  const hex = [...bytes.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${hex.join(" ")}${bytes.length > 12 ? "…" : ""}`;
}
