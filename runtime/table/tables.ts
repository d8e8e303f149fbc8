/** `core.tables`: the external tables of a core, as an application reaches them. */
import { homeTableName } from "../abi/abi.ts";
import { latin1Of } from "../bytes/latin1.ts";
import { requireRoomForChange } from "../check/engine-stack.ts";
import { EncodeError } from "../check/errors.ts";
import { bytesOf } from "../scalar/scalars.ts";
import type { ExternalTable } from "../value/values.ts";
import type { Quota, Usage } from "./quota.ts";
import type { TableRegistry } from "./table-registry.ts";

export class Tables implements Iterable<ExternalTable> {
  readonly #registry: TableRegistry;

  /** Applications get theirs from `core.tables`. */
  constructor(registry: TableRegistry) {
    this.#registry = registry;
  }

  /** Encoded entries, ids and names: for what keeps the tables (runtime/store). */
  get registry(): TableRegistry {
    return this.#registry;
  }

  /** `_home` in Lua. */
  get home(): ExternalTable {
    return this.named(homeTableName);
  }

  /** The table of that id; undefined when there is none, or none any more. */
  get(id: number): ExternalTable | undefined {
    return this.#registry.tableOf(id);
  }

  /** The table of that name, made when it is new: `ext.table(name)` in Lua. */
  named(name: string): ExternalTable {
    requireRoomForChange();
    const bytes = typeof name === "string" ? bytesOf(name) : undefined;
    if (bytes === undefined || bytes.length === 0) {
      throw new EncodeError("the name of an external table is a text, and not empty");
    }
    return this.#registry.faceOf(this.#registry.named(latin1Of(bytes)));
  }

  /** A new table without a name. It stays in the core while something in the core refers to it. */
  create(): ExternalTable {
    requireRoomForChange();
    return this.#registry.faceOf(this.#registry.create());
  }

  /** The limits over all tables together. */
  get quota(): Quota {
    return this.#registry.account.limits;
  }

  /** What all tables together take of the quota. */
  get used(): Usage {
    return this.#registry.account.used;
  }

  /**
   * Drops the tables that neither `_home`, nor a named table, nor Lua refers to, and returns how
   * many; the core does it by itself when it is idle. One that JavaScript holds goes on as a Map
   * of its own, and is the core's again when it is stored or passed. Tables that a store brought
   * back stay until the first `restore` or `loadImage` that succeeds, for the snapshot may refer to
   * them; who restores none calls this instead.
   */
  collect(): number {
    requireRoomForChange();
    return this.#registry.collect();
  }

  *[Symbol.iterator](): IterableIterator<ExternalTable> {
    for (const store of this.#registry.all()) yield this.#registry.faceOf(store);
  }
}
