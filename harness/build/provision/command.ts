/** Runs a program of the set-up in the environment that set-up was given. */
import { type ChildResult, runChild } from "../../engine/child.ts";
import type { ProvisionContext } from "./provision-context.ts";

/** Never throws for a program that fails or is missing; throws the signal's reason when aborted. */
export async function runCommand(
  command: readonly [string, ...string[]],
  context: ProvisionContext,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildResult> {
  return await runChild({
    command,
    cwd: context.root,
    environment: { ...context.environment, ...environment },
    wholeEnvironment: true,
    signal: context.signal,
  });
}
