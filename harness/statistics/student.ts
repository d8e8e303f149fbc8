/** Student's t distribution: how many standard errors an interval of few observations takes. */

/**
 * The probability that |t| is at most `t`, for a whole number of degrees of freedom: the finite
 * series of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */
function centralProbability(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= freedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/**
 * Half the width, in standard errors, of the interval that holds the truth with probability
 * `level`; infinite with no degree of freedom, for one observation says nothing of its spread.
 */
export function studentFactor(level: number, freedom: number): number {
  if (freedom < 1) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = 1;
  while (centralProbability(high, freedom) < level) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, freedom) < level) low = middle;
    else high = middle;
  }
  return high;
}
