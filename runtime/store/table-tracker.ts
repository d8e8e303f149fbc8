/** What changed in a core's external tables since it was last asked, and nothing else. */
import { IdMap } from "../map/id-map.ts";
import { KeyMap } from "../map/key-map.ts";
import { shortTextMax } from "../map/long-texts.ts";
import type { TableObserver } from "../table/table-registry.ts";
import type { TableStore } from "../table/table-store.ts";

/**
 * What became of a key, as seen from what was saved last. `fresh`: it was not there. `changed`: it
 * has another value in its old place. `removed`: it is gone. `moved`: it was removed and set again,
 * which put it behind all others.
 */
export type KeyChange = "fresh" | "changed" | "removed" | "moved";

export interface TableChange {
  /** Not saved yet: all it holds is new, and `keys` stays empty. */
  isNew: boolean;
  /** All that was saved of it is gone. */
  isCleared: boolean;
  /** Fresh and moved keys stand in the order in which the table has them. */
  readonly keys: KeyMap<KeyChange>;
}

export interface TableChanges {
  /** There were too many: all tables may have changed, and nothing is told of them. */
  readonly isEverything: boolean;
  readonly collectedIds: IdMap<true>;
  readonly tables: ReadonlyMap<TableStore, TableChange>;
}

/** Of more than so much nothing is kept: the next save saves everything. */
const tablesMax = 16_384;
const keysMax = 262_144;
/** Of keys that are gone, and of long ones, which are there once more for being found. */
const keyBytesMax = 4 * 1024 * 1024;

export class TableTracker implements TableObserver {
  #isEverything = false;
  #keys = 0;
  #keyBytes = 0;
  #tables = new Map<TableStore, TableChange>();
  #collectedIds = new IdMap<true>();

  /** All since the last call. */
  take(): TableChanges {
    const changes = {
      ...{ isEverything: this.#isEverything },
      ...{ collectedIds: this.#collectedIds, tables: this.#tables },
    };
    this.#forget(false);
    return changes;
  }

  registered(store: TableStore): void {
    if (this.#isEverything) return;
    this.#tables.set(store, { isNew: true, isCleared: false, keys: new KeyMap() });
    this.#check();
  }

  collected(store: TableStore): void {
    if (this.#isEverything) return;
    if (this.#tables.get(store)?.isNew !== true) this.#collectedIds.set(store.id, true);
    this.#tables.delete(store);
    this.#check();
  }

  put(store: TableStore, given: string, isNew: boolean): void {
    if (this.#isEverything) return;
    const { isNew: isNewTable, keys } = this.#changeOf(store);
    if (isNewTable) return;
    const key = store.keptKey(given);
    const before = keys.get(key);
    if (!isNew) {
      if (before !== undefined) return;
      keys.set(key, "changed");
    } else {
      // Set anew, so that it stands behind all others here too.
      keys.delete(key);
      keys.set(key, before === "removed" ? "moved" : "fresh");
    }
    this.#keys += 1;
    if (key.length > shortTextMax) this.#keyBytes += key.length;
    this.#check();
  }

  removed(store: TableStore, key: string): void {
    if (this.#isEverything) return;
    const { isNew, keys } = this.#changeOf(store);
    if (isNew) return;
    if (keys.get(key) === "fresh") {
      keys.delete(key);
      return;
    }
    keys.set(key, "removed");
    this.#keys += 1;
    this.#keyBytes += key.length;
    this.#check();
  }

  cleared(store: TableStore): void {
    if (this.#isEverything) return;
    const change = this.#changeOf(store);
    change.isCleared = true;
    change.keys.clear();
    this.#check();
  }

  #changeOf(store: TableStore): TableChange {
    const known = this.#tables.get(store);
    if (known !== undefined) return known;
    const change: TableChange = { isNew: false, isCleared: false, keys: new KeyMap() };
    this.#tables.set(store, change);
    return change;
  }

  #check(): void {
    const isTooMuch =
      this.#tables.size + this.#collectedIds.size > tablesMax ||
      this.#keys > keysMax ||
      this.#keyBytes > keyBytesMax;
    if (isTooMuch) this.#forget(true);
  }

  #forget(isEverything: boolean): void {
    this.#isEverything = isEverything;
    this.#keys = 0;
    this.#keyBytes = 0;
    this.#tables = new Map();
    this.#collectedIds = new IdMap();
  }
}
