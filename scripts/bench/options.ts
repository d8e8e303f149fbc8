/** The command line of `npm run bench`: what it may say, its help, and its meaning as data. */
import { Command, InvalidArgumentError } from "commander";
import { type PeerName, peerNames } from "../../harness/bench/peers/peers.ts";
import type { Workload } from "../../harness/bench/workload.ts";
import { defaultSeed } from "../../harness/run/plan.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
import { integerFrom, nameList, nonEmpty, parseArguments } from "../command/arguments.ts";
import { chooseByName, chooseVariants } from "../command/choose.ts";
import { UsageError } from "../command/usage.ts";

export interface BenchOptions {
  /** The first is the base, unless `against` is. */
  readonly variants: readonly Variant[];
  /** What the variants are compared with: a variant's id, or a wasm file. */
  readonly against?: string;
  readonly workloads: readonly Workload[];
  readonly peers: readonly PeerName[];
  readonly quick: boolean;
  readonly budgetMs: number;
  readonly processes: number;
  /** Absent: as many as the time allows. */
  readonly rounds?: number;
  readonly precisionPercent: number;
  readonly seed: number;
  readonly json: boolean;
  /** Where the raw samples go; absent: into reports/latest/. */
  readonly records?: string;
  readonly campaign?: Campaign;
}

/** Whole runs one after the other, whose verdicts are counted. */
export interface Campaign {
  /** aa: the first variant against itself; compare: the subjects that were chosen. */
  readonly kind: "aa" | "compare";
  readonly runs: number;
}

export type BenchRequest =
  | { readonly kind: "run"; readonly options: BenchOptions }
  /** Help was asked for. */
  | { readonly kind: "text"; readonly text: string };

interface RawOptions {
  readonly filter?: string;
  readonly against?: string;
  readonly workload?: readonly string[];
  readonly peers?: readonly string[];
  readonly quick?: boolean;
  readonly budget?: number;
  readonly processes?: number;
  readonly rounds?: number;
  readonly precision: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly records?: string;
  readonly campaign?: string;
  readonly runs: number;
}

/** How long a run takes: by the number of workloads, up to an end. */
const tiers = {
  quick: { workloadMs: 6_000, budgetMsMax: 150_000, processes: 6 },
  standard: { workloadMs: 20_000, budgetMsMax: 600_000, processes: 12 },
  campaign: { workloadMs: 11_000, budgetMsMax: 55_000, processes: 12 },
} as const;

/** What a run without options is. */
export const standard = { processes: tiers.standard.processes, precisionPercent: 2 } as const;

/** Of each kind one: a call, a library function in C, unwinding, allocation, text. */
const campaignWorkloads = ["fib", "sort", "error-caught", "gc-churn", "string-building"];
/** A JavaScript interpreter of Lua takes ten times as long: a quick run has no time for it. */
const slowPeers: readonly PeerName[] = ["fengari"];

const notes = `
Times variants of the core side by side: with each other, with peers, and with a twin of the base
(the same wasm, compiled a second time), whose difference is the noise. Rounds run in fresh
processes, until every verdict is clear or the time is up. Writes the raw samples to
reports/latest/bench.jsonl; to render them: npm run report -- reports/latest/bench.jsonl --out DIR

A campaign makes whole runs and counts their verdicts: --campaign aa compares the first variant with
itself, where every "faster" and "slower" is false; --campaign compare does what was asked for.

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
  const quick = raw.quick === true;
  const campaign = campaignOf(raw);
  const names = raw.workload ?? (campaign === undefined ? undefined : campaignWorkloads);
  const chosen = chooseByName("workload", workloads, names);
  const tier = campaign === undefined ? (quick ? tiers.quick : tiers.standard) : tiers.campaign;
  const variants = chooseVariants({
    ids: program.args,
    filter: raw.filter,
    standard: raw.against === undefined ? defaultVariants() : defaultVariants().slice(0, 1),
  });
  return {
    kind: "run",
    options: {
      variants: campaign?.kind === "aa" ? variants.slice(0, 1) : variants,
      ...(raw.against === undefined ? {} : { against: raw.against }),
      workloads: chosen,
      peers: peersOf(raw, { quick, isCampaign: campaign !== undefined }),
      quick,
      budgetMs:
        raw.budget === undefined
          ? Math.min(tier.budgetMsMax, chosen.length * tier.workloadMs)
          : raw.budget * 1_000,
      processes: raw.processes ?? tier.processes,
      ...(raw.rounds === undefined ? {} : { rounds: raw.rounds }),
      precisionPercent: raw.precision,
      seed: raw.seed,
      json: raw.json === true,
      ...(raw.records === undefined ? {} : { records: raw.records }),
      ...(campaign === undefined ? {} : { campaign }),
    },
  };
}

function campaignOf({ campaign, runs, against }: RawOptions): Campaign | undefined {
  if (campaign === undefined) return undefined;
  if (campaign !== "aa" && campaign !== "compare") {
    throw new UsageError(`unknown campaign "${campaign}"; there are: aa, compare`);
  }
  if (campaign === "aa" && against !== undefined) {
    throw new UsageError("--campaign aa compares a variant with itself: take --campaign compare");
  }
  return { kind: campaign, runs };
}

function peersOf(
  { peers }: RawOptions,
  { quick, isCampaign }: { readonly quick: boolean; readonly isCampaign: boolean },
): readonly PeerName[] {
  const known = peerNames.map((name) => ({ name }));
  if (peers !== undefined) {
    if (peers.length === 1 && peers[0] === "none") return [];
    return chooseByName("peer", known, peers).map(({ name }) => name);
  }
  if (isCampaign) return [];
  return peerNames.filter((name) => !quick || !slowPeers.includes(name));
}

function benchProgram(workloads: readonly Workload[]): Command {
  const names = workloads.map(({ name }) => name).join(", ");
  const ids = defaultVariants().map(({ id }) => id);
  return new Command("npm run bench --")
    .description("Times workloads on variants of the core, side by side with peers.")
    .argument("[ids...]", `ids of variants, the base first (default: ${ids.join(" and ")})`)
    .option("--filter <axes>", "variants: 'optimize=ReleaseSmall,unwind=js|eh'")
    .option("--against <base>", "what they are compared with: a variant, a .wasm file, or a commit")
    .option("--workload <names>", `of ${names} (default: all)`, nameList)
    .option("--peers <names>", `of ${peerNames.join(", ")}, or none (default: all)`, nameList)
    .option("--quick", `under 3 minutes: fewer processes, without ${slowPeers.join(", ")}`)
    .option("--budget <seconds>", "time for all of it; it may end earlier", integerFrom(1))
    .option("--processes <n>", "fresh processes at most; 4 make a verdict", integerFrom(1))
    .option("--rounds <n>", "rounds of each workload in each process, exactly", integerFrom(1))
    .option(
      "--precision <percent>",
      'what difference matters: "equal" is within it',
      percent,
      standard.precisionPercent,
    )
    .option("--seed <n>", "orders processes, subjects and rounds", integerFrom(0), defaultSeed)
    .option("--json", "prints verdicts and raw samples as JSON, and nothing else on stdout")
    .option("--records <file>", "where the raw samples go (default: in reports/latest/)", nonEmpty)
    .option("--campaign <kind>", "aa or compare: counts the verdicts of whole runs")
    .option("--runs <n>", "of a campaign", integerFrom(1), 40)
    .addHelpText("after", notes);
}

function percent(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("It is a number above 0.");
}

/** The fastest of the variants that people ship, then the smallest. */
function defaultVariants(): readonly Variant[] {
  return quickVariants().slice(0, 2).toReversed();
}
