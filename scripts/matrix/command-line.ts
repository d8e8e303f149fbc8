/** The command line of `npm run matrix`: what it may say, its help, and its meaning as data. */
import { Command, type CommanderError } from "commander";
import { z } from "zod";
import { defaultSeed, type RunTier, type Shard } from "../../harness/run/plan.ts";
import { parseArguments, plainUsageError } from "../command/arguments.ts";
import { addOptions, flag, names, option, optionsOf, text, wholeFrom } from "../command/options.ts";
import { UsageError, unknownName } from "../command/usage.ts";
import { type LedgerCommand, ledgerCommand } from "../ledger/options.ts";

export const stages = ["build", "inspect", "test", "cost", "bench", "report"] as const;
export type Stage = (typeof stages)[number];

export type MatrixCommand =
  | { readonly kind: "run"; readonly options: RunOptions }
  | { readonly kind: "list"; readonly json: boolean }
  | { readonly kind: "doctor" }
  | { readonly kind: "accept" }
  | { readonly kind: "repro"; readonly id: string; readonly seed: number; readonly wasm?: string }
  | LedgerCommand
  | { readonly kind: "clean"; readonly all: boolean }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

const shard = z
  .string()
  .transform((value): Shard => {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
    return { index: Number(index), count: Number(count) };
  })
  .refine(
    ({ index, count }) => index >= 1 && index <= count && count <= 1000,
    "It must be a part and a number of parts, such as 1/4.",
  );

/** Reads the arguments. Throws UsageError. */
export function parseCommandLine(
  args: readonly string[],
  engines: readonly string[],
): MatrixCommand {
  let found: MatrixCommand | undefined;
  const take = (command: MatrixCommand): void => {
    found = command;
  };
  const program = matrixProgram(take, engines);
  const parsed = parseArguments(program, args, (error) => usageErrorOf(error, args, program));
  if (parsed.kind === "text") return parsed;
  return found ?? { kind: "text", text: program.helpInformation() };
}

function usageErrorOf(
  error: CommanderError,
  args: readonly string[],
  program: Command,
): UsageError {
  const [first] = args;
  if (error.code === "commander.excessArguments" && first !== undefined && !first.startsWith("-")) {
    const known = program.commands.map((command) => command.name());
    if (!known.includes(first)) return unknownName({ what: "command", given: first, known });
  }
  return plainUsageError(error);
}

function matrixProgram(
  take: (command: MatrixCommand) => void,
  engines: readonly string[],
): Command {
  const program = new Command("npm run matrix --")
    .description(
      "Builds every variant of the core, inspects and tests each wasm, writes the reports.",
    )
    .helpCommand(false);
  const run = runCommand(take, engines);
  program.addCommand(run, { isDefault: true });
  program
    .command("list")
    .description("the variants, what is excluded and why, the suites")
    .option("--json", "as JSON")
    .action(({ json = false }: { json?: boolean }) => take({ kind: "list", json }));
  program
    .command("doctor")
    .description(
      "each tool and engine: its version, or what is missing and the command that mends it",
    )
    .action(() => take({ kind: "doctor" }));
  program
    .command("accept")
    .description("makes the last run's figures the baseline, and says what that changes")
    .action(() => take({ kind: "accept" }));
  const repro = program
    .command("repro")
    .description("runs one case or cell again, not from the cache, with all that it says")
    .argument("<id>", "variant/engine/suite or variant/engine/suite/case, as a report names it");
  addOptions(repro, reproSchema).action((id: string, given) =>
    take({ kind: "repro", id, ...optionsOf(given, reproSchema) }),
  );
  program.addCommand(ledgerCommand(take));
  program
    .command("clean")
    .description("removes the caches (.cache/)")
    .option("--all", "the provisioned tools (.tools/) as well")
    .action(({ all = false }: { all?: boolean }) => take({ kind: "clean", all }));
  program.addHelpText("after", () => `\n${run.helpInformation()}\n${exitCodesHelp}`);
  return program;
}

const exitCodesHelp = `Exit code, the first that applies:
  130 interrupted · 1 an error of the harness or of set-up · 2 wrong usage · 3 a build failed
  5 a case failed · 6 over budget · 7 slower · 0 fine`;

const reproSchema = z.object({
  seed: option(wholeFrom(0).default(defaultSeed), "n", "the seed that the cases are given"),
  wasm: option(text.exactOptional(), "file", "the wasm, when the run had it from a file"),
});

