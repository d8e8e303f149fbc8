/** Cores' tables without a core, and what of them must come back. */
import { TableRegistry } from "../table/table-registry.ts";
import { Tables } from "../table/tables.ts";
import type { Store } from "./store.ts";
import { persistTables } from "./table-persistence.ts";

const mapping = { integers: "number", strings: "text" } as const;

export function newTables(quota = {}): Tables {
  return new Tables(new TableRegistry({ quota, mapping }));
}

/** Everything that must come back, as encoded: ids, names, entries in their order. */
export function pictureOf(tables: Tables): unknown {
  const stores = [...tables.registry.all()];
  return stores.map(({ id, name, entries }) => [
    id,
    name,
    [...entries].map(([key, value]) => [key, [...value].join()]),
  ]);
}

export async function restored(store: Store): Promise<Tables> {
  const tables = newTables();
  (await persistTables({ tables, store })).stop();
  return tables;
}
