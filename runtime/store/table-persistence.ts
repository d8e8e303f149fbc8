/** Keeps a core's external tables in a store: each save costs what changed since the last. */
import { homeTableId, homeTableName } from "../abi/abi.ts";
import type { KeptBytes } from "../bytes/kept-bytes.ts";
import { DecodeError, QuotaExceededError, UsageError } from "../check/errors.ts";
import { isBytes } from "../check/given-bytes.ts";
import { oneOf, type Rules, readOptions } from "../check/read-options.ts";
import { shown } from "../check/shown.ts";
import type { Refused } from "../instance/result.ts";
import type { TableRegistry } from "../table/table-registry.ts";
import type { TableStore } from "../table/table-store.ts";
import { Tables } from "../table/tables.ts";
import { type Bytecode, behavioursIn } from "./bytecode-trust.ts";
import { entryPath } from "./entry-path.ts";
import { frameHeadBytes, frameOf } from "./framing.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { anObjectWith, aText, required } from "./option-rules.ts";
import { checkName, type Store, StoreError } from "./store.ts";
import {
  beginLog,
  damaged,
  idMaxOf,
  isRewriteBetter,
  readLog,
  type TableLog,
} from "./table-log.ts";
import { encodeChanges, encodeWhole } from "./table-records.ts";
import { type TableChange, TableTracker } from "./table-tracker.ts";

export interface PersistOptions {
  /** `core.tables`. */
  readonly tables: Tables;
  readonly store: Store;
  /** What the tables are kept under. */
  readonly name?: string;
  /** Whether kept values may hold Lua functions: only where nobody else writes to the store. */
  readonly bytecode?: Bytecode;
}

const rules: Rules<PersistOptions> = {
  tables: required({ isAllowed: (value) => value instanceof Tables, what: "core.tables" }),
  store: required(anObjectWith("read", "write", "append")),
  name: aText,
  bytecode: oneOf("refused", "trusted"),
};

/** What was brought back. */
export interface RestoredTables {
  readonly tables: number;
  /** How many saves the log held. */
  readonly saves: number;
  /** What was left out at its end: a save that never ended (or later ones, of a damaged log). */
  readonly droppedBytes: number;
  /**
   * Entries with more than data, or of which that can't be known, which only trust brings back
   * (`bytecode`): the path to each, and what it has. No program reaches them; they stay until their
   * keys are set or removed.
   */
  readonly withheld: readonly Refused[];
}

/** `appended`: what changed; `rewritten`: everything; `unchanged`: nothing had to be saved. */
export interface SaveReport {
  readonly kind: "appended" | "rewritten" | "unchanged";
  readonly bytes: number;
}

/**
 * Brings back the tables that are kept under the name, if there are any, and follows what changes
 * from now on. Throws StoreError, with the core as it was: "damaged", "untrusted", "full" (the
 * core's quota is too small), "bad-request" for a name. Throws UsageError for a wrong option, and
 * when this core's tables are persisted already, or can't be brought back any more: something made
 * or filled one before.
 */
export async function persistTables(options: PersistOptions): Promise<TablePersistence> {
  const own = readOptions<PersistOptions>(options, { of: "persistTables", rules });
  const { tables, store, name = "tables", bytecode = "refused" } = own;
  checkName(name);
  const { registry } = tables;
  const savesSeen = savesOf(store, name);
  const bytes = checkedBytes(await store.read(name));
  if (registry.observer !== undefined) {
    throw new UsageError("the tables of this core are persisted already; stop that first");
  }
  const log = bytes === undefined ? undefined : readLog(name, bytes, bytecode);
  if (log !== undefined) restore(registry, { name, log });
  return new TablePersistence({ registry, store, name, bytecode, log, savesSeen });
}

/** A store of the host's own may give anything. */
function checkedBytes(read: unknown): Uint8Array | undefined {
  if (read === undefined || isBytes(read)) return read;
  throw new UsageError(
    `the option store reads a Uint8Array, or undefined where there is none, not ${shown(read)}`,
  );
}

