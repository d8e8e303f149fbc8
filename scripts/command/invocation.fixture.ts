/** Invocations for tests: on the project as it stands, or with all that is given and printed. */
import { fileURLToPath } from "node:url";
import type { Invocation } from "./invocation.ts";

/** A command on this project, in the test's own process: what it says goes to the terminal. */
export function projectInvocation(signal: AbortSignal): Invocation {
  return {
    arguments: [],
    environment: process.env,
    root: fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, ""),
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    now: () => new Date(),
    nowMs: () => performance.now(),
  };
}

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
    nowMs: () => performance.now(),
    ...parts,
  };
  return { invocation, out: () => out.join(""), err: () => err.join("") };
}
