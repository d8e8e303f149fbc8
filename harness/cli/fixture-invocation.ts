/** An invocation for tests: what a command prints is kept, and what it is given can be replaced. */
import type { Invocation } from "./invocation.ts";

export interface RecordedInvocation {
  readonly invocation: Invocation;
  readonly out: () => string;
  readonly err: () => string;
}

/** `surroundings` come from the test's own process; a command line is split at its spaces. */
export function recordedInvocation(
  commandLine: string,
  surroundings: Pick<Invocation, "root" | "environment" | "nodePath" | "nodeVersion">,
  parts: Partial<Invocation> = {},
): RecordedInvocation {
  const out: string[] = [];
  const err: string[] = [];
  const invocation: Invocation = {
    ...surroundings,
    arguments: commandLine.split(" ").filter(Boolean),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    signal: new AbortController().signal,
    now: () => new Date(),
    ...parts,
  };
  return { invocation, out: () => out.join(""), err: () => err.join("") };
}