/** How many saves cores of this program have begun, by store and name. */
const savesBegun = new WeakMap<Store, Map<string, number>>();

function savesOf(store: Store, name: string): number {
  return savesBegun.get(store)?.get(name) ?? 0;
}

/** The tables of one core in one store; `persistTables` makes it. */
export class TablePersistence {
  readonly restored: RestoredTables | undefined;
  readonly #registry: TableRegistry;
  readonly #store: Store;
  readonly #name: string;
  readonly #bytecode: Bytecode;
  readonly #tracker = new TableTracker();
  readonly #queue = new OneAtATime();
  #journalBytes: number;
  /** Of all groups, the first among them. */
  #wholeBytes: number;
  #checksum: number;
  #savedNextId: number;
  /** Of another core's save this one knows nothing, and would undo it. */
  #savesSeen: number;
  /** Nothing is saved yet, or it is not known what is. */
  #isRewriteDue: boolean;

  constructor(options: {
    readonly registry: TableRegistry;
    readonly store: Store;
    readonly name: string;
    readonly bytecode: Bytecode;
    readonly log: TableLog | undefined;
    readonly savesSeen: number;
  }) {
    const { registry, store, name, log } = options;
    this.#registry = registry;
    this.#store = store;
    this.#name = name;
    this.#bytecode = options.bytecode;
    this.#journalBytes = log?.journalBytes ?? 0;
    this.#wholeBytes = log?.wholeBytes ?? 0;
    this.#checksum = log?.checksum ?? 0;
    this.#savedNextId = log?.nextId ?? 0;
    this.#isRewriteDue = log === undefined || log.droppedBytes > 0;
    this.restored =
      log === undefined
        ? undefined
        : {
            tables: log.tables.length,
            saves: log.saves,
            droppedBytes: log.droppedBytes,
            withheld: log.tables.flatMap((table) => [...refusedIn(table, table.withheld)]),
          };
    this.#savesSeen = options.savesSeen;
    registry.observer = this.#tracker;
  }

