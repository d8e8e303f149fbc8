/** Checks an encoding without decoding it, and finds the external tables that it refers to. */
import { tableDepthMax, valueTags } from "../abi/abi.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { bytesOfKept, type KeptBytes } from "../bytes/kept-bytes.ts";
import { bytesOfLatin1 } from "../bytes/latin1.ts";
import { DecodeError } from "../check/errors.ts";
import { outlineOfValue } from "../graph/decode-body.ts";
import type { NumberKey } from "../graph/number-chains.ts";
import { isIntegral64 } from "../scalar/table-key.ts";

const noIds: readonly number[] = [];

/**
 * The ids in the value of an entry that takes all of the bytes, in order. Of a graph the objects
 * are looked at, not what they hold: the guest does that. Throws DecodeError if it is none.
 */
export function referencesIn(value: KeptBytes): readonly number[] {
  if (typeof value === "string" && isWholeScalar(value)) return noIds;
  const bytes = bytesOfKept(value);
  if (bytes[0] === valueTags.graph) return outlineOfValue(bytes.subarray(1)).tables;
  return walkWhole(bytes).ids;
}

function walkWhole(bytes: Uint8Array, onTable?: Walk["onTable"]): Walk {
  const reader = new ByteReader(bytes);
  const walk: Walk = { reader, ids: [], tables: 0, onTable };
  step(walk, { tag: reader.u8(), depth: 0 });
  reader.end();
  return walk;
}

/**
 * Gives the keys that are numbers of each table in a value that is no graph, in order. Throws
 * DecodeError if it is none.
 */
export function walkNumberKeys(
  value: KeptBytes,
  onTable: (keys: readonly NumberKey[]) => void,
): void {
  walkWhole(bytesOfKept(value), onTable);
}

/**
 * Whether bytes, given as one character each, are a key of external tables in the one form that
 * equal keys share.
 */
export function isCanonicalKey(key: string): boolean {
  switch (key.charCodeAt(0)) {
    case valueTags.boolean:
      return key.length === 2 && key.charCodeAt(1) <= 1;
    case valueTags.integer:
      return key.length === 9;
    case valueTags.string:
      return key.length >= 5 && key.length === 5 + lengthBehindTag(key);
    case valueTags.float: {
      if (key.length !== 9) return false;
      const value = new DataView(bytesOfLatin1(key).buffer).getFloat64(1, true);
      return !Number.isNaN(value) && !isIntegral64(value);
    }
    default:
      return false;
  }
}

/** Whether one value without others in it takes all of the bytes. No allocation: this is hot. */
function isWholeScalar(text: string): boolean {
  switch (text.charCodeAt(0)) {
    case valueTags.nil:
      return text.length === 1;
    case valueTags.boolean:
      return text.length === 2 && text.charCodeAt(1) <= 1;
    case valueTags.integer:
    case valueTags.float:
      return text.length === 9;
    case valueTags.string:
      return text.length >= 5 && text.length === 5 + lengthBehindTag(text);
    default:
      return false;
  }
}

/** The u32 behind the tag. */
function lengthBehindTag(text: string): number {
  const high = text.charCodeAt(4) * 2 ** 24 + text.charCodeAt(3) * 2 ** 16;
  return high + text.charCodeAt(2) * 2 ** 8 + text.charCodeAt(1);
}

interface Walk {
  readonly reader: ByteReader;
  readonly ids: number[];
  tables: number;
  readonly onTable: ((keys: readonly NumberKey[]) => void) | undefined;
}

function step(walk: Walk, { tag, depth }: { readonly tag: number; readonly depth: number }): void {
  const { reader } = walk;
  if (reader.skipScalar(tag)) return;
  switch (tag) {
    case valueTags.externalTable:
      walk.ids.push(reader.u32());
      return;
    case valueTags.backReference:
      if (reader.u32() >= walk.tables) throw new DecodeError("a back reference to no table");
      return;
    case valueTags.table:
      return stepTable(walk, depth + 1);
    default:
      throw new DecodeError(`0x${tag.toString(16)} at byte ${reader.at - 1} is no tag`);
  }
}

function stepTable(walk: Walk, depth: number): void {
  const { reader, onTable } = walk;
  if (depth > tableDepthMax) throw new DecodeError(`tables nest deeper than ${tableDepthMax}`);
  walk.tables += 1;
  const count = reader.count(2);
  const numbers: NumberKey[] | undefined = onTable && [];
  for (let i = 0; i < count; i++) {
    const number = stepKey(walk, depth);
    if (number !== undefined) numbers?.push(number);
    step(walk, { tag: reader.u8(), depth });
  }
  if (numbers !== undefined) onTable?.(numbers);
}

/** The key, where it is a number and somebody wants it. */
function stepKey(walk: Walk, depth: number): NumberKey | undefined {
  const { reader } = walk;
  const tag = reader.u8();
  switch (tag) {
    case valueTags.nil:
      throw new DecodeError(`nil is a table's key at byte ${reader.at - 1}`);
    case valueTags.float: {
      const key = reader.f64();
      if (Number.isNaN(key)) throw new DecodeError(`NaN is a table's key before byte ${reader.at}`);
      return key;
    }
    case valueTags.integer:
      if (walk.onTable !== undefined) return reader.i64();
  }
  step(walk, { tag, depth });
  return undefined;
}
