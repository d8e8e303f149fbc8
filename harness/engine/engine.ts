/** What runs wasm, as the run sees it: it is probed, and starts workers that take messages. */
import type { Queues } from "./patient-timer.ts";

/** Whether the engine is here. What is missing is told with the command that mends it. */
export type Probe =
  | { readonly state: "available"; readonly version: string }
  | { readonly state: "unsupported"; readonly evidence: string; readonly remedy: string };

/** One kind of engine. Stateless: all that runs belongs to its workers. */
export interface Engine {
  readonly name: string;
  /** What cases may need of it (`Case.needs`). */
  readonly features: readonly string[];
  probe(): Promise<Probe>;
  /** Starts a process, worker or page of its own. Never throws: what fails shows in `exited`. */
  start(): Worker;
}

/** One isolated place in which cases run. It is used until it exits, and never again. */
export interface Worker {
  /** Messages to a worker that has exited are dropped. */
  send(message: unknown): void;
  /** One listener at a time; messages that arrive meanwhile are lost. */
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves once, when it is gone and its last message was delivered. */
  readonly exited: Promise<WorkerExit>;
  /** Ends it at once, whatever it does. */
  kill(): void;
  /** How long its threads have waited for a processor so far: a time limit leaves this out. */
  queues(): Queues;
  /** The last it wrote to stdout and stderr since the call before: the evidence of a crash. */
  takeOutput(): string;
}

export interface WorkerExit {
  /** "exit code 1", "signal SIGKILL", or why it did not start. */
  readonly reason: string;
}
