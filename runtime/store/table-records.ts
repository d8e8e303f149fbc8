/** The records of a table log: how changes are written (docs/STORES.md has each byte). */
import { ByteWriter } from "../bytes/byte-writer.ts";
import { bytesOfKept, type KeptBytes } from "../bytes/kept-bytes.ts";
import { bytesOfLatin1 } from "../bytes/latin1.ts";
import type { TableRegistry } from "../table/table-registry.ts";
import type { TableStore } from "../table/table-store.ts";
import type { TableChange, TableChanges } from "./table-tracker.ts";

export const recordTags = {
  create: 0x01,
  collect: 0x02,
  select: 0x03,
  clear: 0x04,
  set: 0x05,
  remove: 0x06,
} as const;

/** The length of a name, of a table that has none. */
export const noName = 0xffff_ffff;

/** The group that makes all tables of a core from nothing. */
export function encodeWhole(registry: TableRegistry): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(registry.nextId);
  for (const store of registry.all()) writeTable(writer, store);
  return writer.finish();
}

/** The group that makes what was saved last into what is. */
export function encodeChanges(changes: TableChanges, nextId: number): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(nextId);
  for (const id of changes.collectedIds.keys()) {
    writer.u8(recordTags.collect);
    writer.u32(id);
  }
  for (const [store, change] of changes.tables) {
    if (change.isNew) writeTable(writer, store);
    else writeChange(writer, store, change);
  }
  return writer.finish();
}

function writeTable(writer: ByteWriter, store: TableStore): void {
  writer.u8(recordTags.create);
  writer.u32(store.id);
  if (store.name === undefined) writer.u32(noName);
  else writeText(writer, store.name);
  for (const [key, value] of store.entries) writeSet(writer, key, value);
  for (const [key, value] of store.withheld) writeSet(writer, key, value);
}

function writeChange(writer: ByteWriter, store: TableStore, change: TableChange): void {
  if (!change.isCleared && change.keys.size === 0) return;
  writer.u8(recordTags.select);
  writer.u32(store.id);
  if (change.isCleared) writer.u8(recordTags.clear);
  for (const [key, kind] of change.keys) {
    if (kind === "removed" || kind === "moved") {
      writer.u8(recordTags.remove);
      writeText(writer, key);
    }
    const value = store.entries.get(key);
    if (value !== undefined) writeSet(writer, key, value);
  }
}

function writeSet(writer: ByteWriter, key: string, value: KeptBytes): void {
  writer.u8(recordTags.set);
  writeText(writer, key);
  writer.u32(value.length);
  writer.bytes(bytesOfKept(value));
}

/** Bytes that are kept as one character each. */
function writeText(writer: ByteWriter, text: string): void {
  writer.u32(text.length);
  writer.bytes(bytesOfLatin1(text));
}
