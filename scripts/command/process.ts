/** Joins a command to the process that it runs in: arguments, streams, signals, exit code. */
import { fileURLToPath } from "node:url";
import type { Invocation } from "./invocation.ts";

/** Exit code of a run that was interrupted (README, "Exit codes"). */
const interruptedExit = 130;
/** Exit code of a run whose results could not be printed: an error of the harness. */
const outputFailedExit = 1;

/**
 * Runs the command and sets the exit code that it returns. The first SIGINT or SIGTERM asks it to
 * stop, the second ends the process at once. A stdout that refuses what is printed (a full disk
 * behind it) makes it 1; one whose reader has gone, and any stderr, changes nothing.
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
  // Progress that nobody reads, or that can't be written, ends no run.
  process.stderr.on("error", () => undefined);
  let outputFailed = false;
  process.stdout.on("error", (error) => {
    // A reader that went away (`| head`) is no fault; results land in files all the same.
    if (outputFailed || ("code" in error && error.code === "EPIPE")) return;
    outputFailed = true;
    process.stderr.write(`${outputFailure(error)}\n`);
    if (process.exitCode !== interruptedExit) process.exitCode = outputFailedExit;
  });
  const exitCode = await command({
    arguments: process.argv.slice(2),
    environment: process.env,
    root: fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, ""),
    nodePath: process.execPath,
    nodeVersion: process.versions.node,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stop.signal,
    now: () => new Date(),
    nowMs: () => performance.now(),
  });
  // The stream may tell of a failure now, or when this turn is over.
  process.exitCode = outputFailed && exitCode !== interruptedExit ? outputFailedExit : exitCode;
  process.removeListener("SIGINT", onSignal);
  process.removeListener("SIGTERM", onSignal);
}

function outputFailure(error: Error): string {
  return (
    `the output could not be printed: ${error.message}\n` +
    "  at: standard output\n" +
    "  remedy: give it a place that can be written, then the same command again"
  );
}
