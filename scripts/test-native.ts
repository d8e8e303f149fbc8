/** `npm run test:native`: the official test files in the native twin, and the account of all 33. */
import { join } from "node:path";
import { Command } from "commander";
import { BuildStepError } from "../harness/build/build-context.ts";
import { provision, type Tools } from "../harness/build/provision/provision.ts";
import { reportError } from "../harness/cli/error-report.ts";
import type { Invocation } from "../harness/cli/invocation.ts";
import { keepCounts } from "../harness/cli/kept-counts.ts";
import { runAsProcess } from "../harness/cli/process.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { runTwin, type TwinResult } from "../harness/native/run-twin.ts";
import { nativeRows, nativeTotal } from "../harness/native/twin-table.ts";
import type { Cut } from "../suites/official/account-type.ts";
import { cutBytes } from "../suites/official/cut.ts";
import { nativeAccount } from "../suites/official/native-account.ts";
import { nativeTask } from "../suites/official/native-task.ts";

const exit = { usage: 2, buildFailed: 3, filesFailed: 5 } as const;

const command = new Command("npm run test:native --")
  .description(
    "Runs upstream's test files in the native twin: the same sources with upstream's internal " +
      "tests, on our allocator, with our libc's numbers, texts and dates. Prints a line for each " +
      "file; progress goes to stderr.",
  )
  .argument("[files...]", "as 'strings'; all of them when none is given")
  .addHelpText(
    "after",
    "\nExit: 0 passed, 1 set-up failed, 2 wrong use, 3 the build failed, 5 a file failed, " +
      "130 interrupted.",
  )
  .showHelpAfterError("(npm run test:native -- --help)")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exit.usage));

async function main(invocation: Invocation): Promise<number> {
  const { root, environment, signal, stderr, stdout } = invocation;
  const chosen = new Set(command.args);
  const known = new Set(nativeAccount.map(({ file }) => file));
  const unknown = [...chosen].find((file) => !known.has(file));
  if (unknown !== undefined) {
    stderr.write(`no test file is named ${unknown}; there are: ${[...known].join(", ")}\n`);
    return exit.usage;
  }
  try {
    const progress = (line: string): void => void stderr.write(`${line}\n`);
    const tools = await provision({ root, environment, progress, signal });
    const path = await buildNative("native-lua", { root, tools, signal, progress });
    const account = nativeAccount.filter(({ file }) => chosen.size === 0 || chosen.has(file));
    const results = await runFiles(path, { tools, chosen, invocation });
    for (const row of nativeRows(account, results)) stdout.write(`${row}\n`);
    stdout.write(`${nativeTotal(account, results)}\n`);
    const failed = results.filter(({ problem }) => problem !== undefined).length;
    if (chosen.size === 0) {
      const skipped = account.length - results.length;
      keepCounts(root, "native", { passed: results.length - failed, failed, skipped });
    }
    return failed > 0 ? exit.filesFailed : 0;
  } catch (error) {
    if (!(error instanceof BuildStepError)) return reportError(error, invocation);
    stderr.write(`${error.message}\n`);
    return exit.buildFailed;
  }
}

async function runFiles(
  path: string,
  options: {
    readonly tools: Tools;
    readonly chosen: ReadonlySet<string>;
    readonly invocation: Invocation;
  },
): Promise<readonly TwinResult[]> {
  const { tools, chosen, invocation } = options;
  const cuts: ReadonlyMap<string, readonly Cut[]> = new Map(
    nativeAccount.flatMap((each) => (each.run === "cut" ? [[each.file, each.cuts]] : [])),
  );
  const tasks = nativeAccount
    .filter(({ file, run }) => run !== "not-run" && (chosen.size === 0 || chosen.has(file)))
    .map(({ file }) => nativeTask(file));
  let ended = 0;
  return await runTwin(tasks, {
    path,
    testsPath: join(tools.luaPath, "testes"),
    edit: (file, bytes) => cutBytes(bytes, cuts.get(file) ?? []),
    signal: invocation.signal,
    onEnd: ({ file, problem, durationMs }) => {
      ended += 1;
      const how = problem === undefined ? "passed" : `FAILED: ${problem}`;
      const count = `${ended}/${tasks.length}`;
      invocation.stderr.write(`${count} ${file} ${Math.round(durationMs)} ms ${how}\n`);
    },
  });
}

command.parse();
await runAsProcess(main);
