/** The command line of `npm run fuzz`: what it may say, its help, and its meaning as data. */
import { Command } from "commander";
import { z } from "zod";
import type { FuzzTarget } from "../../harness/fuzz/target.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
import { parseArguments } from "../command/arguments.ts";
import { chooseByName, chooseVariants } from "../command/choose.ts";
import { addOptions, names, option, optionsOf, text, wholeFrom } from "../command/options.ts";
import { UsageError } from "../command/usage.ts";

function fuzzSchema(targets: readonly FuzzTarget[]) {
  const all = targets.map(({ name }) => name).join(", ");
  return z.object({
    filter: option(text.exactOptional(), "axes", "variants: 'optimize=ReleaseSmall,unwind=js|eh'"),
    suite: option(names.exactOptional(), "names", `of ${all} (default: all)`),
    runs: option(wholeFrom(1).default(10_000), "n", "cases of each suite"),
    seed: option(wholeFrom(0).exactOptional(), "n", "what is generated (default: from the commit)"),
    batch: option(wholeFrom(0).exactOptional(), "n", "this batch alone, as a finding names it"),
    jobs: option(
      wholeFrom(1).exactOptional(),
      "n",
      "workers side by side (default: the machine's cores)",
    ),
    minutes: option(
      wholeFrom(1).exactOptional(),
      "n",
      "begins nothing after this time, for each suite",
    ),
    wasm: option(text.exactOptional(), "file", "fuzzes this wasm instead of building variants"),
  });
}

export interface FuzzOptions
  extends Omit<z.output<ReturnType<typeof fuzzSchema>>, "filter" | "suite"> {
  readonly variants: readonly Variant[];
  readonly targets: readonly FuzzTarget[];
  /** The arguments that say what is fuzzed, for a command that repeats it. */
  readonly subjects: readonly string[];
}

export type FuzzCommandLine =
  | { readonly kind: "run"; readonly options: FuzzOptions }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

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
  const schema = fuzzSchema(targets);
  const program = addOptions(
    new Command("npm run fuzz --")
      .description("Compares variants of the core with a native Lua on generated programs.")
      .argument("[ids...]", "ids of variants (default: the quick set)"),
    schema,
  ).addHelpText("after", notes);
  const parsed = parseArguments(program, args);
  if (parsed.kind === "text") return parsed;
  const { filter, suite, ...rest } = optionsOf(program.opts(), schema);
  if (rest.wasm !== undefined && (filter !== undefined || program.args.length > 0)) {
    throw new UsageError("--wasm brings the wasm; ids and --filter choose variants");
  }
  return {
    kind: "run",
    options: {
      ...rest,
      variants: chooseVariants({ ids: program.args, filter, standard: quickVariants() }),
      targets: chooseByName("suite", targets, suite),
      subjects: [
        ...program.args,
        ...(filter === undefined ? [] : ["--filter", filter]),
        ...(rest.wasm === undefined ? [] : ["--wasm", rest.wasm]),
      ],
    },
  };
}
