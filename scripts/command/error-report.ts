/** What a user is told of an error: one message with its remedy; the stack goes to a file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inspect } from "node:util";
import { BenchError } from "../../harness/bench/subject.ts";
import { ProvisionError } from "../../harness/build/provision/provision-error.ts";
import { FuzzError } from "../../harness/fuzz/station.ts";
import { RecordError } from "../../harness/record/journal.ts";
import { asWriteError, WriteError } from "../../harness/record/kept-file.ts";
import { BudgetError } from "../../harness/report/budget.ts";
import { BuildFailedError } from "./build-failed-error.ts";
import type { Invocation } from "./invocation.ts";
import { projectPaths } from "./paths.ts";
import { UsageError } from "./usage.ts";

const exit = { error: 1, usage: 2, buildFailed: 3, interrupted: 130 } as const;

/** Errors that say all in their message: where they come from helps nobody. */
const expected = [
  BenchError,
  BudgetError,
  BuildFailedError,
  FuzzError,
  ProvisionError,
  RecordError,
  WriteError,
];

/** Tells the error on stderr; the exit code that it stands for. `program`: "npm run bench --". */
export function reportError(thrown: unknown, invocation: Invocation, program: string): number {
  const { stderr, signal, root } = invocation;
  const error = asWriteError(thrown, pathOf(thrown) ?? root);
  if (signal.aborted) {
    stderr.write("interrupted\n");
    return exit.interrupted;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) {
    stderr.write(`${message}\nSee: ${program} --help\n`);
    return exit.usage;
  }
  if (expected.some((each) => error instanceof each)) {
    stderr.write(`${message}\n`);
    return error instanceof BuildFailedError ? exit.buildFailed : exit.error;
  }
  stderr.write(`an error of the harness: ${message}\n${stackNote(error, invocation)}\n`);
  return exit.error;
}

/** Node names the file of most errors, but not of a write to one that is open. */
function pathOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("path" in error)) return undefined;
  return typeof error.path === "string" ? error.path : undefined;
}

function stackNote(error: unknown, { root, now }: Invocation): string {
  const folder = projectPaths(root).errors;
  const path = join(folder, `${now().toISOString().replaceAll(":", "-")}.txt`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `${inspect(error, { depth: 6 })}\n`);
  } catch {
    // Where nothing can be written the stack is better here than lost.
    return inspect(error, { depth: 6 });
  }
  return `  where: ${relative(root, path)}\n  look at the machine: npm run matrix -- doctor`;
}
