/** `npm run test:mutants`: puts faults into what turns data into bytes, and sees who finds them. */
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { provision } from "../harness/build/provision/provision.ts";
import { runChild } from "../harness/engine/child.ts";
import { randomOf, shuffled } from "../harness/statistics/random.ts";
import { runCommander } from "./command/commander-command.ts";
import { reportError } from "./command/error-report.ts";
import type { Invocation } from "./command/invocation.ts";
import { linesTo } from "./command/lines.ts";
import { addOptions, option, optionsOf, wholeFrom } from "./command/options.ts";
import { runAsProcess } from "./command/process.ts";
import { UsageError } from "./command/usage.ts";
import { type Mutant, mutantsOf, shownFault, withFault } from "./mutants/mutants.ts";

const exit = { setUpFailed: 1, survived: 5 } as const;

/** For all checks of one mutant; a mutant that takes longer loops, and counts as killed. */
const limitMs = 240_000;

/** Files that are mutated: codecs, snapshots, external tables and stores. */
const places = [
  /^runtime\/(?:bytes|map|scalar|graph|value|table|snapshot|store)\//,
  /^runtime\/instance\/(?:host-functions|read-result)/,
  /^zig\/core\/(?:Encoder|Decoder|frame|scratch|external_table|host_function)\.zig$/,
  /^zig\/core\/snapshot\//,
];

const schema = z.object({
  count: option(wholeFrom(1).default(300), "n", "how many mutants, spread over all places"),
  seed: option(wholeFrom(0).default(1), "n", "which ones"),
  from: option(wholeFrom(1).default(1), "n", "begins with the n-th: goes on after an interruption"),
});

const command = new Command("npm run test:mutants --")
  .description(
    "Puts one small fault after the other (an operator turned, a number one higher, a line " +
      "left out) into a copy of the project, and runs tests on it until one fails. Prints a " +
      "line for each mutant: killed, no-build, or survived, with what was changed. A survivor " +
      "is something that no test looks at, or a change that makes no difference.",
  )
  .argument("[paths...]", "in files and folders that begin so alone: 'zig/core'")
  .addHelpText(
    "after",
    "\nExit: 0 none survived, 1 set-up failed, 2 wrong use, 5 some survived, 130 interrupted.",
  );
addOptions(command, schema);

/** One way to find a fault: arguments of Node, in the copy. */
type Check = readonly string[];

/** The first words of first-failure.ts when the mutant does not compile. */
const buildFailed = "build failed";
const cases = ["scripts/mutants/first-failure.ts", "freestanding-small-js-none"];
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--bail=1", "--maxWorkers=1"];
/** They measure the host's memory. */
const slow = ["**/{quota,linear-work}.test.ts"];
const unitTests = (...folders: string[]): Check => [
  ...[...vitest, "--configLoader=native"],
  ...slow.map((pattern) => `--exclude=${pattern}`),
  ...folders,
];

function checksOf(path: string): readonly Check[] {
  if (path.startsWith("runtime/store/")) return [unitTests("runtime/store/", "tests/held-lock")];
  const suites = [...cases, "serializer", "persistence", "hosts", "exports", "scenarios", "limits"];
  if (path.startsWith("zig/")) return [unitTests("runtime/graph/body-fields"), suites];
  return [unitTests("runtime/", "tests/saved-states"), suites];
}

