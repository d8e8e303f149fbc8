/** The report's model: everything that a reader wants to know, derived from a run's records. */
import type { BaselineRecord } from "../record/baseline.ts";
import type { OutcomeRecord, ResultRecord, RunRecord } from "../record/record.ts";
import { answersOf } from "./answers.ts";
import { type Budgets, checkBudgets } from "./budget.ts";
import { cellsOf } from "./cells.ts";
import { failuresOf, skipsOf } from "./failures.ts";
import { type ReportModel, reportSchemaVersion } from "./schema.ts";
import { baselineBytes, variantReports } from "./sizes.ts";
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
  /** What went wrong before: shown, and of no other effect. */
  readonly warnings?: readonly string[];
}

/** Derives the model; the same sources give the same model. Throws NoRunError. */
export function reportModel({
  records,
  baseline = [],
  budgets,
  warnings = [],
}: ReportSources): ReportModel {
  const sorted = sortRecords(records);
  const run = runOf(sorted);
  const { cells, outcomes, missing } = cellsOf({ ...sorted, runState: run.state });
  const variants = variantReports({ ...sorted, baseline: baselineBytes(baseline) });
  const found = {
    run,
    variants,
    outcomes,
    missing,
    failures: failuresOf({ builds: sorted.builds, outcomes }),
    budget:
      budgets === undefined ? { checks: [], unmatched: [] } : checkBudgets({ budgets, variants }),
    baseline: baselineRuns(baseline),
    workloads: workloadsOf(sorted.timings),
  };
  return {
    schema: reportSchemaVersion,
    ...found,
    answers: answersOf(found),
    excluded: excludedOf(sorted.runs),
    cells,
    skips: skipsOf(outcomes),
    cache: cacheOf(sorted),
    time: timeOf(sorted),
    warnings: [...warnings, ...runWarnings(run)],
  };
}

type RecordOf<Kind extends ResultRecord["kind"]> = Extract<ResultRecord, { readonly kind: Kind }>;

/**
 * The records by kind, each thing once: the last record of it. Variants in the order of the plan,
 * not of the clock, so that two reports of the same variants read alike.
 */
function sortRecords(records: readonly ResultRecord[]) {
  const runs = records.filter((record) => record.kind === "run");
  const planned = runs.flatMap((run) => run.planned ?? []);
  const order = [...new Set(planned.flatMap(({ variants }) => variants))];
  const position = new Map(order.map((variant, index) => [variant, index]));
  const place = (record: ResultRecord): number =>
    ("variant" in record ? position.get(record.variant) : undefined) ?? order.length;
  const ofKind = <Kind extends ResultRecord["kind"]>(
    kind: Kind,
    keyOf: (record: RecordOf<Kind>) => readonly string[],
  ): readonly RecordOf<Kind>[] => {
    const found = records.filter((record): record is RecordOf<Kind> => record.kind === kind);
    const last = new Map(found.map((record) => [JSON.stringify(keyOf(record)), record]));
    return [...last.values()].toSorted((a, b) => place(a) - place(b));
  };
  return {
    runs: ofKind("run", (run) => [run.startedAt, run.command]),
    ends: ofKind("end", (end) => [end.finishedAt]),
    builds: ofKind("build", (build) => [build.variant]),
    sizes: ofKind("size", (size) => [size.variant, size.metric]),
    functions: ofKind("functions", (functions) => [functions.variant]),
    outcomes: ofKind("outcome", (outcome) => [outcome.variant, outcome.engine, outcome.case]),
    timings: ofKind("timing", (timing) => [timing.variant, timing.engine, timing.workload]),
  };
}
type SortedRecords = ReturnType<typeof sortRecords>;

/** The last run names the report; the engines are those of all, as when shards are put together. */
function runOf({ runs, ends, outcomes, timings }: SortedRecords): ReportModel["run"] {
  const run = runs.at(-1);
  if (run === undefined)
    throw new NoRunError("the records hold no run: nothing says what was asked");
  const end = ends.at(-1);
  const versions = new Map(
    [...outcomes, ...timings].map((record) => [record.engine, record.engineVersion]),
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
  const wallMs = ends.at(-1)?.durationMs;
  if (wallMs === undefined) return { buildsMs, casesMs };
  const harnessMsMin = wallMs - buildsMs - casesMs;
  return harnessMsMin < 0
    ? { wallMs, buildsMs, casesMs }
    : { wallMs, buildsMs, casesMs, harnessMsMin };
}

function ranMs({ reused, durationMs = 0 }: OutcomeRecord): number {
  return reused ? 0 : durationMs;
}
