/** The verdict on two subjects of one workload: faster, slower, equal within so much, undecided. */
import { boundsOf, type Comparison, compare, type TimedSamples } from "./comparison.ts";
import { farthest, readingLevel } from "./noise.ts";

/**
 * A measurement looks at its verdicts after so many processes, to stop where they are clear; and
 * once more at its end. Looking often finds chance often, so that a look takes much more evidence
 * than the end: equals are called different with a chance of 0.05 % at each of six looks and 0.5 %
 * at the end, 0.8 % together (Bonferroni); the noise of the A/A pair comes on top of that.
 */
export const looksAtProcesses: readonly number[] = [4, 6, 8, 12, 16, 24];
const lookLevel = 0.9995;
const endLevel = 0.995;

export type VerdictWord = "faster" | "slower" | "equal" | "undecided";

export interface Verdict {
  readonly verdict: VerdictWord;
  /** Time of the subject / time of the base: above 1 the subject is slower. */
  readonly ratio: number;
  /** The 95 % interval of the ratio; 0 and Infinity from one process alone. */
  readonly low: number;
  readonly high: number;
  /** The 99.5 % interval: "faster" and "slower" lie outside of it. */
  readonly surelyLow: number;
  readonly surelyHigh: number;
  /** How far the two are apart at most, by the 95 % interval; Infinity when it has no end. */
  readonly equalWithinPercent: number;
  /** What the run showed between equals: a smaller difference is none. Infinity if unknown. */
  readonly noisePercent: number;
  /** The ratio moved by this, in per cent, where it moved more than chance explains. */
  readonly driftPercent?: number;
  /** Of neighbouring rounds; far from 0 says that rounds told each other's story. */
  readonly autocorrelation: number;
  readonly processes: number;
  /** How many of them lie far from all others, and count less; absent where none does. */
  readonly processesApart?: number;
  readonly rounds: number;
}

export interface Question extends Standards {
  readonly base: TimedSamples;
  readonly subject: TimedSamples;
}

/** By what a comparison is judged. */
export interface Standards {
  /** Of this workload in this run (noise.ts), as a logarithm; without it all is undecided. */
  readonly noise: number | undefined;
  /** What difference matters: "equal" is said of less alone. A wish of the reader, no threshold. */
  readonly precisionPercent: number;
  /** The measurement may go on: see `looksAtProcesses`. */
  readonly isLook?: boolean;
}

/** Pure: the same samples give the same verdict, in the run and when records are read again. */
export function verdictOf(question: Question): Verdict {
  return judge(compare(question.base, question.subject), question);
}

/** The verdict on what was compared in another way. */
export function judge(comparison: Comparison, question: Standards): Verdict {
  const { noise } = question;
  const { estimate, drift, processes, apart, rounds } = comparison;
  const reading = boundsOf(comparison, readingLevel);
  const sure = boundsOf(comparison, endLevel);
  const moved = movedBy(comparison);
  const verdict = wordOf(comparison, question);
  return {
    verdict,
    ratio: Math.exp(estimate),
    low: Math.exp(reading.low),
    high: Math.exp(reading.high),
    surelyLow: Math.exp(sure.low),
    surelyHigh: Math.exp(sure.high),
    equalWithinPercent: percentOf(farthest(comparison)),
    noisePercent: noise === undefined ? Number.POSITIVE_INFINITY : percentOf(noise),
    ...(drift.isDrifting ? { driftPercent: percentOf(moved) } : {}),
    autocorrelation: drift.autocorrelation,
    processes,
    ...(apart === 0 ? {} : { processesApart: apart }),
    rounds,
  };
}

/**
 * Equal comes before what only the end finds different: then what stopped at a look, as different
 * or equal, reads the same ever after, and the end's level counts once.
 */
function wordOf(comparison: Comparison, question: Standards): VerdictWord {
  const { noise, precisionPercent, isLook = false } = question;
  const { estimate, drift } = comparison;
  if (noise === undefined) return "undecided";
  const isMoving = drift.isDrifting && movedBy(comparison) >= Math.abs(estimate);
  const isApart = Math.abs(estimate) > noise && !isMoving;
  const different = estimate > 0 ? "slower" : "faster";
  if (isApart && isOutside(comparison, lookLevel)) return different;
  if (percentOf(farthest(comparison)) <= precisionPercent) return "equal";
  if (isApart && !isLook && isOutside(comparison, endLevel)) return different;
  return "undecided";
}

/** Equality lies outside of the interval. */
function isOutside(comparison: Comparison, level: number): boolean {
  const { low, high } = boundsOf(comparison, level);
  return low > 0 || high < 0;
}

function movedBy({ drift }: Comparison): number {
  return Math.max(Math.abs(drift.within), Math.abs(drift.between));
}

/** A logarithm of a ratio as the per cent that it is above 1. */
export function percentOf(logarithm: number): number {
  return 100 * Math.expm1(logarithm);
}
