/** The bootstrap over processes: how far an estimate would move in another run. */
import { randomOf } from "./random.ts";
import { effectiveCount, type Weighted } from "./weights.ts";

/** Enough for a standard error: its own error is 1 / sqrt(2 × 600), 3 %. */
const draws = 600;

/**
 * The standard error of the weighted mean of figures, one for each process; NaN of fewer than
 * two. Whole processes are drawn, with all of their rounds: what the rounds of one share is
 * no independent evidence (Davison and Hinkley, Bootstrap Methods, 1997, 3.8). Drawing the rounds
 * of a drawn process once more would count their noise twice, and a median of few rounds that are
 * drawn again turns into an outlier often: in simulations the error was four times too large.
 */
export function bootstrapError(figures: readonly Weighted[], seed: number): number {
  const count = figures.length;
  if (count < 2) return Number.NaN;
  const random = randomOf(seed);
  const estimates: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let weights = 0;
    for (let i = 0; i < count; i++) {
      const drawn = figures[Math.floor(random() * count)];
      if (drawn === undefined) continue;
      sum += drawn.weight * drawn.figure;
      weights += drawn.weight;
    }
    estimates.push(sum / weights);
  }
  const middle = estimates.reduce((sum, each) => sum + each, 0) / draws;
  const squares = estimates.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  // Drawing n of n shows (n - 1) / n of their variance.
  const effective = Math.max(2, effectiveCount(figures));
  return Math.sqrt((squares / draws) * (effective / (effective - 1)));
}
