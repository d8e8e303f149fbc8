/** A command of scripts/ whose line commander reads: help, wrong use and errors in one way. */
import type { Command } from "commander";
import { parseArguments } from "./arguments.ts";
import { reportError } from "./error-report.ts";
import type { Invocation } from "./invocation.ts";

/**
 * Prints the help that was asked for, or does the work with what `program` has read; the exit code.
 * Wrong use is 2, with the command that shows the help. Never rejects.
 */
export async function runCommander(
  program: Command,
  invocation: Invocation,
  work: () => Promise<number>,
): Promise<number> {
  try {
    const parsed = parseArguments(program, invocation.arguments);
    if (parsed.kind === "parsed") return await work();
    invocation.stdout.write(parsed.text);
    return 0;
  } catch (error) {
    return reportError(error, invocation, program.name());
  }
}
