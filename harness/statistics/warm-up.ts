/** Judges from the samples themselves where the warm-up ended, and whether it did. */

export interface WarmUp {
  /** How many of the first rounds don't count. */
  readonly rounds: number;
  /** What counts shows no fall from its beginning to its end. */
  readonly isSettled: boolean;
}

/**
 * The steady part of a series begins with the first sample that is no slower than the slowest of
 * the later half: what is slower than anything seen later was warm-up. It takes no threshold, and
 * at most half of the samples. The first round never counts: it has what is done once. The last of
 * the series to become steady decides for all, since rounds are pairs.
 */
export function judgeWarmUp(series: readonly (readonly number[])[]): WarmUp {
  const rounds = Math.max(1, ...series.map(cutOf));
  return { rounds, isSettled: series.every((samples) => !isFalling(samples.slice(rounds))) };
}

function cutOf(samples: readonly number[]): number {
  const later = samples.slice(-Math.max(1, Math.floor(samples.length / 2)));
  const slowest = Math.max(...later);
  return samples.findIndex((sample, index) => index > 0 && sample <= slowest);
}

/** One-sided, at 5 %. */
const fallingFrom = -1.645;

/** The trend test of Mann and Kendall: whether later samples are faster more often than slower. */
function isFalling(samples: readonly number[]): boolean {
  const count = samples.length;
  let sum = 0;
  for (const [index, earlier] of samples.entries()) {
    for (const later of samples.slice(index + 1)) sum += Math.sign(later - earlier);
  }
  const variance = (count * (count - 1) * (2 * count + 5)) / 18;
  return sum < 0 && (sum + 1) / Math.sqrt(variance) < fallingFrom;
}
