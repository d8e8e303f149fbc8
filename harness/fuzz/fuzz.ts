/** Fuzzes one target: deals batches to workers, watches them, and gathers what they find. */
import type { Worker } from "../engine/engine.ts";
import { programsPerBatch } from "./batch.ts";
import type { Finding } from "./finding.ts";
import type { Counts, SetUp } from "./protocol.ts";
import { type Limits, Station } from "./station.ts";

export interface FuzzRequest {
  readonly setUp: Omit<SetUp, "kind">;
  readonly seed: number;
  /** How many programs in all, and the batch to begin with. */
  readonly programs: number;
  readonly firstBatch: number;
  readonly jobs: number;
  /** Ends it at once; what was found is kept. */
  readonly signal: AbortSignal;
  /** No batch begins after it. */
  readonly isOver: () => boolean;
  readonly startWorker: () => Worker;
  /** For tests; else the standard ones. */
  readonly limits?: Limits;
  /** A finding, raw or shrunk, in the moment in which it is made. */
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (programs: number) => void;
}

export interface FuzzResult {
  readonly counts: Counts;
  /** One for each program that differs, the smallest form that it has come to. */
  readonly findings: readonly Finding[];
}

/** A broken build fails in every batch: the first findings say it all. */
const shrunkMax = 4;

/** Throws FuzzError when a worker can't work at all. */
export async function fuzz(request: FuzzRequest): Promise<FuzzResult> {
  const gathered = new Gathered(request);
  const batches = Math.ceil(request.programs / programsPerBatch);
  let next = 0;
  let failed = false;
  const serve = async (): Promise<void> => {
    const station = new Station(request);
    try {
      while (next < batches && !failed && !request.signal.aborted && !request.isOver()) {
        const place = next++;
        const left = request.programs - place * programsPerBatch;
        const batch = {
          seed: request.seed,
          batch: request.firstBatch + place,
          programs: Math.min(programsPerBatch, left),
        };
        const shrinks = gathered.shrunk < shrunkMax;
        gathered.add(await station.run(batch, { shrinks, onFinding: gathered.take }));
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      station.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(request.jobs, batches) }, serve));
  return gathered.result();
}

class Gathered {
  shrunk = 0;
  readonly #request: FuzzRequest;
  readonly #findings = new Map<string, Finding>();
  readonly #setAside = new Map<string, number>();
  readonly #differing = new Map<string, number>();
  readonly #tallies = new Map<string, number>();
  #programs = 0;

  constructor(request: FuzzRequest) {
    this.#request = request;
  }

  /** A batch that is run again finds the same again: that is one finding. */
  readonly take = (finding: Finding): void => {
    const key = `${finding.batch}/${finding.index}`;
    if (finding.state === "raw" && this.#findings.has(key)) return;
    if (!this.#findings.has(key)) {
      for (const side of finding.sides) increase(this.#differing, side, 1);
    }
    if (finding.state !== "raw") this.shrunk += 1;
    this.#findings.set(key, finding);
    this.#request.onFinding(finding);
  };

  add(counts: Counts): void {
    this.#programs += counts.programs;
    for (const [what, count] of Object.entries(counts.setAside)) {
      increase(this.#setAside, what, count);
    }
    for (const [what, count] of Object.entries(counts.tallies)) {
      increase(this.#tallies, what, count);
    }
    this.#request.onProgress(this.#programs);
  }

  result(): FuzzResult {
    const findings = [...this.#findings.values()];
    return {
      counts: {
        programs: this.#programs,
        setAside: Object.fromEntries(this.#setAside),
        differing: Object.fromEntries(this.#differing),
        tallies: Object.fromEntries(this.#tallies),
      },
      findings: findings.toSorted((a, b) => a.batch - b.batch || a.index - b.index),
    };
  }
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
