/** Leaves out of a failing list what it can: delta debugging (Zeller and Hildebrandt, 2002). */

/**
 * The smallest sublist found that still fails; `fails` holds for `items` as they are given. When it
 * answers undefined the time is up: the smallest so far is returned.
 */
export async function smallestSublist<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean | undefined>,
): Promise<readonly Item[]> {
  let smallest = items;
  let size = Math.ceil(smallest.length / 2);
  while (size >= 1 && smallest.length > 1) {
    let from = 0;
    let removed = false;
    while (from < smallest.length) {
      const rest = [...smallest.slice(0, from), ...smallest.slice(from + size)];
      const failed = rest.length === 0 ? false : await fails(rest);
      if (failed === undefined) return smallest;
      if (failed) {
        smallest = rest;
        removed = true;
      } else from += size;
    }
    if (size === 1 && !removed) return smallest;
    size = size === 1 ? 1 : Math.floor(size / 2);
  }
  return smallest;
}
