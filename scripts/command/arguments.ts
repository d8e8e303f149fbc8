/** What the command lines share: commander's answers as values. */
import { type Command, CommanderError } from "commander";
import { UsageError } from "./usage.ts";

export type Parsed =
  | { readonly kind: "parsed" }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

/** Runs commander's parser without its printing and exiting. Throws UsageError. */
export function parseArguments(
  program: Command,
  args: readonly string[],
  usageErrorOf: (error: CommanderError) => UsageError = plainUsageError,
): Parsed {
  let printed = "";
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => undefined,
    });
  }
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: printed };
    throw usageErrorOf(error);
  }
  return { kind: "parsed" };
}

export function plainUsageError(error: CommanderError): UsageError {
  return new UsageError(error.message.replace(/^error: /, ""), { cause: error });
}
