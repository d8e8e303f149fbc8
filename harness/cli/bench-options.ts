/** The command line of `npm run bench`: what it may say, its help, and its meaning as data. */
import { Command } from "commander";
import type { Workload } from "../bench/workload.ts";
import { defaultSeed } from "../run/plan.ts";
import { quickVariants } from "../variant/list.ts";
import type { Variant } from "../variant/variant.ts";
import { integerFrom, nameList, parseArguments } from "./arguments.ts";
import { chooseByName, chooseVariants } from "./choose.ts";

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
  const program = benchProgram(workloads);
  const parsed = parseArguments(program, args);
  if (parsed.kind === "text") return parsed;
  const raw = program.opts<RawOptions>();
  return {
    kind: "run",
    options: {
      variants: chooseVariants({
        ids: program.args,
        filter: raw.filter,
        standard: defaultVariants(),
      }),
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
