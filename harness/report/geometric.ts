/** Means of ratios: in logarithms, so that twice and half cancel out. */
import { mean } from "../statistics/location.ts";

/** Of positive figures; 1 of none, the ratio that says nothing. */
export function geometricMean(figures: readonly number[]): number {
  return figures.length === 0 ? 1 : Math.exp(mean(figures.map(Math.log)));
}
