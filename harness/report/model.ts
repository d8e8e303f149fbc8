/** The report's model: everything that a reader wants to know, derived from a run's records. */
import { type BaselineRecord, baselineRecords } from "../record/baseline.ts";
import type { OutcomeRecord, ResultRecord, RunRecord } from "../record/record.ts";
import { answersOf } from "./answers.ts";
import { axisFigures, frontsOf } from "./axis-figures.ts";
import { type Budgets, checkBudgets } from "./budget.ts";
import { cellsOf } from "./cells.ts";
import { compareRuns } from "./compare-runs.ts";
import { costReports, costTotals } from "./costs.ts";
import { effectsOf, interactionsOf } from "./effects.ts";
import { failuresOf, skipsOf } from "./failures.ts";
import { historyOf, type SavedRun } from "./history.ts";
import { ledgerReports, meteringsOf } from "./ledgers.ts";
import { peersOf } from "./peers.ts";
import { type ReportModel, reportSchemaVersion } from "./schema.ts";
import { baselineBytes, variantReports } from "./sizes.ts";
import { earlierTimes } from "./time-change.ts";
import { workloadsOf } from "./workloads.ts";

/** Records without a run say nothing of what was asked, so no report can be made of them. */
export class NoRunError extends Error {
  override readonly name = "NoRunError";
}

export interface ReportSources {
  /** In the order in which they were written; of two records of one thing the later counts. */
  readonly records: readonly ResultRecord[];
  readonly baseline?: readonly BaselineRecord[];
  readonly budgets?: Budgets;
  /** The names of the workloads whose geometric mean is compared with peers. */
  readonly classic?: ReadonlySet<string>;
  /** Other saved runs, for the lines of history; this one is added. */
  readonly history?: readonly SavedRun[];
  /** The records of a run to lay beside this one, case by case. */
  readonly before?: readonly ResultRecord[];
  /** Where the raw samples lie, from the reports' folder on. */
  readonly recordsPath?: string;
  /** What went wrong before: shown, and of no other effect. */
  readonly warnings?: readonly string[];
}

/** Derives the model; the same sources give the same model. Throws NoRunError. */
export function reportModel(sources: ReportSources): ReportModel {
  const { records, baseline = [], budgets, warnings = [], recordsPath } = sources;
  const sorted = sortRecords(records);
  const run = runOf(sorted);
  const { cells, outcomes, missing } = cellsOf({ ...sorted, runState: run.state });
  const variants = variantReports({ ...sorted, baseline: baselineBytes(baseline) });
  const figures = figuresOf({ sources, sorted, variants });
  const { costs, workloads } = figures;
  const comparison = comparisonOf({ sources, sorted, outcomes });
  const found = {
    ...{ run, variants, outcomes, missing, ...figures },
    failures: failuresOf({ builds: sorted.builds, outcomes }),
    budget:
      budgets === undefined
        ? { checks: [], unmatched: [] }
        : checkBudgets({ budgets, variants, costs, workloads }),
    baseline: baselineRuns(baseline),
  };
  return {
    schema: reportSchemaVersion,
    ...found,
    ...(recordsPath === undefined ? {} : { recordsPath }),
    ...(comparison === undefined ? {} : { comparison }),
    answers: answersOf(found),
    excluded: excludedOf(sorted.runs),
    cells,
    skips: skipsOf(outcomes),
    cache: cacheOf(sorted),
    time: timeOf(sorted),
    warnings: [...warnings, ...runWarnings(run), ...ledgerWarnings(figures)],
  };
}

/** What was measured: costs, ledgers and times, and what follows from them and from the sizes. */
function figuresOf({
  sources: { baseline = [], classic = new Set(), history = [], records },
  sorted,
  variants,
}: {
  readonly sources: ReportSources;
  readonly sorted: SortedRecords;
  readonly variants: ReportModel["variants"];
}) {
  const { timings, ledgers, meterings, runs } = sorted;
  const fingerprint = runs.at(-1)?.fingerprint;
  const earlier =
    fingerprint === undefined ? { runs: [] } : earlierTimes({ baseline, fingerprint });
  const costs = costReports({ costs: sorted.costs, baseline });
  const axes = axisFigures({ variants, costs, timings });
  return {
    ...{ costs, costTotals: costTotals(costs) },
    ledgers: ledgerReports({ ledgers, baseline }),
    meterings: meteringsOf(meterings),
    workloads: workloadsOf({ timings, classic, earlier }),
    peers: peersOf({ timings, classic }),
    effects: axes.flatMap(effectsOf),
    interactions: axes.flatMap(interactionsOf),
    fronts: frontsOf({ variants, costs, timings }),
    history: history.length === 0 ? [] : historyOf([...history, baselineRecords(records)]),
  };
}

function comparisonOf({
  sources: { before },
  sorted: { runs },
  outcomes,
}: {
  readonly sources: ReportSources;
  readonly sorted: SortedRecords;
  readonly outcomes: ReportModel["outcomes"];
}): ReportModel["comparison"] {
  const run = runs.at(-1);
  return before === undefined || run === undefined
    ? undefined
    : compareRuns({ before, run, outcomes });
}

type RecordOf<Kind extends ResultRecord["kind"]> = Extract<ResultRecord, { readonly kind: Kind }>;

/**
 * The records by kind, each thing once: the last record of it. Variants in the order of the plan,
 * not of the clock, so that two reports of the same variants read alike; but subjects that were
 * timed as they are, for the first is what the others are compared with.
 */
