/** Arguments for the functions of `math`: where each has its difficulties, drawn from a seed. */
import { bitsOf } from "./doubles.ts";
import type { FunctionName } from "./exact-functions.ts";

/** Two for all functions; those of one take the first. */
export type Arguments = readonly [number, number];

type Random = () => number;

const mantissaOf = (random: Random) => 1 + random();
const signOf = (random: Random) => (random() < 0.5 ? -1 : 1);
const between = (random: Random, min: number, max: number) => min + (max - min) * random();
const integerUpTo = (random: Random, max: number) => Math.floor(random() * (max + 1));

/** Of any exponent, the subnormal ones included. */
function anySize(random: Random): number {
  return mantissaOf(random) * 2 ** (integerUpTo(random, 2097) - 1074);
}

/** 1 ± r, r of any size down to half a unit in the last place. */
function nearOne(random: Random): number {
  return 1 + (signOf(random) * mantissaOf(random)) / 2 ** (1 + integerUpTo(random, 53));
}

/** As near as a double comes to multiples of π/2, mostly. */
function angle(random: Random): number {
  const kind = random();
  if (kind < 0.3) return signOf(random) * anySize(random);
  if (kind < 0.6) return between(random, -10, 10);
  if (kind < 0.61) return 6381956970095103 * 2 ** 797; // The nearest of all (Muller, ch. 11).
  const multiple = integerUpTo(random, 2 ** integerUpTo(random, 50)) * (Math.PI / 2);
  return multiple * (1 + integerUpTo(random, 4) * 2 ** -52);
}

function ratio(random: Random): number {
  const kind = random();
  if (kind < 0.4) return between(random, -1, 1);
  if (kind < 0.7) return signOf(random) * Math.min(1, Math.abs(2 - nearOne(random)));
  return signOf(random) * 2 ** -integerUpTo(random, 1000) * random();
}

function exponent(random: Random): number {
  const kind = random();
  if (kind < 0.5) return between(random, -746, 710);
  if (kind < 0.7) return signOf(random) * random() * 2 ** -integerUpTo(random, 80);
  return integerUpTo(random, 1000) * Math.LN2 * signOf(random) * 0.7;
}

function positive(random: Random): number {
  const kind = random();
  if (kind < 0.4) return anySize(random);
  if (kind < 0.8) return nearOne(random);
  return integerUpTo(random, 1_000_000) + 1;
}

/** A base, and an exponent that keeps the power in the range of doubles, mostly. */
function power(random: Random): Arguments {
  const kind = random();
  if (kind < 0.3) return [1 + integerUpTo(random, 50), integerUpTo(random, 60) - 30];
  const base = Math.abs(positive(random)) || 1;
  // Roughly log2, and the same in every engine, which Math.log isn't: digests depend on it.
  const size = Number(bitsOf(base)) / 2 ** 52 - 1023;
  const wanted = between(random, -1080, 1030) / (size === 0 ? 1 : size);
  return [base, kind < 0.6 && Math.abs(wanted) > 1 ? Math.round(wanted) : wanted];
}

function point(random: Random): Arguments {
  const y = signOf(random) * anySize(random);
  if (random() < 0.3) return [y, signOf(random) * anySize(random)];
  const far = y * nearOne(random) * 2 ** (integerUpTo(random, 60) - 30) * signOf(random);
  return [y, Number.isFinite(far) && far !== 0 ? far : 1];
}

const first =
  (draw: (random: Random) => number) =>
  (random: Random): Arguments => [draw(random), 0];

export const argumentsOf = {
  sin: first(angle),
  cos: first(angle),
  tan: first(angle),
  asin: first(ratio),
  acos: first(ratio),
  atan: point,
  exp: first(exponent),
  log: first(positive),
  log2: first(positive),
  log10: first(positive),
  pow: power,
} as const satisfies Readonly<Record<FunctionName, (random: Random) => Arguments>>;

/** For functions that are exact anyway: any two doubles, the second often the smaller. */
export function anyPair(random: Random): Arguments {
  return [signOf(random) * anySize(random), signOf(random) * anySize(random)];
}
