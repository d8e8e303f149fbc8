/** How fine a clock is: no sample may be so short that the clock's steps show in it. */

const readings = 2_000;

/**
 * The smallest step that is seen between two readings, in the clock's unit. A clock that does not
 * move while it is read so often is as coarse as the whole of that.
 */
export function resolutionOf(now: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  const begun = now();
  let before = begun;
  for (let i = 0; i < readings || least === Number.POSITIVE_INFINITY; i++) {
    const current = now();
    const step = current - before;
    if (step > 0 && step < least) least = step;
    before = current;
  }
  return least;
}