function sortRecords(records: readonly ResultRecord[]) {
  const runs = records.filter((record) => record.kind === "run");
  const planned = runs.flatMap((run) => run.planned ?? []);
  const order = [...new Set(planned.flatMap(({ variants }) => variants))];
  const position = new Map(order.map((variant, index) => [variant, index]));
  const place = (record: ResultRecord): number =>
    ("variant" in record ? position.get(record.variant) : undefined) ?? order.length;
  const inOrder = <Kind extends ResultRecord["kind"]>(
    kind: Kind,
    keyOf: (record: RecordOf<Kind>) => readonly string[],
  ): readonly RecordOf<Kind>[] => {
    const found = records.filter((record): record is RecordOf<Kind> => record.kind === kind);
    return [...new Map(found.map((record) => [JSON.stringify(keyOf(record)), record])).values()];
  };
  const ofKind: typeof inOrder = (kind, keyOf) =>
    inOrder(kind, keyOf).toSorted((a, b) => place(a) - place(b));
  return {
    runs: ofKind("run", (run) => [run.startedAt, run.command]),
    ends: ofKind("end", (end) => [end.finishedAt]),
    builds: ofKind("build", (build) => [build.variant]),
    sizes: ofKind("size", (size) => [size.variant, size.metric]),
    functions: ofKind("functions", (functions) => [functions.variant]),
    outcomes: ofKind("outcome", (outcome) => [outcome.variant, outcome.engine, outcome.case]),
    costs: ofKind("cost", (cost) => [cost.variant, cost.engine, cost.workload, cost.scale]),
    ledgers: ofKind("ledger", (ledger) => [ledger.variant]),
    meterings: ofKind("metering", (metering) => [metering.variant]),
    timings: inOrder("timing", (timing) => [timing.variant, timing.engine, timing.workload]),
  };
}
type SortedRecords = ReturnType<typeof sortRecords>;

/** The last run names the report; the engines are those of all, as when shards are put together. */
function runOf({ runs, ends, outcomes, timings, costs }: SortedRecords): ReportModel["run"] {
  const run = runs.at(-1);
  if (run === undefined)
    throw new NoRunError("the records hold no run: nothing says what was asked");
  const end = ends.at(-1);
  const versions = new Map(
    [...costs, ...outcomes, ...timings].map((record) => [record.engine, record.engineVersion]),
  );
  const engines = new Set([...runs.flatMap((one) => one.engines), ...versions.keys()]);
  return {
    startedAt: run.startedAt,
    ...(end === undefined ? {} : { finishedAt: end.finishedAt }),
    state: ends.length < runs.length ? "unfinished" : end?.interrupted ? "interrupted" : "finished",
    command: run.command,
    seed: run.seed,
    tier: run.tier,
    engines: [...engines].map((name) => {
      const version = versions.get(name);
      return version === undefined ? { name } : { name, version };
    }),
    ...(run.revision === undefined ? {} : { revision: run.revision }),
    tools: run.tools,
    fingerprint: run.fingerprint,
  };
}

function runWarnings(run: ReportModel["run"]): readonly string[] {
  if (run.state !== "unfinished") return [];
  return ["The records hold no end of the run: it was killed, or it still runs."];
}

/** A ledger that misses bytes, and engines that count differently: our own bugs, said aloud. */
function ledgerWarnings({
  ledgers,
  costs,
}: Pick<ReportModel, "ledgers" | "costs">): readonly string[] {
  const short = ledgers.filter(({ unaccountedBytes }) => unaccountedBytes > 0);
  const apart = costs.filter(({ disagreement }) => disagreement !== undefined);
  return [
    ...short.map(
      ({ variant, unaccountedBytes }) =>
        `The ledger of ${variant} leaves ${unaccountedBytes} bytes unaccounted for.`,
    ),
    ...apart.map(
      ({ variant, workload, disagreement }) =>
        `The exact cost of ${workload} on ${variant} differs between engines: ${disagreement}.`,
    ),
  ];
}

function excludedOf(runs: readonly RunRecord[]): ReportModel["excluded"] {
  return [
    ...new Map(runs.flatMap((run) => run.excluded).map((one) => [one.variant, one])).values(),
  ];
}

function baselineRuns(baseline: readonly BaselineRecord[]): ReportModel["baseline"] {
  const runs = baseline.filter((record): record is RunRecord => record.kind === "run");
  const byStart = new Map(runs.map((run) => [run.startedAt, run]));
  return [...byStart.values()]
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map(({ startedAt, revision }) =>
      revision === undefined ? { startedAt } : { startedAt, revision },
    );
}

function cacheOf({ builds, outcomes }: SortedRecords): ReportModel["cache"] {
  return {
    buildsCount: builds.length,
    buildsCachedCount: builds.filter((build) => build.state === "cached").length,
    outcomesCount: outcomes.length,
    outcomesReusedCount: outcomes.filter((outcome) => outcome.reused).length,
  };
}

/** Only what this run did: a cached build and a reused outcome took their time in another. */
function timeOf({ builds, outcomes, ends }: SortedRecords): ReportModel["time"] {
  const buildsMs = builds
    .filter((build) => build.state !== "cached")
    .reduce(
      (sum, build) => sum + build.steps.reduce((steps, step) => steps + step.durationMs, 0),
      0,
    );
  const casesMs = outcomes.reduce((sum, outcome) => sum + ranMs(outcome), 0);
  if (ends.length === 0) return { buildsMs, casesMs };
  const wallMs = ends.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const own = ends.flatMap(({ ownMs }) => ownMs ?? []);
  if (own.length < ends.length) return { wallMs, buildsMs, casesMs };
  const harnessMs = own.reduce((sum, each) => sum + each, 0);
  const harnessPercent = wallMs === 0 ? 0 : (100 * harnessMs) / wallMs;
  return { wallMs, buildsMs, casesMs, harnessMs, harnessPercent };
}

function ranMs({ reused, durationMs = 0 }: OutcomeRecord): number {
  return reused ? 0 : durationMs;
}
