/** All external tables of one core: found by id and name, counted, collected when unreachable. */
import { homeTableId, homeTableName, idMax } from "../abi/abi.ts";
import { type KeptBytes, keep } from "../bytes/kept-bytes.ts";
import {
  DecodeError,
  EncodeError,
  QuotaExceededError,
  UnknownTableError,
  UsageError,
} from "../check/errors.ts";
import { IdMap } from "../map/id-map.ts";
import { TextMap } from "../map/text-map.ts";
import type { ValueMapping } from "../value/decode.ts";
import { encodeEntry } from "../value/encode.ts";
import type { LuaInput } from "../value/values.ts";
import { ExternalTable } from "../value/values.ts";
import { referencesIn } from "../value/walk.ts";
import { type CountedLimit, type Growth, type Quota, QuotaAccount } from "./quota.ts";
import { reachableFrom } from "./reachability.ts";
import { StoredTable } from "./stored-table.ts";
import { type Entry, TableStore } from "./table-store.ts";

/** `key`: the encoded key, one character for each byte. */
export interface EncodedEntry {
  readonly key: string;
  readonly value: KeptBytes;
}

const noReferences: readonly TableStore[] = [];
const nothing: Growth = { bytes: 0, encodedBytes: 0, entries: 0 };

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
  readonly entries: Iterable<readonly [string, KeptBytes]>;
  /** Entries that stay out of reach. */
  readonly withheld: Iterable<readonly [string, KeptBytes]>;
}

/** Less garbage than this is not worth a collection while a script runs. */
const looseTablesMin = 1_000;
const looseBytesMin = 4 * 1024 * 1024;
const patienceMax = 2 ** 10;

export type PutOutcome = "stored" | "over-quota" | "unknown-table";

export class TableRegistry {
  readonly account: QuotaAccount;
  observer: TableObserver | undefined;
  readonly mapping: ValueMapping;
  readonly #stores = new IdMap<TableStore>();
  readonly #named = new TextMap<string, TableStore>();
  /** From what JavaScript sees of a store to the store. */
  readonly #backs = new WeakMap<ExternalTable, TableStore>();
  #nextId = homeTableId;
  #madeCount = 0;
  #nameBytes = 0;
  /** Tables that were brought back: a snapshot that is yet to be restored may refer to them. */
  #awaited: readonly TableStore[] = [];
  /** A handle count fell to 0 since the last collection. */
  #isCollectionDue = false;
  /** Tables whose last handle went since then: they and their bytes may be garbage. */
  #loose = { tables: 0, bytes: 0 };
  /** Doubled by each collection that freed little: so many times more is loose before the next. */
  #patience = 1;
  /** A script was refused what a collection may give it room for. */
  #isPressed = false;

  constructor({ quota, mapping }: { readonly quota: Quota; readonly mapping: ValueMapping }) {
    this.account = new QuotaAccount(quota);
    this.mapping = mapping;
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
    this.#setName(name, store);
    return store;
  }

