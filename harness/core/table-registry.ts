/** All external tables of one core: found by id and name, counted, collected when unreachable. */
import { homeTableId, homeTableName } from "../artifact/abi.ts";
import { decodeEntry, decodeValue, type ValueMapping } from "./decode.ts";
import { encodeEntry, encodeKey } from "./encode.ts";
import { EncodeError, QuotaExceededError, UnknownTableError, UsageError } from "./errors.ts";
import { ExternalTable, type TableBacking } from "./external-table.ts";
import { bytesOfKept, type KeptBytes, keep } from "./kept-bytes.ts";
import { type Quota, QuotaAccount } from "./quota.ts";
import { reachableFrom } from "./reachability.ts";
import { lenientTextOf } from "./scalars.ts";
import { bytesOfLatin1, latin1Of } from "./table-key.ts";
import { type Entry, TableStore } from "./table-store.ts";
import type { LuaInput, LuaValue } from "./values.ts";
import { referencesIn } from "./walk.ts";

/** `key`: the encoded key, one character for each byte. */
export interface EncodedEntry {
  readonly key: string;
  readonly value: KeptBytes;
}

const noReferences: readonly TableStore[] = [];

/** Told of each change of a core's tables, right after it; what collected tables do is not told. */
export interface TableObserver {
  /** A new table, or one that was collected and is found again, with what it holds by now. */
  readonly registered: (store: TableStore) => void;
  readonly collected: (store: TableStore) => void;
  readonly put: (store: TableStore, key: string, isNew: boolean) => void;
  readonly removed: (store: TableStore, key: string) => void;
  readonly cleared: (store: TableStore) => void;
}

/** A table as it was kept elsewhere. */
export interface KeptTable {
  readonly id: number;
  readonly name: string | undefined;
  readonly entries: ReadonlyMap<string, KeptBytes>;
}

export type PutOutcome = "stored" | "over-quota" | "unknown-table";

export class TableRegistry {
  readonly account: QuotaAccount;
  observer: TableObserver | undefined;
  readonly #mapping: ValueMapping;
  readonly #stores = new Map<number, TableStore>();
  readonly #named = new Map<string, TableStore>();
  /** What JavaScript sees of a store, made once, and the way back. */
  readonly #faces = new WeakMap<TableStore, ExternalTable>();
  readonly #backs = new WeakMap<ExternalTable, TableStore>();
  #nextId = homeTableId;
  #madeCount = 0;
  /** A handle count fell to 0 since the last collection. */
  #isCollectionDue = false;

  constructor({ quota, mapping }: { readonly quota: Quota; readonly mapping: ValueMapping }) {
    this.account = new QuotaAccount(quota);
    this.#mapping = mapping;
    this.named(homeTableName);
  }

  /** The id of the table that is made next. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Tables that are made from now on have other ids than a snapshot may know. */
  skipIdsBelow(nextId: number): void {
    this.#nextId = Math.max(this.#nextId, nextId);
  }

  find(id: number): TableStore | undefined {
    return this.#stores.get(id);
  }

  all(): Iterable<TableStore> {
    return this.#stores.values();
  }

  /** The table of that name, made when it is new. `name`: its bytes, one character each. */
  named(name: string): TableStore {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const store = this.#make(name);
    this.#named.set(name, store);
    return store;
  }

  create(): TableStore {
    return this.#make(undefined);
  }

  release(store: TableStore): boolean {
    if (store.handles === 0) return false;
    store.handles -= 1;
    if (store.handles === 0) this.#isCollectionDue = true;
    return true;
  }

  /** Stores an encoded value. Throws DecodeError when it is none. On refusal nothing changed. */
  put(store: TableStore, { key, value }: EncodedEntry): PutOutcome {
    const ids = referencesIn(value);
    const references = ids.length === 0 ? noReferences : this.#storesOf(ids);
    if (references === undefined) return "unknown-table";
    const old = store.entries.get(key);
    const entries = old === undefined ? 1 : 0;
    const bytes = value.length - (old === undefined ? -key.length : old.length);
    if (store.isRegistered && !this.account.add({ bytes, entries })) return "over-quota";
    store.put({ key, value, references, growthBytes: bytes });
    if (store.isRegistered) this.observer?.put(store, key, old === undefined);
    return "stored";
  }

  remove(store: TableStore, key: string): boolean {
    const bytesBefore = store.bytes;
    if (!store.remove(key)) return false;
    if (store.isRegistered) {
      this.account.subtract({ bytes: bytesBefore - store.bytes, entries: 1 });
      this.observer?.removed(store, key);
    }
    return true;
  }

  clear(store: TableStore): void {
    if (store.isRegistered) this.account.subtract(usageOf(store));
    store.clear();
    if (store.isRegistered) this.observer?.cleared(store);
  }

  /**
   * Brings tables back under their ids, `_home` among them. Throws UsageError when there is more
   * than an empty `_home`, UnknownTableError, DecodeError, QuotaExceededError: nothing changed.
   */
  restore(tables: readonly KeptTable[], nextId: number): void {
    const home = this.named(homeTableName);
    // One that was made and collected counts too: JavaScript may hold it, and its id.
    if (this.#madeCount > 1 || home.entries.size > 0) {
      throw new UsageError("tables are brought back before a core makes or fills any");
    }
    const stores = new Map(
      tables.map((kept) => [kept.id, kept.id === home.id ? home : new TableStore(kept)]),
    );
    const entries = tables.flatMap(({ id, entries }) => [...keptEntries(id, entries, stores)]);
    const bytes = entries.reduce((sum, { growthBytes }) => sum + growthBytes, 0);
    if (!this.account.add({ bytes, entries: entries.length })) {
      throw new QuotaExceededError(`the tables hold ${bytes} bytes in ${entries.length} entries`);
    }
    for (const entry of entries) entry.store.put(entry);
    for (const store of stores.values()) {
      this.#stores.set(store.id, store);
      if (store.name !== undefined) this.#named.set(store.name, store);
      store.isRegistered = true;
    }
    this.skipIdsBelow(nextId);
  }

