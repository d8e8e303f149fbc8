/** What changed in a core's external tables since it was last asked, and nothing else. */
import { KeyMap } from "../core/key-map.ts";
import type { TableObserver } from "../core/table-registry.ts";
import type { TableStore } from "../core/table-store.ts";

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
  readonly collectedIds: ReadonlySet<number>;
  readonly tables: ReadonlyMap<TableStore, TableChange>;
}

export class TableTracker implements TableObserver {
  #tables = new Map<TableStore, TableChange>();
  #collectedIds = new Set<number>();

  /** All since the last call. */
  take(): TableChanges {
    const changes = { collectedIds: this.#collectedIds, tables: this.#tables };
    this.#tables = new Map();
    this.#collectedIds = new Set();
    return changes;
  }

  registered(store: TableStore): void {
    this.#tables.set(store, { isNew: true, isCleared: false, keys: new KeyMap() });
  }

  collected(store: TableStore): void {
    if (this.#tables.get(store)?.isNew !== true) this.#collectedIds.add(store.id);
    this.#tables.delete(store);
  }

  put(store: TableStore, key: string, isNew: boolean): void {
    const { isNew: isNewTable, keys } = this.#changeOf(store);
    if (isNewTable) return;
    const before = keys.get(key);
    if (!isNew) {
      if (before === undefined) keys.set(key, "changed");
      return;
    }
    // Set anew, so that it stands behind all others here too.
    keys.delete(key);
    keys.set(key, before === "removed" ? "moved" : "fresh");
  }

  removed(store: TableStore, key: string): void {
    const { isNew, keys } = this.#changeOf(store);
    if (isNew) return;
    if (keys.get(key) === "fresh") keys.delete(key);
    else keys.set(key, "removed");
  }

  cleared(store: TableStore): void {
    const change = this.#changeOf(store);
    change.isCleared = true;
    change.keys.clear();
  }

  #changeOf(store: TableStore): TableChange {
    const known = this.#tables.get(store);
    if (known !== undefined) return known;
    const change: TableChange = { isNew: false, isCleared: false, keys: new KeyMap() };
    this.#tables.set(store, change);
    return change;
  }
}
