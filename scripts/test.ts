/** `npm test`: the unit tests, and every case of the quick variants, under vitest. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { provision } from "../harness/build/provision/provision.ts";
import { vitestCounts } from "./check/counts.ts";
import { reportError } from "./command/error-report.ts";
import type { Invocation } from "./command/invocation.ts";
import { countsPath } from "./command/kept-counts.ts";
import { runAsProcess } from "./command/process.ts";

const help = `npm test [-- vitest's own options and file names]

Provisions Zig and Lua where they are missing, then runs the unit tests and the quick variants'
cases. Exit: 0 all passed, 1 something failed, 130 interrupted.
`;

async function test(invocation: Invocation): Promise<number> {
  const { root, environment, signal, stdout, stderr } = invocation;
  if (invocation.arguments.includes("--help")) {
    stdout.write(help);
    return 0;
  }
  try {
    const progress = (line: string): void => void stderr.write(`${line}\n`);
    await provision({ root, environment, progress, signal });
    const report = countsPath(root, "vitest");
    const code = await runVitest(invocation, report);
    if (signal.aborted) return 130;
    const counts = vitestCounts(JSON.parse(readFileSync(report, "utf8")), () => false);
    stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    return code;
  } catch (error) {
    return reportError(error, invocation, "npm test --");
  }
}

function runVitest(invocation: Invocation, report: string): Promise<number> {
  const { root, nodePath, environment, signal } = invocation;
  const args = [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    // The default loader bundles the configuration, and fails in a folder with a "?" in its path.
    "--configLoader=native",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...invocation.arguments,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(nodePath, args, { cwd: root, env: environment, signal, stdio: "inherit" });
    child.once("error", (error) => (signal.aborted ? resolve(130) : reject(error)));
    child.once("close", (code) => resolve(code === 0 ? 0 : 1));
  });
}

await runAsProcess(test);
