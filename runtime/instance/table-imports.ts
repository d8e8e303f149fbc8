/** The imports for external tables, over the registry; docs/FORMATS.md says what each answers. */
import { numberMax, statusCodes } from "../abi/abi.ts";
import { writeKept } from "../bytes/kept-bytes.ts";
import { DecodeError } from "../check/errors.ts";
import type { EncodedEntry } from "../table/table-registry.ts";
import type { TableStore } from "../table/table-store.ts";
import { isCanonicalKey } from "../value/walk.ts";
import type { Host } from "./host.ts";

const { SUCCESS, INVALID_SIZE, BAD_VALUE, UNKNOWN_TABLE } = statusCodes;

/** In the place of an id: no value that Lua has not taken yet may refer to a table. */
const nothingOnItsWay = 0;

export type HostImport = (...figures: number[]) => number | void;

export function tableImports(host: Host): Readonly<Record<string, HostImport>> {
  const { memory, tables, handles } = host;
  return {
    js_ext_table_open: (namePtr = 0, nameLen = 0) => {
      const name = memory.latin1(namePtr, nameLen);
      if (name === undefined) return INVALID_SIZE;
      const limit = tables.limitOfNew(name);
      if (limit !== undefined) return host.overQuota(tables.account.refusal(limit));
      const store = name === "" ? tables.create() : tables.named(name);
      handles.retain(store);
      return store.id;
    },
    js_ext_table_retain: (id = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      handles.retain(store);
      return SUCCESS;
    },
    js_ext_table_release: (id = 0) => {
      if (id === nothingOnItsWay) {
        tables.collectIfWorthIt();
        return SUCCESS;
      }
      const store = tables.find(id);
      return store !== undefined && handles.release(store) ? SUCCESS : UNKNOWN_TABLE;
    },
    js_ext_table_set: (id = 0, keyPtr = 0, keyLen = 0, valuePtr = 0, valueLen = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      const key = memory.latin1(keyPtr, keyLen);
      const value = memory.keep(valuePtr, valueLen);
      if (key === undefined || value === undefined) return INVALID_SIZE;
      return isCanonicalKey(key) ? put(host, store, { key, value }) : BAD_VALUE;
    },
    js_ext_table_get: (id = 0, keyPtr = 0, keyLen = 0, valuePtr = 0, max = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      const key = memory.latin1(keyPtr, keyLen);
      if (key === undefined || !memory.has(valuePtr, max)) return INVALID_SIZE;
      const value = store.entries.get(key);
      return value === undefined ? 0 : (memory.offer(value, valuePtr, max) ?? INVALID_SIZE);
    },
    js_ext_table_delete: (id = 0, keyPtr = 0, keyLen = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      const key = memory.latin1(keyPtr, keyLen);
      if (key === undefined) return INVALID_SIZE;
      tables.remove(store, key);
      return SUCCESS;
    },
    js_ext_table_size: (id = 0) => tables.find(id)?.entries.size ?? UNKNOWN_TABLE,
    js_ext_table_keys: (id = 0, ptr = 0, max = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      const room = memory.range(ptr, max);
      return room === undefined ? INVALID_SIZE : writeKeys(store, room);
    },
    ...iteratorImports(host),
  };
}

function iteratorImports(host: Host) {
  const { memory, tables, iterators } = host;
  return {
    js_iter_open: (id = 0) => {
      const store = tables.find(id);
      if (store === undefined) return UNKNOWN_TABLE;
      const { account } = tables;
      const isOver = account.isOver("maxIterators", iterators.size + 1);
      return isOver ? host.overQuota(account.refusal("maxIterators")) : iterators.open(store);
    },
    js_iter_next: (iterator = 0, ptr = 0, max = 0) => {
      const room = memory.range(ptr, max);
      if (room === undefined) return INVALID_SIZE;
      return iterators.next(iterator, room) ?? UNKNOWN_TABLE;
    },
    js_iter_close: (iterator = 0) => (iterators.close(iterator) ? SUCCESS : UNKNOWN_TABLE),
  };
}

function put(host: Host, store: TableStore, entry: EncodedEntry): number {
  const { tables } = host;
  try {
    switch (tables.put(store, entry)) {
      case "stored":
        return SUCCESS;
      case "over-quota":
        return host.overQuota(tables.account.entryRefusal(store.id));
      case "unknown-table":
        return UNKNOWN_TABLE;
    }
  } catch (error) {
    if (error instanceof DecodeError) return BAD_VALUE;
    throw error;
  }
}

/** Writes a list of all keys where it fits; its length in any case. */
function writeKeys({ entries }: TableStore, room: Uint8Array): number {
  let length = 4;
  for (const key of entries.keys()) length += key.length;
  if (length > room.length) return Math.min(length, numberMax);
  new DataView(room.buffer, room.byteOffset).setUint32(0, entries.size, true);
  let at = 4;
  for (const key of entries.keys()) {
    writeKept(key, room, at);
    at += key.length;
  }
  return length;
}
