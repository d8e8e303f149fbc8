/** What the commands choose by name: variants by a filter, suites and workloads by their names. */
import { FilterError, parseFilter } from "../../harness/variant/filter.ts";
import { allVariants } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
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

/** What is loaded side by side, and its times told apart. */
const variantsMax = 12;

/** Those of the ids, in their order, and of the filter; the standard ones without. UsageError. */
export function chooseVariants(options: {
  readonly ids: readonly string[];
  readonly filter: string | undefined;
  readonly standard: readonly Variant[];
}): readonly Variant[] {
  const { ids, filter, standard } = options;
  if (ids.length === 0 && filter === undefined) return standard;
  const known = allVariants();
  const named = ids.map((id) => {
    const variant = known.find((each) => each.id === id);
    if (variant !== undefined) return variant;
    throw unknownName({ what: "variant", given: id, known: known.map((each) => each.id) });
  });
  const fits = filterOf(filter);
  const selected = [...new Set(ids.length === 0 ? known : named)].filter(fits);
  if (selected.length === 0) throw new UsageError("no variant fits: npm run matrix -- list");
  if (selected.length > variantsMax) {
    throw new UsageError(`${selected.length} variants fit; take at most ${variantsMax} at once`);
  }
  return selected;
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
