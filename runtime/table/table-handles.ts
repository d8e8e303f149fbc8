/** How many handles the Lua of one instance has on each external table. */
import { IdMap } from "../map/id-map.ts";
import type { TableRegistry } from "./table-registry.ts";
import type { TableStore } from "./table-store.ts";

/** A store counts the handles of all instances together; each instance can give back its own. */
export class TableHandles {
  readonly #registry: TableRegistry;
  readonly #counts = new Map<TableStore, number>();

  constructor(registry: TableRegistry) {
    this.#registry = registry;
  }

  retain(store: TableStore, count = 1): void {
    store.handles += count;
    this.#counts.set(store, (this.#counts.get(store) ?? 0) + count);
  }

  /** False where this instance has none. */
  release(store: TableStore): boolean {
    const count = this.#counts.get(store);
    if (count === undefined) return false;
    if (count === 1) this.#counts.delete(store);
    else this.#counts.set(store, count - 1);
    return this.#registry.release(store);
  }

  /** Makes no collection due: what a restored state that failed would need may stay. */
  releaseAll(): void {
    for (const [store, count] of this.#counts) store.handles -= count;
    this.#counts.clear();
  }

  /** The count by the table's id, in ascending order. */
  byId(): ReadonlyMap<number, number> {
    const counts = [...this.#counts].map(([{ id }, count]) => [id, count] as const);
    return new IdMap(counts.sort(([a], [b]) => a - b));
  }
}
