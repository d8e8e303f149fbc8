/** Runs one program of a build; a failure is a BuildStepError that carries its first error. */
import { join } from "node:path";
import { runChild } from "../engine/child.ts";
import { BuildStepError } from "./build-context.ts";
import { firstError } from "./first-error.ts";
import { diskFull, saysDiskFull } from "./provision/provision-error.ts";

export interface Program {
  /** What failed, in the error's words: "zig build", "wasm-opt". */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly root: string;
  /** The command is a script for the Node that runs the harness. */
  readonly script?: boolean;
  /** Added to the caller's. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Throws BuildStepError when the program fails, ProvisionError when it was for want of room, and
 * the signal's reason when it is aborted.
 */
export async function runProgram({ name, root, ...program }: Program): Promise<void> {
  const { ok, log } = await runChild({ ...program, cwd: root });
  if (ok) return;
  // No variant is at fault, and the next would fail as well.
  if (saysDiskFull(log)) throw diskFull(join(root, ".cache"));
  throw new BuildStepError(firstError(log, root) ?? `${name} failed: ${log}`, { log });
}
