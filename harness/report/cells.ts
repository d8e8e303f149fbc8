/** Cells: outcomes beside what was planned, folded per variant × engine × suite; none goes lost. */
import type { BuildRecord, OutcomeRecord, RunRecord } from "../record/record.ts";
import {
  type Cell,
  type CellState,
  cellStates,
  type Missing,
  type ReportModel,
  type ReportOutcome,
} from "./schema.ts";

/** The worst of some states; an empty cell has nothing to show for itself: missing. */
export function foldStates(states: readonly CellState[]): CellState {
  return cellStates.find((state) => states.includes(state)) ?? "missing";
}

/** What a run was to do in one cell. */
interface PlannedCell {
  readonly variant: string;
  readonly engine: string;
  readonly suite: string;
  readonly cases: ReadonlySet<string>;
}

interface CellSources {
  readonly runs: readonly RunRecord[];
  readonly builds: readonly BuildRecord[];
  readonly outcomes: readonly OutcomeRecord[];
  readonly runState: ReportModel["run"]["state"];
}

/** All outcomes, those that are missing included, and their cells in the order of the variants. */
export function cellsOf(sources: CellSources): {
  readonly cells: Cell[];
  readonly outcomes: ReportOutcome[];
  readonly missing: Missing[];
} {
  const titles = new Map(sources.outcomes.map((outcome) => [outcome.case, outcome.title]));
  const recorded = Map.groupBy(sources.outcomes, cellKey);
  const cells: Cell[] = [];
  const outcomes: ReportOutcome[] = [];
  const missing: Missing[] = [];
  for (const planned of plannedCells(sources)) {
    const found = recorded.get(cellKey(planned)) ?? [];
    const foundCases = new Set(found.map((outcome) => outcome.case));
    const absent = [...planned.cases].filter((id) => !foundCases.has(id));
    const { variant, engine, suite } = planned;
    const reason = missingReason({ variant, ...sources });
    const ofCell = [
      ...found.map(reportOutcome),
      ...absent.map(
        (id): ReportOutcome => ({
          ...{ variant, engine, suite, case: id, title: titles.get(id) ?? id },
          ...{ state: "missing", message: reason, reused: false },
        }),
      ),
    ];
    cells.push(cellOf({ variant, engine, suite, outcomes: ofCell }));
    outcomes.push(...ofCell);
    if (absent.length > 0) missing.push({ variant, engine, suite, cases: absent, reason });
  }
  return { cells, outcomes, missing };
}

function cellOf({
  variant,
  engine,
  suite,
  outcomes,
}: Pick<PlannedCell, "variant" | "engine" | "suite"> & {
  readonly outcomes: readonly ReportOutcome[];
}): Cell {
  const count = (state: CellState) => outcomes.filter((outcome) => outcome.state === state).length;
  return {
    variant,
    engine,
    suite,
    state: foldStates(outcomes.map((outcome) => outcome.state)),
    counts: {
      crash: count("crash"),
      timeout: count("timeout"),
      fail: count("fail"),
      missing: count("missing"),
      "not-run": count("not-run"),
      unsupported: count("unsupported"),
      skipped: count("skipped"),
      pass: count("pass"),
    },
    casesCount: outcomes.length,
    durationMs: outcomes.reduce((sum, outcome) => sum + (outcome.durationMs ?? 0), 0),
    reusedCount: outcomes.filter((outcome) => outcome.reused).length,
  };
}

function reportOutcome(record: OutcomeRecord): ReportOutcome {
  const { kind: _kind, axes: _axes, engineVersion: _version, ...outcome } = record;
  return outcome;
}

/** The cells that the runs planned, and any other that has an outcome; variants in their order. */
function plannedCells({ runs, builds, outcomes }: CellSources): readonly PlannedCell[] {
  const cells = new Map<string, PlannedCell & { readonly cases: Set<string> }>();
  const plan = (cell: Omit<PlannedCell, "cases">, cases: Iterable<string>): void => {
    const known = cells.get(cellKey(cell));
    if (known === undefined) cells.set(cellKey(cell), { ...cell, cases: new Set(cases) });
    else for (const id of cases) known.cases.add(id);
  };
  const explicit = runs.flatMap((run) => run.planned ?? []);
  for (const { engine, suite, cases, variants } of explicit) {
    for (const variant of variants) plan({ variant, engine, suite }, cases);
  }
  if (explicit.length === 0) {
    const suites = Map.groupBy(outcomes, (outcome) => outcome.suite);
    for (const variant of new Set(builds.map((build) => build.variant))) {
      for (const engine of new Set(runs.flatMap((run) => run.engines))) {
        for (const [suite, ofSuite] of suites) {
          plan(
            { variant, engine, suite },
            ofSuite.map((outcome) => outcome.case),
          );
        }
      }
    }
  }
  for (const { variant, engine, suite, case: id } of outcomes)
    plan({ variant, engine, suite }, [id]);
  const order = new Map(
    [...builds, ...outcomes]
      .map(({ variant }) => variant)
      .toReversed()
      .map((v, i) => [v, -i]),
  );
  return [...cells.values()].toSorted(
    (a, b) => (order.get(a.variant) ?? 0) - (order.get(b.variant) ?? 0),
  );
}

function missingReason({
  variant,
  builds,
  runState,
}: Pick<CellSources, "builds" | "runState"> & { readonly variant: string }): string {
  const build = builds.find((candidate) => candidate.variant === variant);
  if (build?.state === "failed") return "its build failed";
  if (runState !== "finished")
    return runState === "interrupted" ? "the run was interrupted" : "the run did not end";
  return build === undefined ? "it was never built" : "the run recorded no outcome";
}

function cellKey({
  variant,
  engine,
  suite,
}: {
  readonly variant: string;
  readonly engine: string;
  readonly suite: string;
}): string {
  return JSON.stringify([variant, engine, suite]);
}
