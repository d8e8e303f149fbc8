/** How much each process counts: one beside which something else ran says little. */
import { median } from "./location.ts";

/** What one process showed, and how much it counts: at most 1. */
export interface Weighted {
  readonly figure: number;
  readonly weight: number;
  /** The process lies apart from all others: the figure is where it was drawn in to. */
  readonly isApart?: true;
}

/** Of a normal distribution: the deviation that belongs to a median absolute deviation of 1. */
const deviationOfMad = 1.4826;
/** Of a normal distribution: the error of a median beside that of a mean. */
const errorOfMedian = 1.2533;

/** With fewer it can't be told which of them lies apart. */
const processesToJudge = 6;
/** Of a normal distribution one figure in 500 million lies so far; of six that we saw, more. */
const reachInSpreads = 6;
/** One may lie apart; of 20 and more, one in each ten. */
const processesPerAccident = 10;

/**
 * The median of each process, weighed by the inverse of its variance (as the random effects of a
 * meta-analysis): what processes differ by anyhow, and the error of its own rounds. The spread of
 * a process's rounds says nothing of which subject is faster, so that weights favour none. Who is
 * quieter than usual, by luck perhaps, counts no more than what is usual.
 *
 * A process that lies far from all others is drawn in to where it still says which side it is on
 * (winsorized): now and then V8 leaves one module of a process at half its speed for good, and the
 * mean over twelve would be 6 % off for it. Only where hardly any lie so: what several processes
 * show is no accident but one of the ways in which the subject behaves, and users have it, too.
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
  const limits = limitsOf(medians, Math.max(spread, median(errors)));
  return medians.map((figure, index) => {
    const variance = variances[index] ?? 0;
    const weight = variance <= usual ? 1 : usual / variance;
    const drawnIn = Math.min(Math.max(figure, limits.low), limits.high);
    return { figure: drawnIn, weight, ...(drawnIn === figure ? {} : { isApart: true as const }) };
  });
}

/** Between which figures count as they are: all of them, unless hardly any lie far outside. */
function limitsOf(figures: readonly number[], spread: number) {
  const unlimited = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  if (figures.length < processesToJudge) return unlimited;
  const middle = median(figures);
  const reach = reachInSpreads * spread;
  const apart = figures.filter((figure) => Math.abs(figure - middle) > reach).length;
  const most = Math.max(1, Math.floor(figures.length / processesPerAccident));
  return apart > most ? unlimited : { low: middle - reach, high: middle + reach };
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
