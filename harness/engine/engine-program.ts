/** An engine as a program on this machine: how it runs a TypeScript file, and which it is. */
import { execFile } from "node:child_process";
import type { Probe } from "./engine.ts";

export interface EngineProgram {
  readonly name: string;
  readonly command: string;
  /** What stands before the path of the file that it runs. */
  readonly arguments: readonly string[];
  /** On top of what the caller gives. */
  readonly environment: Readonly<Record<string, string>>;
}

const probeLimitMs = 20_000;

/** Asks a program for its version. */
export function probeProgram(command: string): Promise<Probe> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { timeout: probeLimitMs }, (error, stdout) => {
      const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
      if (error === null && version !== undefined) return resolve({ state: "available", version });
      const evidence =
        error === null ? `${command} --version says ${JSON.stringify(stdout)}` : error.message;
      return resolve({ state: "unsupported", evidence, remedy: "npm ci" });
    });
  });
}