  /**
   * Saves the tables as they are when the store is free; all is saved or nothing. Rejects with
   * StoreError; the next save then saves everything. "locked": another core saved in between.
   */
  async save(): Promise<SaveReport> {
    return await this.#queue.run(async () => {
      if (this.#registry.observer !== this.#tracker) {
        throw new StoreError("closed", "these tables are not followed any more; persist them anew");
      }
      this.#takeTurn();
      try {
        return await this.#save();
      } catch (error) {
        this.#isRewriteDue = true;
        throw error;
      }
    });
  }

  /** Follows the tables no more; what was saved stays. */
  stop(): void {
    if (this.#registry.observer === this.#tracker) this.#registry.observer = undefined;
  }

  #takeTurn(): void {
    if (savesOf(this.#store, this.#name) !== this.#savesSeen) {
      throw new StoreError(
        "locked",
        `another core of this program has saved its tables under ${this.#name} since these were ` +
          "brought back, and saving these would lose them: persist them under another name, or " +
          "load a core and bring the saved ones back",
      );
    }
    this.#savesSeen += 1;
    const saves = savesBegun.get(this.#store) ?? new Map<string, number>();
    savesBegun.set(this.#store, saves.set(this.#name, this.#savesSeen));
  }

  async #save(): Promise<SaveReport> {
    const { nextId } = this.#registry;
    this.#checkId(nextId);
    const changes = this.#tracker.take();
    if (this.#isRewriteDue || changes.isEverything) return await this.#rewrite();
    for (const [table, { isNew, keys }] of changes.tables) {
      this.#check(table, isNew ? table.entries : changedEntries(table, keys));
    }
    const isChanged = changes.tables.size > 0 || changes.collectedIds.size > 0;
    if (!isChanged && nextId === this.#savedNextId) return { kind: "unchanged", bytes: 0 };
    const { bytes, checksum } = frameOf(encodeChanges(changes, nextId), this.#checksum);
    const log = { journalBytes: this.#journalBytes, wholeBytes: this.#wholeBytes };
    const added = { addedBytes: bytes.length, liveBytes: this.#liveBytes() };
    if (isRewriteBetter({ ...log, ...added })) return await this.#rewrite();
    await this.#store.append(this.#name, bytes);
    this.#journalBytes += bytes.length;
    this.#wholeBytes += bytes.length;
    this.#checksum = checksum;
    this.#savedNextId = nextId;
    return { kind: "appended", bytes: bytes.length };
  }

  async #rewrite(): Promise<SaveReport> {
    const { nextId } = this.#registry;
    for (const table of this.#registry.all()) this.#check(table, table.entries);
    const { bytes, checksum } = beginLog(encodeWhole(this.#registry));
    await this.#store.write(this.#name, bytes);
    this.#journalBytes = 0;
    this.#wholeBytes = bytes.length;
    this.#checksum = checksum;
    this.#savedNextId = nextId;
    this.#isRewriteDue = false;
    return { kind: "rewritten", bytes: bytes.length };
  }

  /** Throws StoreError "untrusted" for what would be out of reach once it is brought back. */
  #check(table: TableStore, entries: Iterable<readonly [string, KeptBytes]>): void {
    if (this.#bytecode === "trusted") return;
    const [first] = refusedIn(table, entries);
    if (first === undefined) return;
    throw new StoreError(
      "untrusted",
      `nothing is saved: ${first.path} would not be brought back without trust ` +
        `(${first.reason}); remove it, or ${trusting}`,
    );
  }

  /** As `#check`, of the id that the next table has. */
  #checkId(nextId: number): void {
    const max = idMaxOf(this.#bytecode);
    if (nextId <= max) return;
    throw new StoreError(
      "untrusted",
      `nothing is saved: without trust no table's number above ${max} would be brought back, and ` +
        `the next is ${nextId}; ${trusting}`,
    );
  }

  /** Bytes of a rewritten log. */
  #liveBytes(): number {
    const { account } = this.#registry;
    const entriesBytes = account.encodedBytes + account.used.entries * entryOverheadBytes;
    return frameHeadBytes + entriesBytes;
  }
}

const trusting =
  'persist the tables with `bytecode: "trusted"` where nobody else can write to the store';

function* changedEntries(
  { entries }: TableStore,
  keys: TableChange["keys"],
): Iterable<readonly [string, KeptBytes]> {
  for (const [key] of keys) {
    const value = entries.get(key);
    if (value !== undefined) yield [key, value];
  }
}

/** Those entries that are more than data. */
function* refusedIn(
  table: Pick<TableStore, "id" | "name">,
  entries: Iterable<readonly [string, KeptBytes]>,
): Iterable<Refused> {
  for (const [key, value] of entries) {
    const reason = behavioursIn(value);
    if (reason !== undefined) yield { path: entryPath(table, key), reason: reason() };
  }
}

/** Of a record that sets an entry: tag and two lengths. */
const entryOverheadBytes = 9;

/** Throws StoreError; the registry is as it was then. */
function restore(
  registry: TableRegistry,
  { name, log }: { readonly name: string; readonly log: TableLog },
): void {
  const home = log.tables.find(({ id }) => id === homeTableId);
  const hasHome = home?.name === homeTableName;
  if (!hasHome) throw damaged(name, `table ${homeTableId} is not ${homeTableName}`);
  try {
    registry.restore(log.tables, log.nextId);
  } catch (cause) {
    if (cause instanceof DecodeError) throw damaged(name, cause.message, cause);
    if (!(cause instanceof QuotaExceededError)) throw cause;
    throw new StoreError(
      "full",
      `${name}: ${cause.message}: more than the core's quota; load the core with a larger one`,
      { cause },
    );
  }
}
