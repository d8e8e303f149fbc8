/** What is timed: a core, the same core under another name, or a peer, all behind one interface. */
import type { Job } from "./workload.ts";

export interface Subject {
  /** Stands in tables and records: a variant's id, its twin's name, a peer with its version. */
  readonly name: string;
  /** The axes of a variant; empty for a peer. */
  readonly axes: Readonly<Record<string, string>>;
  /** Makes a fresh Lua state for the job. Throws BenchError when that fails. */
  prepare(job: Job): Promise<Preparation>;
}

export type Preparation =
  | { readonly state: "ready"; readonly execution: Execution }
  | { readonly state: "unsupported"; readonly reason: string };

/** One job on one subject, executed as often as the schedule asks. */
export interface Execution extends Disposable {
  /** `run` returns a promise. */
  readonly isAsync: boolean;
  /** Not timed: brings the state to where every execution begins, its garbage collected. */
  settle(): void;
  /** One execution: this alone is timed. */
  run(): unknown;
  /** Not timed: the value that the program returned. Throws BenchError when it failed. */
  read(answer: unknown): unknown;
  /** There where an execution happens in another process, which times it by a clock of its own. */
  timeItself?(repeats: number): Promise<Sample>;
}

export interface Sample {
  /** Of one execution. */
  readonly durationMs: number;
  /** What each execution answered. */
  readonly answers: readonly unknown[];
}

/** A subject failed, or returned what it should not: no figure is given of it. */
export class BenchError extends Error {
  override readonly name = "BenchError";
  /** Whose result it is, where one alone is to blame. */
  readonly subject: string | undefined;

  constructor(message: string, { subject, ...options }: BenchErrorOptions = {}) {
    super(message, options);
    this.subject = subject;
  }
}

interface BenchErrorOptions extends ErrorOptions {
  readonly subject?: string;
}
