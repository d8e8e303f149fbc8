/** What a figure is changed to: the edges of its type, of its kind, and of what it counts. */

import { typeBytes } from "../../runtime/graph/body-fields.ts";
import { objectTags, slotTags } from "../../runtime/graph/body-format.ts";
import type { Place } from "./places.ts";

/** What the edges of ids and indices depend on. */
export interface Surroundings {
  readonly objects: number;
  readonly names: number;
}

const widthEdges = [0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64];
const valueTagValues = [0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0b];
const deadKey = 8;
const tags: Readonly<Record<string, readonly number[]>> = {
  slotTag: Object.values(slotTags),
  nodeTag: [...Object.values(slotTags), deadKey],
  shellTag: [...Object.values(objectTags), ...Object.values(objectTags).map((tag) => tag | 0x80)],
  valueTag: valueTagValues,
  logTag: [0, 1, 2, 3, 4, 5, 6, 7],
};
/** Of 64 bits: integers at their edges, and floats: zero, one, infinity, NaNs, whole and not. */
const wide: readonly bigint[] = [
  0n,
  1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  0x8000_0000_0000_0000n,
  0x3ff0_0000_0000_0000n,
  0x4008_0000_0000_0000n,
  0x43e0_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0x7ff8_0000_0000_0000n,
  0xfff8_0000_0000_0001n,
];

/** New bytes for a place, by two picks that may be any number. */
export function changedBytes(
  place: Place,
  context: {
    readonly old: Uint8Array;
    readonly around: Surroundings;
    readonly pick: number;
    readonly random: number;
  },
): Uint8Array {
  const { old, pick, random } = context;
  if (place.kind === "bytes") return changedText(old, pick, random);
  const length = typeBytes[place.type];
  const made = new Uint8Array(8);
  const view = new DataView(made.buffer);
  const is = new DataView(Uint8Array.from([...old, ...new Array(8).fill(0)]).buffer);
  if (length === 8) {
    const now = is.getBigUint64(0, true);
    const values = [...wide, now + 1n, now - 1n, now ^ 1n, -now];
    view.setBigUint64(0, BigInt.asUintN(64, values[pick % values.length] ?? 0n), true);
  } else {
    const mask = 2 ** (8 * length) - 1;
    const now = is.getUint32(0, true) & mask;
    const values = figures(place, { ...context, now: now >>> 0 });
    view.setUint32(0, (values[pick % values.length] ?? random) >>> 0, true);
  }
  return made.subarray(0, length);
}

function figures(
  { name, kind, max, length }: Place,
  context: { readonly around: Surroundings; readonly random: number; readonly now: number },
): readonly number[] {
  const { around, random, now } = context;
  const { objects, names } = around;
  const beside = [now + 1, now - 1, now + 2, now - 2, now * 2, now ^ 1];
  const ends = [max - 1, max, max + 1];
  const bits = 8 * length;
  const type = [
    2 ** (bits - 1) - 1,
    2 ** (bits - 1),
    2 ** (bits - 1) + 1,
    2 ** bits - 2,
    2 ** bits - 1,
  ];
  const edges = [0, 1, ...ends, ...type];
  switch (kind) {
    case "tag":
      return [...(tags[name] ?? []), random & 0xff];
    case "flag":
    case "constant":
      return [0, 1, 2, 0xff];
    case "flags":
      return [now ^ (1 << (random % bits)), now ^ (1 << (random % 4)), 0, ...type];
    case "enum":
    case "salt":
      return [0, 1, ...ends, random % Math.max(1, Math.min(max, 64) + 1), ...type];
    case "id":
    case "idOrNone": {
      // Most often another object: what is refused for its number alone says little.
      const any = Array.from({ length: 8 }, (_, i) => (random >>> i) % Math.max(1, objects));
      return [...any, ...beside, 0, objects - 1, objects, 2 ** 31, 2 ** 32 - 1];
    }
    case "index":
    case "indexOrNone":
      return [...edges, ...beside, random % 8, random % Math.max(1, names), names, 2 ** 30, 8, 16];
    default:
      return [...edges, ...beside, ...widthEdges, 100, 200, 255, 256, 1000, 4095, 65535];
  }
}

const texts = (
  "__gc __close __index __newindex __mode __name __metatable __call __pairs __eq __tostring " +
  "__len __persist _LOADED _PRELOAD _LOADED_TABLE _HOOKKEY _IO_input _IO_output _CLIBS FILE* " +
  "ext.table ext.iterator ext.handles _G _home print string vault visitor table k v kv 1 users"
).split(" ");

/** Another text that means something, one byte changed, none, or many. */
function changedText(old: Uint8Array, pick: number, random: number): Uint8Array {
  const text = texts[random % texts.length] ?? "";
  if (pick % 4 < 2) return new TextEncoder().encode(text);
  if (pick % 4 === 2 && old.length > 0) {
    const changed = old.slice();
    changed[random % old.length] = (random >>> 8) & 0xff;
    return changed;
  }
  return new Uint8Array([0, 40, 41, 300][random % 4] ?? 0).fill(0x61);
}
