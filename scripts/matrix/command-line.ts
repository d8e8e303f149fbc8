/** The command line of `npm run matrix`: what it may say, its help, and its meaning as data. */
import { Command, type CommanderError, InvalidArgumentError } from "commander";
import { defaultSeed, type RunTier, type Shard } from "../../harness/run/plan.ts";
import {
  integerFrom,
  nameList,
  nonEmpty,
  parseArguments,
  plainUsageError,
} from "../command/arguments.ts";
import { UsageError, unknownName } from "../command/usage.ts";
import { type LedgerCommand, ledgerCommand } from "../ledger/options.ts";

export const stages = ["build", "inspect", "test", "cost", "bench", "report"] as const;
export type Stage = (typeof stages)[number];

export interface RunOptions {
  readonly tier: RunTier;
  readonly filter?: string;
  readonly engines: readonly string[];
  /** All when absent. */
  readonly suites?: readonly string[];
  readonly stages: ReadonlySet<Stage>;
  readonly wasm?: string;
  readonly seed: number;
  /** The machine's cores when absent. */
  readonly jobs?: number;
  readonly plan: boolean;
  readonly json: boolean;
  readonly force: boolean;
  readonly failed: boolean;
  readonly baseline?: string;
  readonly updateBaseline: boolean;
  readonly strict: boolean;
  readonly shard?: Shard;
}

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
    .action(({ json }: { json?: boolean }) => take({ kind: "list", json: json === true }));
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
  program
    .command("repro")
    .description("runs one case or cell again, not from the cache, with all that it says")
    .argument("<id>", "variant/engine/suite or variant/engine/suite/case, as a report names it")
    .option("--seed <n>", "the seed that the cases are given", integerFrom(0), defaultSeed)
    .option("--wasm <file>", "the wasm, when the run had it from a file")
    .action((id: string, { seed, wasm }: { seed: number; wasm?: string }) =>
      take({ kind: "repro", id, seed, ...(wasm === undefined ? {} : { wasm }) }),
    );
  program.addCommand(ledgerCommand(take));
  program
    .command("clean")
    .description("removes the caches (.cache/)")
    .option("--all", "the provisioned tools (.tools/) as well")
    .action(({ all }: { all?: boolean }) => take({ kind: "clean", all: all === true }));
  program.addHelpText("after", () => `\n${run.helpInformation()}\n${exitCodesHelp}`);
  return program;
}

const exitCodesHelp = `Exit code, the first that applies:
  130 interrupted · 1 an error of the harness or of set-up · 2 wrong usage · 3 a build failed
  5 a case failed · 6 over budget · 7 slower · 0 fine`;

/** What commander makes of the options of `run`; each has been through its parser. */
interface RawRunOptions {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly filter?: string;
  readonly engine: readonly string[];
  readonly suite?: readonly string[];
  readonly stage?: readonly string[];
  readonly wasm?: string;
  readonly seed: number;
  readonly jobs?: number;
  readonly plan?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly failed?: boolean;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly strict?: boolean;
  readonly shard?: Shard;
}

function runCommand(take: (command: MatrixCommand) => void, engines: readonly string[]): Command {
  return new Command("run")
    .description("the default: runs the matrix")
    .option("--quick", "the smallest set of variants in which each axis value occurs")
    .option("--full", "all cases on all variants, no time promised")
    .option("--filter <axes>", "variants: 'optimize=ReleaseSmall,unwind=js|eh', or an id", nonEmpty)
    .option("--engine <names>", `engines: ${engines.join(", ")}`, nameList, ["node"])
    .option("--suite <names>", "suites, joined by commas (default: all)", nameList)
    .option("--stage <names>", `of ${stages.join(", ")}; what is not built yet is built`, nameList)
    .option("--wasm <file>", "tests this wasm instead of building variants", nonEmpty)
    .option("--seed <n>", "the seed that the cases are given", integerFrom(0), defaultSeed)
    .option(
      "--jobs <n>",
      "builds and tests side by side (default: the machine's cores)",
      integerFrom(1),
    )
    .option("--plan", "says what would be run, and runs nothing")
    .option("--json", "prints report.json to stdout, and nothing else there")
    .option("--force", "reuses no build and no outcome")
    .option("--failed", "only what failed in the last run")
    .option(
      "--baseline <file>",
      "compares with these records instead of reports/baseline/",
      nonEmpty,
    )
    .option("--update-baseline", "writes reports/baseline/, when nothing failed")
    .option("--strict", "an engine that is asked for and not there is a failure")
    .option("--shard <i/n>", "one part of n, by variant: 1/4", shard)
    .action((raw: RawRunOptions) => take({ kind: "run", options: runOptions(raw) }));
}

function runOptions(raw: RawRunOptions): RunOptions {
  refuseContradictions(raw);
  return {
    tier: raw.quick === true ? "quick" : raw.full === true ? "full" : "standard",
    ...(raw.filter === undefined ? {} : { filter: raw.filter }),
    engines: raw.engine,
    ...(raw.suite === undefined ? {} : { suites: raw.suite }),
    stages: stageSet(raw.stage ?? usualStages(raw)),
    ...(raw.wasm === undefined ? {} : { wasm: raw.wasm }),
    seed: raw.seed,
    ...(raw.jobs === undefined ? {} : { jobs: raw.jobs }),
    plan: raw.plan === true,
    json: raw.json === true,
    force: raw.force === true,
    failed: raw.failed === true,
    ...(raw.baseline === undefined ? {} : { baseline: raw.baseline }),
    updateBaseline: raw.updateBaseline === true,
    strict: raw.strict === true,
    ...(raw.shard === undefined ? {} : { shard: raw.shard }),
  };
}

/** Flags that deny each other; the later of each pair is named with its reason. */
function refuseContradictions(raw: RawRunOptions): void {
  const refuse = (given: boolean, message: string): void => {
    if (given) throw new UsageError(message);
  };
  const wasm = raw.wasm !== undefined;
  refuse(raw.quick === true && raw.full === true, "--quick and --full deny each other");
  refuse(wasm && raw.quick === true, "--wasm brings the wasm; --quick chooses variants to build");
  refuse(wasm && raw.filter !== undefined, "--wasm brings the wasm; --filter chooses variants");
  refuse(wasm && raw.shard !== undefined, "--wasm is one wasm; --shard splits the variants");
  refuse(wasm && raw.failed === true, "--wasm brings the wasm; --failed takes the last run's");
  const updates = raw.updateBaseline === true;
  refuse(updates && wasm, "--update-baseline keeps sizes of variants; --wasm has none");
  refuse(
    updates && raw.failed === true,
    "--update-baseline needs whole variants; --failed has parts",
  );
  refuse(
    updates && raw.baseline !== undefined,
    "--baseline reads, --update-baseline writes: use one",
  );
}

/** Who asks for some suites or failures is not asking for figures; times take quiet minutes. */
function usualStages({ quick, filter, suite, failed, wasm }: RawRunOptions): readonly Stage[] {
  const isPart = suite !== undefined || failed === true || wasm !== undefined;
  return stages.filter((stage) => {
    if (stage === "cost") return !isPart;
    return stage === "bench" ? !isPart && quick !== true && filter === undefined : true;
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

function shard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const parsed = { index: Number(index), count: Number(count) };
  if (parsed.index >= 1 && parsed.index <= parsed.count && parsed.count <= 1000) return parsed;
  throw new InvalidArgumentError("It is a part and a number of parts, such as 1/4.");
}
