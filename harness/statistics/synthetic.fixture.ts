/** Synthetic samples with the noise of a shared machine, for tests of the statistics. */
import type { Place } from "./comparison.ts";
import { randomOf } from "./random.ts";

/** All deviations are of logarithms: 0.01 is one per cent. */
export interface SyntheticNoise {
  /** Of each sample by itself. */
  readonly sample: number;
  /** Of each subject in each process: where its code and heap came to lie. */
  readonly process: number;
  /** What a process's machine does to all subjects, from its first round to its last. */
  readonly drift: number;
  /** How many processes have something else beside them, which makes samples longer, by chance. */
  readonly disturbed: { readonly rate: number; readonly sample: number };
  /** How many samples are hit by something else, and how much longer they get on average. */
  readonly outliers: { readonly rate: number; readonly factor: number };
}

export interface SyntheticRun {
  /** True times in milliseconds, by subject. */
  readonly subjectsMs: Readonly<Record<string, number>>;
  readonly processes: number;
  /** In each process. */
  readonly rounds: number;
  readonly noise: SyntheticNoise;
  readonly seed: number;
}

export interface SyntheticSeries {
  readonly samplesMs: readonly number[];
  readonly rounds: readonly Place[];
}

/** By subject. */
export function syntheticRun(run: SyntheticRun): ReadonlyMap<string, SyntheticSeries> {
  const { subjectsMs, noise, processes, rounds } = run;
  const random = randomOf(run.seed);
  const normal = normalOf(random);
  const names = Object.keys(subjectsMs);
  const series = new Map(
    names.map((name) => [name, { samplesMs: [] as number[], rounds: [] as Place[] }]),
  );
  for (let process = 0; process < processes; process++) {
    const slope = noise.drift * normal();
    const isDisturbed = random() < noise.disturbed.rate;
    const layouts = new Map(names.map((name) => [name, noise.process * normal()]));
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const { rate, factor } = noise.outliers;
        const outlier = random() < rate ? Math.log(1 - factor * Math.log(1 - random())) : 0;
        const log =
          (layouts.get(name) ?? 0) +
          (slope * round) / rounds +
          noise.sample * normal() +
          (isDisturbed ? noise.disturbed.sample * Math.abs(normal()) : 0) +
          outlier;
        series.get(name)?.samplesMs.push((subjectsMs[name] ?? 0) * Math.exp(log));
        series.get(name)?.rounds.push({ process, round });
      }
    }
  }
  return series;
}

/** The method of Box and Muller. */
function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
