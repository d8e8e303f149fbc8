/** What the processes of a measurement told, by workload: raw samples, and records of them. */
import type { TimingRecord } from "../record/record.ts";
import type { Place } from "../statistics/comparison.ts";
import type { TwinPair } from "../statistics/noise.ts";
import { twinName } from "../statistics/noise.ts";
import type { CoreSpec, TimedReply } from "./protocol.ts";

/** All samples of one subject, in the order in which they were taken. */
export interface Series {
  readonly samplesMs: readonly number[];
  readonly rounds: readonly Place[];
}

interface Entry {
  readonly series: Map<string, { readonly samplesMs: number[]; readonly rounds: Place[] }>;
  processes: number;
  tookMs: number;
  warmUpRounds: number;
  resolutionMs: number;
}

export interface CollectionOptions {
  /** The first is the base, whose twin is there too. */
  readonly cores: readonly CoreSpec[];
  readonly engine: { readonly name: string; readonly version: string };
}

export class Collection {
  readonly #options: CollectionOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: CollectionOptions) {
    this.#options = options;
  }

  add(process: number, timed: TimedReply): void {
    const entry = this.#entries.get(timed.workload) ?? {
      ...{ series: new Map(), processes: 0, tookMs: 0, warmUpRounds: 0, resolutionMs: 0 },
    };
    this.#entries.set(timed.workload, entry);
    entry.processes += 1;
    entry.tookMs += timed.tookMs;
    entry.warmUpRounds += timed.warmUpRounds;
    // The coarsest clock of all processes: every sample must be long enough for it.
    entry.resolutionMs = Math.max(entry.resolutionMs, timed.resolutionMs);
    for (const { subject, samplesMs, rounds } of timed.subjects) {
      const series = entry.series.get(subject) ?? { samplesMs: [], rounds: [] };
      entry.series.set(subject, series);
      series.samplesMs.push(...samplesMs);
      series.rounds.push(...rounds.map((round) => ({ process, round })));
    }
  }

  /** How many processes timed it. */
  processesOf(workload: string): number {
    return this.#entries.get(workload)?.processes ?? 0;
  }

  tookMsOf(workload: string): number {
    return this.#entries.get(workload)?.tookMs ?? 0;
  }

  /** By subject, as far as it supports the workload. */
  seriesOf(workload: string): ReadonlyMap<string, Series> {
    return this.#entries.get(workload)?.series ?? new Map();
  }

  /** The A/A pairs of all workloads. */
  twinPairs(): readonly TwinPair[] {
    const [first] = this.#options.cores;
    if (first === undefined) return [];
    return [...this.#entries].flatMap(([workload, { series }]) => {
      const base = series.get(first.name);
      const twin = series.get(twinName(first.name));
      return base === undefined || twin === undefined ? [] : [{ workload, base, twin }];
    });
  }

  recordsOf(workload: string): readonly TimingRecord[] {
    const entry = this.#entries.get(workload);
    if (entry === undefined) return [];
    const { cores, engine } = this.#options;
    const specs = new Map(cores.map((core) => [core.name, core]));
    return [...entry.series].map(([variant, { samplesMs, rounds }]) => ({
      kind: "timing",
      variant,
      axes: { ...specs.get(variant)?.axes },
      role: specs.get(variant)?.role ?? "peer",
      engine: engine.name,
      engineVersion: engine.version,
      workload,
      samplesMs: [...samplesMs],
      rounds: rounds.map((place) => ({ ...place })),
      resolutionMs: entry.resolutionMs,
      warmUpRounds: entry.warmUpRounds,
    }));
  }
}