function runSchema(engines: readonly string[]) {
  return z.object({
    quick: flag("the smallest set of variants in which each axis value occurs"),
    full: flag("all cases on all variants, no time promised"),
    filter: option(
      text.exactOptional(),
      "axes",
      "variants: 'optimize=ReleaseSmall,unwind=js|eh', or an id",
    ),
    engine: option(names.default(["node"]), "names", `engines: ${engines.join(", ")}`),
    suite: option(names.exactOptional(), "names", "suites, joined by commas (default: all)"),
    stage: option(
      names.exactOptional(),
      "names",
      `of ${stages.join(", ")}; what is not built yet is built`,
    ),
    wasm: option(text.exactOptional(), "file", "tests this wasm instead of building variants"),
    seed: option(wholeFrom(0).default(defaultSeed), "n", "the seed that the cases are given"),
    jobs: option(
      wholeFrom(1).exactOptional(),
      "n",
      "builds and tests side by side (default: the machine's cores)",
    ),
    plan: flag("says what would be run, and runs nothing"),
    json: flag("prints report.json to stdout, and nothing else there"),
    force: flag("reuses no build and no outcome"),
    failed: flag("only what failed in the last run"),
    baseline: option(
      text.exactOptional(),
      "file",
      "compares with these records instead of reports/baseline/",
    ),
    updateBaseline: flag("writes reports/baseline/, when nothing failed"),
    strict: flag("an engine that is asked for and not there is a failure"),
    shard: option(shard.exactOptional(), "i/n", "one part of n, by variant: 1/4"),
  });
}

type RawRunOptions = z.output<ReturnType<typeof runSchema>>;
export type RunOptions = ReturnType<typeof runOptions>;

function runCommand(take: (command: MatrixCommand) => void, engines: readonly string[]): Command {
  const schema = runSchema(engines);
  return addOptions(new Command("run").description("the default: runs the matrix"), schema).action(
    (given) => take({ kind: "run", options: runOptions(optionsOf(given, schema)) }),
  );
}

function runOptions(raw: RawRunOptions) {
  refuseContradictions(raw);
  const { quick, full, engine, suite, stage, ...rest } = raw;
  const tier: RunTier = quick ? "quick" : full ? "full" : "standard";
  return {
    ...rest,
    tier,
    engines: engine,
    ...(suite === undefined ? {} : { suites: suite }),
    stages: stageSet(stage ?? usualStages(raw)),
  };
}

/** Flags that deny each other; the later of each pair is named with its reason. */
function refuseContradictions(raw: RawRunOptions): void {
  const refuse = (given: boolean, message: string): void => {
    if (given) throw new UsageError(message);
  };
  const wasm = raw.wasm !== undefined;
  refuse(raw.quick && raw.full, "--quick and --full deny each other");
  refuse(wasm && raw.quick, "--wasm brings the wasm; --quick chooses variants to build");
  refuse(wasm && raw.filter !== undefined, "--wasm brings the wasm; --filter chooses variants");
  refuse(wasm && raw.shard !== undefined, "--wasm is one wasm; --shard splits the variants");
  refuse(wasm && raw.failed, "--wasm brings the wasm; --failed takes the last run's");
  const updates = raw.updateBaseline;
  refuse(updates && wasm, "--update-baseline keeps sizes of variants; --wasm has none");
  refuse(updates && raw.failed, "--update-baseline needs whole variants; --failed has parts");
  refuse(
    updates && raw.baseline !== undefined,
    "--baseline reads, --update-baseline writes: use one",
  );
}

/** Who asks for some suites or failures is not asking for figures; times take quiet minutes. */
function usualStages({ quick, filter, suite, failed, wasm }: RawRunOptions): readonly Stage[] {
  const isPart = suite !== undefined || failed || wasm !== undefined;
  return stages.filter((stage) => {
    if (stage === "cost") return !isPart;
    return stage === "bench" ? !isPart && !quick && filter === undefined : true;
  });
}

function stageSet(names: readonly string[]): ReadonlySet<Stage> {
  return new Set(
    names.map((given) => {
      const stage = stages.find((each) => each === given);
      if (stage === undefined) throw unknownName({ what: "stage", given, known: stages });
      return stage;
    }),
  );
}