  /** Takes tables that nothing reaches out of the registry; returns how many. */
  collect(): number {
    this.#isCollectionDue = false;
    const roots = [...this.#stores.values()].filter((store) => isRoot(store));
    const reachable = reachableFrom(roots);
    let collected = 0;
    for (const store of this.#stores.values()) {
      if (reachable.has(store)) continue;
      this.#stores.delete(store.id);
      store.isRegistered = false;
      this.account.subtract(usageOf(store));
      this.observer?.collected(store);
      collected += 1;
    }
    return collected;
  }

  collectIfDue(): void {
    if (this.#isCollectionDue) this.collect();
  }

  /** What JavaScript sees of a store: always the same object. */
  faceOf(store: TableStore): ExternalTable {
    const known = this.#faces.get(store);
    if (known !== undefined) return known;
    const face = new ExternalTable(this.#backingOf(store));
    this.#faces.set(store, face);
    this.#backs.set(face, store);
    return face;
  }

  /**
   * The id to encode a table by; one that was collected is registered again, with all it refers
   * to. Throws EncodeError for another core's table, QuotaExceededError.
   */
  readonly idOf = (table: ExternalTable): number => {
    const store = this.#backs.get(table);
    if (store === undefined) {
      throw new EncodeError(`external table ${table.id} belongs to another core`);
    }
    if (!store.isRegistered) for (const each of reachableFrom([store])) this.#register(each);
    return store.id;
  };

  readonly tableOf = (id: number): ExternalTable | undefined => {
    const store = this.#stores.get(id);
    return store === undefined ? undefined : this.faceOf(store);
  };

  /** undefined when there is no table of one of the ids. */
  #storesOf(ids: readonly number[]): readonly TableStore[] | undefined {
    const stores = ids.map((id) => this.#stores.get(id)).filter((store) => store !== undefined);
    return stores.length === ids.length ? stores : undefined;
  }

  #make(name: string | undefined): TableStore {
    const store = new TableStore({ id: this.#nextId, name });
    this.#nextId += 1;
    this.#madeCount += 1;
    this.#register(store);
    return store;
  }

  #register(store: TableStore): void {
    if (store.isRegistered) return;
    if (!this.account.add(usageOf(store))) throw this.#overQuota(store);
    this.#stores.set(store.id, store);
    store.isRegistered = true;
    this.observer?.registered(store);
  }

  #overQuota(store: TableStore): QuotaExceededError {
    return new QuotaExceededError(
      `external table ${store.id} would pass the quota: ${this.account.describe()} are used; ` +
        "delete entries, or load the core with a larger quota",
    );
  }

  #backingOf(store: TableStore): TableBacking {
    const keyOf = (key: LuaInput) => latin1Of(encodeKey(key));
    return {
      id: store.id,
      name: store.name === undefined ? undefined : lenientTextOf(bytesOfLatin1(store.name)),
      get size() {
        return store.entries.size;
      },
      get: (key: LuaInput) => this.#read(store, keyOf(key)),
      has: (key: LuaInput) => store.entries.has(keyOf(key)),
      set: (key: LuaInput, value: LuaInput) => this.#write(store, { key: keyOf(key), value }),
      delete: (key: LuaInput) => this.remove(store, keyOf(key)),
      clear: () => this.clear(store),
      entries: () => this.#entriesOf(store),
    };
  }

  #read(store: TableStore, key: string): LuaValue {
    const value = store.entries.get(key);
    if (value === undefined) return undefined;
    const references = store.referencesOf(key);
    return decodeEntry(bytesOfKept(value), {
      ...this.#mapping,
      // A table that was collected still knows the tables that it refers to.
      tableOf: (id) => {
        const reference = references.find((each) => each.id === id);
        return reference === undefined ? undefined : this.faceOf(reference);
      },
    });
  }

  #write(store: TableStore, { key, value }: { readonly key: string; readonly value: LuaInput }) {
    if (value === undefined || value === null) {
      this.remove(store, key);
      return;
    }
    const bytes = encodeEntry(value, this.idOf);
    const kept = keep(bytes, { start: 0, end: bytes.length });
    const outcome = this.put(store, { key, value: kept });
    if (outcome === "over-quota") throw this.#overQuota(store);
  }

  *#entriesOf(store: TableStore): IterableIterator<[LuaValue, LuaValue]> {
    for (const key of store.entries.keys()) {
      yield [
        decodeValue(bytesOfLatin1(key), { ...this.#mapping, tableOf: () => undefined }),
        this.#read(store, key),
      ];
    }
  }
}

/** What to put into which store. Throws DecodeError, UnknownTableError. */
function* keptEntries(
  id: number,
  entries: ReadonlyMap<string, KeptBytes>,
  stores: ReadonlyMap<number, TableStore>,
): Iterable<Entry & { readonly store: TableStore }> {
  const storeOf = (each: number): TableStore => {
    const store = stores.get(each);
    if (store === undefined) throw new UnknownTableError(`there is no external table ${each}`);
    return store;
  };
  const store = storeOf(id);
  for (const [key, value] of entries) {
    const ids = referencesIn(value);
    const references = ids.length === 0 ? noReferences : ids.map(storeOf);
    yield { store, key, value, references, growthBytes: key.length + value.length };
  }
}

function isRoot(store: TableStore): boolean {
  return store.name !== undefined || store.handles > 0;
}

function usageOf(store: TableStore) {
  return { bytes: store.bytes, entries: store.entries.size };
}
