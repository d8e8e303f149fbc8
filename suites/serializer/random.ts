/** Numbers by a seed: the same in each run and in each engine. */

/** Whole numbers from 0 up to, not including, `end`; xorshift of 32 bits (Marsaglia, 2003). */
export type Random = (end: number) => number;

export function randomOf(seed: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) >>> 0 || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state % end;
  };
}
