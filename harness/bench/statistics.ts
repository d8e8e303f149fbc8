/** What is read out of samples: medians, and how subjects compare round by round. */
import type { Measurement, SubjectSamples } from "./measure.ts";

/** The middle of the figures, or the mean of the two in the middle; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

export interface SubjectFigures {
  readonly subject: string;
  readonly medianMs: number;
  /** How many times as fast as the reference: median of the ratios of each round. */
  readonly speed: number;
}

/** Per subject, against `reference`; against the first where the reference was not timed. */
export function figuresOf(
  { subjects }: Measurement,
  reference: string,
): { readonly reference: string; readonly figures: readonly SubjectFigures[] } | undefined {
  const against = subjects.find(({ subject }) => subject === reference) ?? subjects[0];
  if (against === undefined) return undefined;
  const figures = subjects.map((each) => ({
    subject: each.subject,
    medianMs: median(each.samplesMs),
    speed: pairedSpeed(each, against),
  }));
  return { reference: against.subject, figures };
}

/** Above 1: `subject` is faster. What slows a whole round down slows both, and cancels out. */
export function pairedSpeed(subject: SubjectSamples, against: SubjectSamples): number {
  return median(
    subject.samplesMs.map((durationMs, round) => (against.samplesMs[round] ?? 0) / durationMs),
  );
}
