/** Where figures lie and how far they spread: median, mean, deviation. */

/** The middle of the figures, or the mean of the two in the middle; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** NaN of none. */
export function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

/** Of positive figures, in logarithms: twice and half cancel out. 1 of none. */
export function geometricMean(figures: readonly number[]): number {
  return figures.length === 0 ? 1 : Math.exp(mean(figures.map(Math.log)));
}

/** With n − 1 below; NaN of fewer than two. */
export function standardDeviation(figures: readonly number[]): number {
  const middle = mean(figures);
  const squares = figures.reduce((sum, figure) => sum + (figure - middle) ** 2, 0);
  return Math.sqrt(squares / (figures.length - 1));
}