async function main(invocation: Invocation): Promise<number> {
  const { root, environment, signal, stdout, stderr } = invocation;
  const { count, seed, from } = optionsOf(command.opts(), schema);
  try {
    const progress = linesTo(stderr);
    await provision({ root, environment, progress, signal });
    const copy = { root: join(root, ".cache/mutants"), invocation };
    const files = await copyProject(copy);
    const chosen = await chooseMutants(files, { ...copy, count, seed });
    for (const path of new Map(
      chosen.map((each) => [`${checksOf(each.path)}`, each.path]),
    ).values()) {
      const unchanged = await findFault(path, copy);
      if (unchanged.state === "survived") continue;
      stderr.write(`the tests fail without any fault:\n${unchanged.log}\n`);
      return exit.setUpFailed;
    }
    let survived = 0;
    for (const [index, mutant] of chosen.entries()) {
      if (index + 1 < from) continue;
      const { state, text } = await judge(mutant, copy);
      if (state === "survived") survived += 1;
      const shown = state === "survived" ? `\n${shownFault(text, mutant)}` : "";
      const place = `${mutant.path}:${mutant.line}`;
      stdout.write(`${index + 1}/${chosen.length} ${state} ${place}${shown}\n`);
    }
    stdout.write(`${survived} survived\n`);
    return survived === 0 ? 0 : exit.survived;
  } catch (error) {
    return reportError(error, invocation, "npm run test:mutants --");
  }
}

interface Copy {
  readonly root: string;
  readonly invocation: Invocation;
}

/** The paths of what git keeps, or would; packages, tools and builds are those of the project. */
async function copyProject({ root, invocation }: Copy): Promise<readonly string[]> {
  const listed = await runChild({
    command: ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    cwd: invocation.root,
    signal: invocation.signal,
  });
  if (!listed.ok) throw new UsageError(`the project is no git checkout: ${listed.log}`);
  const files = listed.output.split("\0").filter((path) => path !== "");
  await mkdir(root, { recursive: true });
  for (const entry of await readdir(root)) {
    // What Zig has compiled there before.
    if (entry !== ".cache") await rm(join(root, entry), { recursive: true, force: true });
  }
  for (const path of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(join(invocation.root, path), join(root, path));
  }
  for (const folder of ["node_modules", ".tools"]) {
    await symlink(join(invocation.root, folder), join(root, folder), "dir");
  }
  return files;
}

async function chooseMutants(
  files: readonly string[],
  { root, count, seed }: Copy & { readonly count: number; readonly seed: number },
): Promise<readonly Mutant[]> {
  const asked = (path: string): boolean =>
    command.args.length === 0 || command.args.some((begin) => path.startsWith(begin));
  const mutated = files.filter(
    (path) =>
      places.some((place) => place.test(path)) &&
      asked(path) &&
      !/\.(?:test|fixture)\.ts$|_tests\.zig$/.test(path),
  );
  if (mutated.length === 0) throw new UsageError("no file of the codecs or stores begins so");
  const all = await Promise.all(
    mutated.map(async (path) =>
      mutantsOf({ path, text: await readFile(join(root, path), "utf8") }),
    ),
  );
  return shuffled(all.flat(), randomOf(seed)).slice(0, count);
}

interface Judgement {
  readonly state: "killed" | "no-build" | "survived";
  readonly log: string;
}

async function judge(mutant: Mutant, copy: Copy): Promise<Judgement & { readonly text: string }> {
  const file = join(copy.root, mutant.path);
  const text = await readFile(file, "utf8");
  const limit = AbortSignal.timeout(limitMs);
  try {
    await writeFile(file, withFault(text, mutant));
    return { ...(await findFault(mutant.path, copy, limit)), text };
  } catch (error) {
    if (copy.invocation.signal.aborted || !limit.aborted) throw error;
    return { state: "killed", log: `it took more than ${limitMs} ms`, text };
  } finally {
    await writeFile(file, text);
  }
}

/** Runs the checks of that file until one fails. Throws the reason of a signal that is aborted. */
async function findFault(
  path: string,
  { root, invocation }: Copy,
  limit?: AbortSignal,
): Promise<Judgement> {
  const signals = [invocation.signal, ...(limit === undefined ? [] : [limit])];
  for (const check of checksOf(path)) {
    const { ok, log } = await runChild({
      command: [invocation.nodePath, ...check],
      cwd: root,
      signal: AbortSignal.any(signals),
    });
    if (!ok) return { state: log.startsWith(buildFailed) ? "no-build" : "killed", log };
  }
  return { state: "survived", log: "" };
}

await runAsProcess((invocation) => runCommander(command, invocation, () => main(invocation)));
