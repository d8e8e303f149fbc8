/** The command line of `npm run bench`: what it may say, its help, and its meaning as data. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { Workload } from "../bench/workload.ts";
import { defaultSeed } from "../run/plan.ts";
import { allVariants, quickVariants } from "../variant/list.ts";
import type { Variant } from "../variant/variant.ts";
import { chooseByName, filterOf } from "./choose.ts";
import { UsageError, unknownName } from "./usage.ts";

export interface BenchOptions {
  /** The first has a twin. */
  readonly variants: readonly Variant[];
  readonly workloads: readonly Workload[];
  readonly quick: boolean;
  /** Absent: at least so many as the tier asks, more of what is short. */
  readonly rounds?: number;
  readonly seed: number;
  readonly json: boolean;
}

export type BenchRequest =
  | { readonly kind: "run"; readonly options: BenchOptions }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

interface RawOptions {
  readonly filter?: string;
  readonly workload?: readonly string[];
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly seed: number;
  readonly json?: boolean;
}

const variantsMax = 12;

const notes = `
Times variants of the core side by side with the peer wasmoon and with a twin of the first variant
(the same wasm under another name), whose difference is the noise. Writes the raw samples to
reports/latest/bench.jsonl; to render them: npm run report -- reports/latest/bench.jsonl --out DIR

Exit: 0 measured, 1 an error (a wrong result too), 2 wrong use, 3 a build failed, 130 interrupted.`;

/** Throws UsageError. */
export function parseBenchOptions(
  args: readonly string[],
  workloads: readonly Workload[],
): BenchRequest {
  let printed = "";
  const program = benchProgram(workloads)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => undefined,
    });
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: printed };
    throw new UsageError(error.message.replace(/^error: /, ""), { cause: error });
  }
  const raw = program.opts<RawOptions>();
  return {
    kind: "run",
    options: {
      variants: selectVariants(program.args, raw.filter),
      workloads: chooseByName("workload", workloads, raw.workload),
      quick: raw.quick === true,
      ...(raw.rounds === undefined ? {} : { rounds: raw.rounds }),
      seed: raw.seed,
      json: raw.json === true,
    },
  };
}

function benchProgram(workloads: readonly Workload[]): Command {
  const names = workloads.map(({ name }) => name).join(", ");
  const ids = defaultVariants().map(({ id }) => id);
  return new Command("npm run bench --")
    .description("Times workloads on variants of the core, side by side with a peer.")
    .argument("[ids...]", `ids of variants (default: ${ids.join(" and ")})`)
    .option("--filter <axes>", "variants: 'optimize=ReleaseSmall,unwind=js|eh'")
    .option("--workload <names>", `of ${names} (default: all)`, nameList)
    .option("--quick", "fewer rounds, and less warm-up: under 3 minutes")
    .option(
      "--rounds <n>",
      "timed rounds, of short workloads too (default: until there is enough)",
      integerFrom(1),
    )
    .option("--seed <n>", "orders the subjects of each round", integerFrom(0), defaultSeed)
    .option("--json", "prints figures and raw samples as JSON, and nothing else on stdout")
    .addHelpText("after", notes);
}

/** The fastest of the variants that people ship, then the smallest. */
function defaultVariants(): readonly Variant[] {
  return quickVariants().slice(0, 2).toReversed();
}

/** In the order of the ids. */
function selectVariants(ids: readonly string[], filter: string | undefined): readonly Variant[] {
  if (ids.length === 0 && filter === undefined) return defaultVariants();
  const known = allVariants();
  const named = ids.map((id) => {
    const variant = known.find((each) => each.id === id);
    if (variant !== undefined) return variant;
    throw unknownName({ what: "variant", given: id, known: known.map((each) => each.id) });
  });
  const fits = filterOf(filter);
  const selected = [...new Set(ids.length === 0 ? known : named)].filter(fits);
  if (selected.length === 0) throw new UsageError("no variant fits: npm run matrix -- list");
  if (selected.length > variantsMax) {
    throw new UsageError(`${selected.length} variants fit; time at most ${variantsMax} at once`);
  }
  return selected;
}

function nameList(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim());
}

function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
  };
}
