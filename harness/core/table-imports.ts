/** The imports for external tables, over the registry; docs/FORMATS.md says what each answers. */
import { statusCodes } from "../artifact/abi.ts";
import { DecodeError } from "./errors.ts";
import type { Host } from "./host.ts";
import { bytesOfLatin1 } from "./table-key.ts";
import type { EncodedEntry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";
import { isCanonicalKey } from "./walk.ts";

const { SUCCESS, INVALID_SIZE, BAD_VALUE, QUOTA_EXCEEDED, UNKNOWN_TABLE } = statusCodes;

export type HostImport = (...figures: number[]) => number | void;

export function tableImports(host: Host): Readonly<Record<string, HostImport>> {
  const { memory, tables, handles } = host;
  return {
    js_ext_table_open: (namePtr = 0, nameLen = 0) => {
      const name = memory.latin1(namePtr, nameLen);
      if (name === undefined) return INVALID_SIZE;
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
      return memory.offer(keysOf(store), ptr, max) ?? INVALID_SIZE;
    },
    ...iteratorImports(host),
  };
}

function iteratorImports({ memory, tables, iterators }: Host) {
  return {
    js_iter_open: (id = 0) => {
      const store = tables.find(id);
      return store === undefined ? UNKNOWN_TABLE : iterators.open(store);
    },
    js_iter_next: (iterator = 0, ptr = 0, max = 0) => {
      const room = memory.range(ptr, max);
      if (room === undefined) return INVALID_SIZE;
      return iterators.next(iterator, room) ?? UNKNOWN_TABLE;
    },
    js_iter_close: (iterator = 0) => (iterators.close(iterator) ? SUCCESS : UNKNOWN_TABLE),
  };
}

function put({ tables }: Host, store: TableStore, entry: EncodedEntry): number {
  try {
    switch (tables.put(store, entry)) {
      case "stored":
        return SUCCESS;
      case "over-quota":
        return QUOTA_EXCEEDED;
      case "unknown-table":
        return UNKNOWN_TABLE;
    }
  } catch (error) {
    if (error instanceof DecodeError) return BAD_VALUE;
    throw error;
  }
}

/** A list of all keys. */
function keysOf(store: TableStore): Uint8Array {
  let length = 4;
  for (const key of store.entries.keys()) length += key.length;
  const list = new Uint8Array(length);
  new DataView(list.buffer).setUint32(0, store.entries.size, true);
  let at = 4;
  for (const key of store.entries.keys()) {
    list.set(bytesOfLatin1(key), at);
    at += key.length;
  }
  return list;
}
