/** What a command is given of the outside: arguments, environment, streams, clock, stop signal. */

/** A stream that text is written to; a terminal says so and knows its width. */
export interface TextStream {
  /** Never throws; what can't be written is told by runAsProcess. */
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Invocation {
  /** Without the program and the script. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The project's folder, absolute. */
  readonly root: string;
  /** The Node that runs the harness, and that the engine `node` is. */
  readonly nodePath: string;
  readonly nodeVersion: string;
  /** Results. */
  readonly stdout: TextStream;
  /** Progress and messages. */
  readonly stderr: TextStream;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The date. It may be set back at any time: durations are differences of `nowMs`. */
  readonly now: () => Date;
  /** A clock that never goes back, from any begin. */
  readonly nowMs: () => number;
}
