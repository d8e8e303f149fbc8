/** What a user is told of an error: one message with its remedy; the stack goes to a file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inspect } from "node:util";
import { ProvisionError } from "../../harness/build/provision/provision-error.ts";
import { RecordError } from "../../harness/record/journal.ts";
import { asWriteError, WriteError } from "../../harness/record/kept-file.ts";
import { BudgetError } from "../../harness/report/budget.ts";
import type { Invocation } from "./invocation.ts";
import { projectPaths } from "./paths.ts";
import { UsageError } from "./usage.ts";

/** Tells the error on stderr; the exit code that it stands for. */
export function reportError(thrown: unknown, invocation: Invocation): number {
  const { stderr, signal, root } = invocation;
  const error = asWriteError(thrown, pathOf(thrown) ?? root);
  if (signal.aborted) {
    stderr.write("interrupted\n");
    return 130;
  }
  if (error instanceof UsageError) {
    stderr.write(`${error.message}\nSee: npm run matrix -- --help\n`);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (
    error instanceof ProvisionError ||
    error instanceof RecordError ||
    error instanceof WriteError ||
    error instanceof BudgetError
  ) {
    stderr.write(`${message}\n`);
    return 1;
  }
  stderr.write(`an error of the harness: ${message}\n${stackNote(error, invocation)}\n`);
  return 1;
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
