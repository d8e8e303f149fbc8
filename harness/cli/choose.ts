/** What the commands choose by name: variants by a filter, suites and workloads by their names. */
import { FilterError, parseFilter } from "../variant/filter.ts";
import type { Variant } from "../variant/variant.ts";
import { UsageError, unknownName } from "./usage.ts";

/** Whether a variant fits `--filter`; all do where there is none. Throws UsageError. */
export function filterOf(filter: string | undefined): (variant: Variant) => boolean {
  if (filter === undefined) return () => true;
  try {
    return parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Those of the names that are given, in the order of `all`; all where none is. UsageError. */
export function chooseByName<Item extends { readonly name: string }>(
  what: string,
  all: readonly Item[],
  names: readonly string[] | undefined,
): readonly Item[] {
  if (names === undefined) return all;
  const known = all.map(({ name }) => name);
  for (const given of names) {
    if (!known.includes(given)) throw unknownName({ what, given, known });
  }
  return all.filter(({ name }) => names.includes(name));
}