  /** The limit that a script would pass with a table of this name, "" for none. */
  limitOfNew(name: string): CountedLimit | undefined {
    if (this.#named.has(name)) return undefined;
    if (this.account.isOver("maxNameBytes", this.#nameBytes + name.length)) return "maxNameBytes";
    if (!this.account.isOver("maxTables", this.#stores.size + 1)) return undefined;
    this.#isPressed = true;
    return "maxTables";
  }

  create(): TableStore {
    return this.#make(undefined);
  }

  release(store: TableStore): boolean {
    if (store.handles === 0) return false;
    store.handles -= 1;
    if (store.handles > 0) return true;
    this.#isCollectionDue = true;
    this.#loose.tables += 1;
    this.#loose.bytes += store.usage.bytes;
    return true;
  }

  /** Stores an encoded value. Throws DecodeError when it is none. On refusal nothing changed. */
  put(store: TableStore, { key, value }: EncodedEntry): PutOutcome {
    const ids = referencesIn(value);
    const references = ids.length === 0 ? noReferences : this.#storesOf(ids);
    if (references === undefined) return "unknown-table";
    const account = store.isRegistered ? this.account : undefined;
    const withheld = store.withheldEntry(key);
    if (withheld !== undefined) account?.subtract(store.remove(key) ?? nothing);
    const change = store.put({ key, value, references }, account);
    if (change === "over-quota") {
      if (withheld !== undefined) account?.add(store.withhold(withheld));
      this.#isPressed = true;
      return change;
    }
    if (store.isRegistered && withheld !== undefined) this.observer?.removed(store, key);
    if (store.isRegistered) this.observer?.put(store, key, change === "added");
    return "stored";
  }

  /** Stores a copy of a value of JavaScript's. Throws EncodeError, QuotaExceededError. */
  write(store: TableStore, key: string, value: LuaInput): void {
    if (value === undefined || value === null) {
      this.remove(store, key);
      return;
    }
    const bytes = encodeEntry(value, this.idOf);
    const kept = keep(bytes, { start: 0, end: bytes.length });
    const outcome = this.put(store, { key, value: kept });
    if (outcome === "over-quota") throw this.#overQuota(store);
    if (outcome === "unknown-table") {
      throw new EncodeError("an external table in the value was collected while it was read");
    }
  }

  remove(store: TableStore, key: string): boolean {
    const removed = store.remove(key);
    if (removed === undefined) return false;
    if (store.isRegistered) {
      this.account.subtract(removed);
      this.observer?.removed(store, key);
    }
    return true;
  }

  clear(store: TableStore): void {
    if (store.isRegistered) this.account.subtract(store.usage);
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
    const stores = new IdMap<TableStore>(
      tables.map((kept) => [kept.id, kept.id === home.id ? home : new TableStore(kept)]),
    );
    // Stores that nobody knows yet are filled first; `_home` is empty, and is when this fails.
    try {
      for (const kept of tables) fill(kept, stores);
      const growth = sumOf([...stores.values()].map(({ usage }) => usage));
      if (!this.account.add(growth)) {
        const { bytes, entries } = growth;
        throw new QuotaExceededError(
          `the tables hold ${bytes} bytes in ${entries} entries, more than the quota allows; ` +
            "load the core with a larger one",
        );
      }
    } catch (error) {
      home.clear();
      throw error;
    }
    for (const store of stores.values()) {
      this.#stores.set(store.id, store);
      if (store.name !== undefined) this.#setName(store.name, store);
      store.isRegistered = true;
    }
    this.#madeCount += stores.size;
    this.#awaited = [...stores.values()];
    this.skipIdsBelow(nextId);
  }

  /**
   * Takes tables that nothing reaches out of the registry; returns how many. From here on no
   * snapshot that refers to one that was brought back is waited for.
   */
  collect(): number {
    this.#awaited = [];
    return this.#sweep();
  }

  #sweep(): number {
    this.#isCollectionDue = false;
    this.#isPressed = false;
    this.#loose = { tables: 0, bytes: 0 };
    const roots = [...this.#stores.values()].filter((store) => isRoot(store));
    const reachable = reachableFrom([...roots, ...this.#awaited]);
    let collected = 0;
    for (const store of this.#stores.values()) {
      if (reachable.has(store)) continue;
      this.#stores.delete(store.id);
      store.isRegistered = false;
      this.account.subtract(store.usage);
      this.observer?.collected(store);
      collected += 1;
    }
    return collected;
  }

  /** The next collectIfDue collects. */
  expectGarbage(): void {
    this.#isCollectionDue = true;
  }

  collectIfDue(): void {
    if (this.#isCollectionDue) this.#sweep();
  }

  /**
   * For a script that runs, while no value is on its way to it: collects where about as much may be
   * garbage as is alive, so that a table costs the same however many there are.
   */
  collectIfWorthIt(): void {
    const { tables, bytes } = this.#loose;
    const usedBytes = this.account.used.bytes;
    const areTablesMany = tables > this.#patience * (looseTablesMin + this.#stores.size / 2);
    const areBytesMany = bytes > this.#patience * (looseBytesMin + usedBytes / 2);
    if (!areTablesMany && !areBytesMany && !this.#isPressed) return;
    const collected = this.#sweep();
    const isOfUse =
      (areTablesMany && collected > tables / 2) ||
      (areBytesMany && usedBytes - this.account.used.bytes > bytes / 2);
    this.#patience = isOfUse ? 1 : Math.min(2 * this.#patience, patienceMax);
  }

  /** What JavaScript sees of a store: always the same object. */
  faceOf(store: TableStore): ExternalTable {
    if (store.face === undefined) {
      store.face = new ExternalTable(new StoredTable(this, store));
      this.#backs.set(store.face, store);
    }
    return store.face;
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
    if (!store.isRegistered) this.#registerAgain(store);
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

  #setName(name: string, store: TableStore): void {
    if (!this.#named.has(name)) this.#nameBytes += name.length;
    this.#named.set(name, store);
  }

  #make(name: string | undefined): TableStore {
    // A save also writes the id that comes next: that one must fit, too.
    if (this.#nextId >= idMax) throw new UsageError("no external table has a higher number");
    const store = new TableStore({ id: this.#nextId, name });
    this.#nextId += 1;
    this.#madeCount += 1;
    this.#register(store);
    return store;
  }

  #register(store: TableStore): void {
    if (store.isRegistered) return;
    if (!this.account.add(store.usage)) throw this.#overQuota(store);
    this.#stores.set(store.id, store);
    store.isRegistered = true;
    this.observer?.registered(store);
  }

  /** With all that it refers to, or none of it. */
  #registerAgain(store: TableStore): void {
    const collected = [...reachableFrom([store])].filter(({ isRegistered }) => !isRegistered);
    const growth = sumOf(collected.map(({ usage }) => usage));
    if (!this.account.add(growth)) throw this.#overQuota(store);
    this.account.subtract(growth);
    for (const each of collected) this.#register(each);
  }

  #overQuota(store: TableStore): QuotaExceededError {
    return new QuotaExceededError(
      `external table ${store.id} would pass the quota: ${this.account.describe()} are used; ` +
        "delete entries, or load the core with a larger quota",
    );
  }
}

/** Puts kept entries into a store. Throws DecodeError, UnknownTableError. */
function fill({ id, entries, withheld }: KeptTable, stores: ReadonlyMap<number, TableStore>): void {
  const storeOf = (each: number): TableStore => {
    const store = stores.get(each);
    if (store === undefined) throw new UnknownTableError(`there is no external table ${each}`);
    return store;
  };
  const entryOf = ([key, value]: readonly [string, KeptBytes]): Entry => {
    const ids = referencesIn(value);
    return { key, value, references: ids.length === 0 ? noReferences : ids.map(storeOf) };
  };
  const store = storeOf(id);
  for (const each of entries) store.put(entryOf(each));
  for (const [key, value] of withheld) {
    const references = readableIds(value).flatMap((each) => stores.get(each) ?? []);
    store.withhold({ key, value, references });
  }
}

/** What is withheld may be such that nobody can read it. */
function readableIds(value: KeptBytes): readonly number[] {
  try {
    return referencesIn(value);
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}

function sumOf(usages: readonly Growth[]): Growth {
  const sum = { bytes: 0, encodedBytes: 0, entries: 0 };
  for (const { bytes, encodedBytes, entries } of usages) {
    sum.bytes += bytes;
    sum.encodedBytes += encodedBytes;
    sum.entries += entries;
  }
  return sum;
}

function isRoot(store: TableStore): boolean {
  return store.name !== undefined || store.handles > 0;
}
