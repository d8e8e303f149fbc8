/** Which external tables can still be reached: the host's part of garbage collection. */
import type { TableStore } from "./table-store.ts";

/** All stores that can be reached from the roots over references, the roots among them. */
export function reachableFrom(roots: Iterable<TableStore>): ReadonlySet<TableStore> {
  const reached = new Set<TableStore>(roots);
  // A Set's iterator also visits what is added on the way: this is the work list.
  for (const store of reached) for (const reference of store.references()) reached.add(reference);
  return reached;
}
