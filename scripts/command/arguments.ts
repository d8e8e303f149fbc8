/** What the command lines share: commander's answers as values, and parsers of option values. */
import { type Command, CommanderError, InvalidArgumentError } from "commander";
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

export function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

export function nameList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("It is a list of names joined by commas.");
  return [...new Set(names)];
}

export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
  };
}
