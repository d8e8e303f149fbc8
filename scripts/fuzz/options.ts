/** The command line of `npm run fuzz`: what it may say, its help, and its meaning as data. */
import { Command } from "commander";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
import { integerFrom, nameList, nonEmpty, parseArguments } from "../command/arguments.ts";
import { chooseByName, chooseVariants } from "../command/choose.ts";
import { UsageError } from "../command/usage.ts";

export interface FuzzOptions {
  readonly variants: readonly Variant[];
  readonly targets: readonly FuzzTarget[];
  /** Cases for each target. */
  readonly runs: number;
  /** Derived from the commit when absent. */
  readonly seed?: number;
  /** This batch alone. */
  readonly batch?: number;
  /** The machine's cores when absent. */
  readonly jobs?: number;
  readonly minutes?: number;
  /** A wasm that stands for the variants. */
  readonly wasm?: string;
  /** The arguments that say what is fuzzed, for a command that repeats it. */
  readonly subjects: readonly string[];
}

export type FuzzCommandLine =
  | { readonly kind: "run"; readonly options: FuzzOptions }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

interface RawOptions {
  readonly filter?: string;
  readonly suite?: readonly string[];
  readonly runs: number;
  readonly seed?: number;
  readonly batch?: number;
  readonly jobs?: number;
  readonly minutes?: number;
  readonly wasm?: string;
}

const runsStandard = 10_000;

const notes = `
Generates Lua programs, runs each on every variant and on a native Lua of the same version, and
compares what they answer, byte for byte; the suite serializer compares with an uninterrupted run
what is saved on its way and restored in another variant. The suite hostile makes no programs: it
changes snapshots, stored values and logs, restores them without trust, uses what is accepted, and
counts what was refused and accepted. A program that differs is made as small as
it gets, shown with both answers, and kept in reports/latest/fuzz/<suite>.jsonl, as is each in the
moment in which it is found. The seed is printed; by default each commit has another.

Exit: 0 no difference, 1 an error, 2 wrong use, 3 a build failed, 5 differences, 130 interrupted.`;

/** Throws UsageError. */
export function parseFuzzOptions(
  args: readonly string[],
  targets: readonly FuzzTarget[],
): FuzzCommandLine {
  const program = fuzzProgram(targets);
  const parsed = parseArguments(program, args);
  if (parsed.kind === "text") return parsed;
  const { filter, suite, runs, ...rest } = program.opts<RawOptions>();
  if (rest.wasm !== undefined && (filter !== undefined || program.args.length > 0)) {
    throw new UsageError("--wasm brings the wasm; ids and --filter choose variants");
  }
  const standard = quickVariants();
  return {
    kind: "run",
    options: {
      variants: chooseVariants({ ids: program.args, filter, standard }),
      targets: chooseByName("suite", targets, suite),
      runs,
      subjects: [
        ...program.args,
        ...(filter === undefined ? [] : ["--filter", filter]),
        ...(rest.wasm === undefined ? [] : ["--wasm", rest.wasm]),
      ],
      ...rest,
    },
  };
}

function fuzzProgram(targets: readonly FuzzTarget[]): Command {
  const names = targets.map(({ name }) => name).join(", ");
  return new Command("npm run fuzz --")
    .description("Compares variants of the core with a native Lua on generated programs.")
    .argument("[ids...]", "ids of variants (default: the quick set)")
    .option("--filter <axes>", "variants: 'optimize=ReleaseSmall,unwind=js|eh'", nonEmpty)
    .option("--suite <names>", `of ${names} (default: all)`, nameList)
    .option("--runs <n>", "cases of each suite", integerFrom(1), runsStandard)
    .option("--seed <n>", "what is generated (default: from the commit)", integerFrom(0))
    .option("--batch <n>", "this batch alone, as a finding names it", integerFrom(0))
    .option("--jobs <n>", "workers side by side (default: the machine's cores)", integerFrom(1))
    .option("--minutes <n>", "begins nothing after this time, for each suite", integerFrom(1))
    .option("--wasm <file>", "fuzzes this wasm instead of building variants", nonEmpty)
    .addHelpText("after", notes);
}
