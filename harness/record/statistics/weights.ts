/** How much each process counts: one beside which something else ran says little. */
import { median } from "./location.ts";

/** What one process showed, and how much it counts: at most 1. */
export interface Weighted {
  readonly figure: number;
  readonly weight: number;
}

/** Of a normal distribution: the deviation that belongs to a median absolute deviation of 1. */
const deviationOfMad = 1.4826;
/** Of a normal distribution: the error of a median beside that of a mean. */
const errorOfMedian = 1.2533;

/** Processes by which it is judged whether one lies apart, and how far that is. */
const processesToJudge = 6;
const reachInSpreads = 6;

/**
 * The median of each process, weighed by the inverse of its variance (as the random effects of a
 * meta-analysis): what processes differ by anyhow, and the error of its own rounds. The spread of
 * a process's rounds says nothing of which subject is faster, so that weights favour none. Who is
 * quieter than usual, by luck perhaps, counts no more than what is usual.
 *
 * A process that lies far from all others is drawn in to where it still says which side it is on
 * (winsorized): in one of a hundred or so V8 leaves one of the modules at half its speed for good,
 * and a mean over twelve processes would be 6 % off for it. Of fewer than six processes none is
 * known to lie apart.
 */
export function weighedMedians(clusters: readonly (readonly number[])[]): readonly Weighted[] {
  const medians = clusters.map(median);
  const spreads = clusters.map((cluster) => spreadOf(cluster));
  const usualSpread = median(spreads);
  const errors = clusters.map(
    (cluster, index) =>
      (errorOfMedian * Math.max(spreads[index] ?? 0, usualSpread)) / Math.sqrt(cluster.length),
  );
  const squares = errors.map((error) => error ** 2);
  const spread = spreadOf(medians);
  const between = Math.max(0, spread ** 2 - median(squares));
  const variances = squares.map((square) => between + square);
  const usual = median(variances);
  const middle = median(medians);
  const reach =
    medians.length < processesToJudge
      ? Number.POSITIVE_INFINITY
      : reachInSpreads * Math.max(spread, median(errors));
  return medians.map((figure, index) => {
    const variance = variances[index] ?? 0;
    return {
      figure: Math.min(Math.max(figure, middle - reach), middle + reach),
      weight: variance <= usual ? 1 : usual / variance,
    };
  });
}

function spreadOf(figures: readonly number[]): number {
  const middle = median(figures);
  return deviationOfMad * median(figures.map((figure) => Math.abs(figure - middle)));
}

/** NaN of none. */
export function weightedMean(figures: readonly Weighted[]): number {
  let sum = 0;
  let weights = 0;
  for (const { figure, weight } of figures) {
    sum += weight * figure;
    weights += weight;
  }
  return sum / weights;
}

/** As many processes of equal weight would say as much (Kish): between 1 and their number. */
export function effectiveCount(figures: readonly Weighted[]): number {
  const sum = figures.reduce((total, { weight }) => total + weight, 0);
  const squares = figures.reduce((total, { weight }) => total + weight ** 2, 0);
  return sum ** 2 / squares;
}
