/** `npm run test:native`: the official test files in the native twin, and the account of all 33. */
import { join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { BuildStepError } from "../harness/build/build-context.ts";
import { provision, type Tools } from "../harness/build/provision/provision.ts";
import { buildNative } from "../harness/native/build-native.ts";
import { findMemcheck, type Memcheck } from "../harness/native/memcheck.ts";
import { runTwin, type TwinResult, type TwinTask } from "../harness/native/run-twin.ts";
import type { Cut } from "../suites/official/account-type.ts";
import { cutBytes } from "../suites/official/cut.ts";
import { memcheckAccount, nativeAccount } from "../suites/official/native-account.ts";
import { nativeTask } from "../suites/official/native-task.ts";
import { runCommander } from "./command/commander-command.ts";
import type { Invocation } from "./command/invocation.ts";
import { keepCounts } from "./command/kept-counts.ts";
import { linesTo } from "./command/lines.ts";
import { revisionOf } from "./command/machine.ts";
import { addOptions, flag, option, optionsOf, wholeFrom } from "./command/options.ts";
import { runAsProcess } from "./command/process.ts";
import { unknownName } from "./command/usage.ts";
import { seedOf } from "./fuzz/command.ts";
import { nativeLines, nativeTotal } from "./native/account-text.ts";
import { memcheckPrograms } from "./native/memcheck-programs.ts";

const exit = { setUpFailed: 1, buildFailed: 3, filesFailed: 5 } as const;
/** Memcheck makes a program 20 to 50 times as slow. */
const memcheckLimitMs = 3_600_000;

const schema = z.object({
  memcheck: flag(
    "under Valgrind, on malloc in the place of our allocator: what reads or writes outside of a " +
      "block, after its end, or before anything was written fails; then generated programs, too",
  ),
  programs: option(
    wholeFrom(0).default(1000),
    "n",
    "how many programs --memcheck runs behind all files",
  ),
  seed: option(wholeFrom(0).exactOptional(), "n", "of the generated programs; else the commit's"),
});

const command = new Command("npm run test:native --")
  .description(
    "Runs upstream's test files in the native twin: the same sources with upstream's internal " +
      "tests, on our allocator, with our libc's numbers, texts and dates. Prints a line for each " +
      "file; progress goes to stderr.",
  )
  .argument("[files...]", "as 'strings'; all of them when none is given")
  .addHelpText(
    "after",
    "\nExit: 0 passed, 1 set-up failed or no Valgrind, 2 wrong use, 3 the build failed, " +
      "5 a file failed, 130 interrupted.",
  );
addOptions(command, schema);

async function main(invocation: Invocation): Promise<number> {
  const { root, environment, signal, stderr, stdout } = invocation;
  const chosen = new Set(command.args);
  const known = new Set(nativeAccount.map(({ file }) => file));
  const unknown = [...chosen].find((file) => !known.has(file));
  if (unknown !== undefined) {
    throw unknownName({ what: "test file", given: unknown, known: [...known] });
  }
  try {
    const progress = linesTo(stderr);
    const options = optionsOf(command.opts(), schema);
    const found = options.memcheck ? await findMemcheck({ root, environment, signal }) : undefined;
    if (found?.state === "unsupported") {
      stderr.write(`unsupported: ${found.evidence}\n  what to do: ${found.remedy}\n`);
      return exit.setUpFailed;
    }
    const tools = await provision({ root, environment, progress, signal });
    const program = found === undefined ? "native-lua" : "native-lua-memcheck";
    const path = await buildNative(program, { root, tools, signal, progress });
    const whole = found === undefined ? nativeAccount : memcheckAccount;
    const account = whole.filter(({ file }) => chosen.size === 0 || chosen.has(file));
    const files = account
      .filter(({ run }) => run !== "not-run")
      .map(({ file }) => nativeTask(file));
    const generated =
      found === undefined || chosen.size > 0 ? [] : await generatedTasks(options, invocation);
    const tasks = [...files, ...generated];
    const results = await runTasks(path, { tasks, tools, memcheck: found?.memcheck, invocation });
    for (const row of nativeLines(account, results)) stdout.write(`${row}\n`);
    stdout.write(`${nativeTotal(account, results)}\n`);
    const failed = results.filter(({ problem }) => problem !== undefined).length;
    if (found !== undefined) {
      const passed = results.length - failed;
      const what = `${files.length} files and ${generated.length} batches of generated programs`;
      stdout.write(`Valgrind ${found.version}: ${passed} of ${what} without a report\n`);
    } else if (chosen.size === 0) {
      const skipped = account.length - results.length;
      keepCounts(root, "native", { passed: results.length - failed, failed, skipped });
    }
    return failed > 0 ? exit.filesFailed : 0;
  } catch (error) {
    if (!(error instanceof BuildStepError)) throw error;
    stderr.write(`${error.message}\n`);
    return exit.buildFailed;
  }
}

/** Says the seed by which they are made again. */
async function generatedTasks(
  { programs, seed }: z.output<typeof schema>,
  { root, stderr }: Invocation,
): Promise<readonly TwinTask[]> {
  const tell = linesTo(stderr);
  const chosen = seed ?? seedOf(await revisionOf(root, tell));
  stderr.write(`generated programs: --seed ${chosen}\n`);
  return memcheckPrograms({ seed: chosen, programs });
}

async function runTasks(
  path: string,
  options: {
    readonly tasks: readonly TwinTask[];
    readonly tools: Tools;
    readonly memcheck: Memcheck | undefined;
    readonly invocation: Invocation;
  },
): Promise<readonly TwinResult[]> {
  const { tasks, tools, memcheck, invocation } = options;
  const cuts: ReadonlyMap<string, readonly Cut[]> = new Map(
    nativeAccount.flatMap((each) => (each.run === "cut" ? [[each.file, each.cuts]] : [])),
  );
  let ended = 0;
  return await runTwin(tasks, {
    path,
    ...(memcheck === undefined ? {} : { memcheck, limitMs: memcheckLimitMs }),
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

await runAsProcess((invocation) => runCommander(command, invocation, () => main(invocation)));
