/** Joins a command to the process that it runs in: arguments, streams, signals, exit code. */
import { fileURLToPath } from "node:url";
import type { Invocation } from "./invocation.ts";

/** Exit code of a run that was interrupted (DESIGN 10). */
const interruptedExit = 130;

/**
 * Runs the command and sets the exit code that it returns. The first SIGINT or SIGTERM asks it to
 * stop, the second ends the process at once.
 */
export async function runAsProcess(
  command: (invocation: Invocation) => Promise<number>,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(interruptedExit);
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that went away (`| head`) is no fault of ours.
  process.stdout.on("error", () => process.exit(interruptedExit));
  process.exitCode = await command({
    arguments: process.argv.slice(2),
    environment: process.env,
    root: fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, ""),
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stop.signal,
    now: () => new Date(),
  });
  process.removeListener("SIGINT", onSignal);
  process.removeListener("SIGTERM", onSignal);
}
