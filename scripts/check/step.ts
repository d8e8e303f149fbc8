/** One step of a check: a program that is run with its output held back until it fails. */
import { spawn } from "node:child_process";

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

/** Runs it to its end. A program that cannot start is a step that failed. */
export function runStep(program: Program, context: StepContext): Promise<StepResult> {
  const startedMs = performance.now();
  const chunks: string[] = [];
  return new Promise((resolve) => {
    const end = (ok: boolean): void => {
      const durationMs = performance.now() - startedMs;
      resolve({ name: program.name, ok, durationMs, output: chunks.join("") });
    };
    const child = spawn(program.command, [...program.args], {
      cwd: context.root,
      env: { ...context.environment, ...program.environment },
      signal: context.signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => chunks.push(text));
    }
    child.once("error", (error) => {
      chunks.push(`${error.message}\n`);
      if (child.pid === undefined) end(false);
    });
    child.once("close", (code) => end(code === 0));
  });
}
