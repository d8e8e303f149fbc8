/** Whether a ratio stays the same over a measurement: what moves is not yet measured. */
import { mean, median, standardDeviation } from "./location.ts";
import { studentFactor } from "./student.ts";

/** In logarithms of the ratio. */
export interface Drift {
  /** The later half of each process's rounds less the earlier one, on average. */
  readonly within: number;
  /** The later half of the processes less the earlier one. */
  readonly between: number;
  /** Of neighbouring rounds within a process, -1 to 1: near 0 when rounds are independent. */
  readonly autocorrelation: number;
  /** One of the two is more than chance explains. */
  readonly isDrifting: boolean;
}

/** A check of every pair of every run: it may raise a false alarm once in a thousand. */
const level = 0.999;

export function driftOf(clusters: readonly (readonly number[])[]): Drift {
  const within = steps(clusters);
  const between = halves(clusters.map(median));
  return {
    within: within.step,
    between: between.step,
    autocorrelation: autocorrelationOf(clusters),
    isDrifting: within.isSure || between.isSure,
  };
}

interface Step {
  readonly step: number;
  readonly isSure: boolean;
}

const none: Step = { step: 0, isSure: false };

function steps(clusters: readonly (readonly number[])[]): Step {
  const differences = clusters.flatMap((cluster) => {
    const half = Math.floor(cluster.length / 2);
    if (half === 0) return [];
    return [median(cluster.slice(-half)) - median(cluster.slice(0, half))];
  });
  if (differences.length < 2) return none;
  const step = mean(differences);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  return { step, isSure: Math.abs(step) > studentFactor(level, differences.length - 1) * error };
}

function halves(figures: readonly number[]): Step {
  const half = Math.floor(figures.length / 2);
  if (half < 2) return none;
  const earlier = figures.slice(0, half);
  const later = figures.slice(-half);
  const step = mean(later) - mean(earlier);
  const error = Math.hypot(standardDeviation(earlier), standardDeviation(later)) / Math.sqrt(half);
  return { step, isSure: Math.abs(step) > studentFactor(level, 2 * half - 2) * error };
}

function autocorrelationOf(clusters: readonly (readonly number[])[]): number {
  let products = 0;
  let squares = 0;
  for (const cluster of clusters) {
    const middle = mean(cluster);
    const residuals = cluster.map((figure) => figure - middle);
    for (const [index, residual] of residuals.entries()) {
      squares += residual ** 2;
      products += residual * (residuals[index + 1] ?? 0);
    }
  }
  return squares === 0 ? 0 : products / squares;
}
