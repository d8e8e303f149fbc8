/** One step of a check: a program that is run with its output held back until it fails. */
import { runChild } from "../../harness/engine/child.ts";

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly output: string;
}

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface StepContext {
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs it to its end. A program that cannot start, or is interrupted, is a step that failed. */
export async function runStep(program: Program, context: StepContext): Promise<StepResult> {
  const { name, command, args, environment } = program;
  const { root, signal } = context;
  const startedMs = performance.now();
  const end = (ok: boolean, output: string): StepResult => {
    return { name, ok, durationMs: performance.now() - startedMs, output };
  };
  try {
    const { ok, log } = await runChild({
      command: [command, ...args],
      cwd: root,
      environment: { ...context.environment, ...environment },
      wholeEnvironment: true,
      signal,
    });
    return end(ok, log);
  } catch (error) {
    if (!signal.aborted) throw error;
    return end(false, "interrupted");
  }
}
