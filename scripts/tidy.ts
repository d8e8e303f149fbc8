/** `node scripts/tidy.ts`: checks every file of the tree against the import table and the rules. */
import { reportError } from "./command/error-report.ts";
import type { Invocation } from "./command/invocation.ts";
import { runAsProcess } from "./command/process.ts";
import { checkTree, readTree } from "./tidy/tree.ts";

async function main(invocation: Invocation): Promise<number> {
  const { root, signal, stdout } = invocation;
  try {
    const files = await readTree(root, signal);
    const violations = checkTree(files);
    for (const { path, line, message } of violations) {
      stdout.write(`${path}${line === undefined ? "" : `:${line}`}: ${message}\n`);
    }
    stdout.write(`tidy: ${files.length} files, ${violations.length} violations\n`);
    return violations.length === 0 ? 0 : 1;
  } catch (error) {
    return reportError(error, invocation, "npm run check --");
  }
}

await runAsProcess(main);
