/** The command line of `npm run bench`: what it may say, its help, and its meaning as data. */
import { Command } from "commander";
import { z } from "zod";
import { type PeerName, peerNames } from "../../harness/bench/peers/peers.ts";
import type { Workload } from "../../harness/bench/workload.ts";
import { defaultSeed } from "../../harness/run/plan.ts";
import { quickVariants } from "../../harness/variant/list.ts";
import type { Variant } from "../../harness/variant/variant.ts";
import { parseArguments } from "../command/arguments.ts";
import { chooseByName, chooseVariants } from "../command/choose.ts";
import {
  addOptions,
  flag,
  names,
  option,
  optionsOf,
  positive,
  text,
  wholeFrom,
} from "../command/options.ts";
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
  const schema = benchSchema(workloads);
  const program = addOptions(benchProgram(), schema).addHelpText("after", notes);
  const parsed = parseArguments(program, args);
  if (parsed.kind === "text") return parsed;
  const raw = optionsOf(program.opts(), schema);
  const { quick } = raw;
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
      json: raw.json,
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

function benchSchema(workloads: readonly Workload[]) {
  const all = workloads.map(({ name }) => name).join(", ");
  return z.object({
    filter: option(text.exactOptional(), "axes", "variants: 'optimize=ReleaseSmall,unwind=js|eh'"),
    against: option(
      text.exactOptional(),
      "base",
      "what they are compared with: a variant, a .wasm file, or a commit",
    ),
    workload: option(names.exactOptional(), "names", `of ${all} (default: all)`),
    peers: option(
      names.exactOptional(),
      "names",
      `of ${peerNames.join(", ")}, or none (default: all)`,
    ),
    quick: flag(`under 3 minutes: fewer processes, without ${slowPeers.join(", ")}`),
    budget: option(
      wholeFrom(1).exactOptional(),
      "seconds",
      "time for all of it; it may end earlier",
    ),
    processes: option(
      wholeFrom(1).exactOptional(),
      "n",
      "fresh processes at most; 4 make a verdict",
    ),
    rounds: option(
      wholeFrom(1).exactOptional(),
      "n",
      "rounds of each workload in each process, exactly",
    ),
    precision: option(
      positive.default(standard.precisionPercent),
      "percent",
      'what difference matters: "equal" is within it',
    ),
    seed: option(wholeFrom(0).default(defaultSeed), "n", "orders processes, subjects and rounds"),
    json: flag("prints verdicts and raw samples as JSON, and nothing else on stdout"),
    records: option(
      text.exactOptional(),
      "file",
      "where the raw samples go (default: in reports/latest/)",
    ),
    campaign: option(
      text.exactOptional(),
      "kind",
      "aa or compare: counts the verdicts of whole runs",
    ),
    runs: option(wholeFrom(1).default(40), "n", "of a campaign"),
  });
}

type RawOptions = z.output<ReturnType<typeof benchSchema>>;

function benchProgram(): Command {
  const ids = defaultVariants().map(({ id }) => id);
  return new Command("npm run bench --")
    .description("Times workloads on variants of the core, side by side with peers.")
    .argument("[ids...]", `ids of variants, the base first (default: ${ids.join(" and ")})`);
}

/** The fastest of the variants that people ship, then the smallest. */
function defaultVariants(): readonly Variant[] {
  return quickVariants().slice(0, 2).toReversed();
}
