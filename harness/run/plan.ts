/** What a run will do, as plain data: subjects × engines × suites → cells → cases. */
import type { Case, Tier } from "../suite/case.ts";
import type { Suite } from "../suite/suite.ts";

/** The seed that cases are given when nobody asks for another: outcomes are reused by it. */
export const defaultSeed = 1;

export type RunTier = "quick" | "standard" | "full";

/** One wasm under test: a variant to build, or a file that is there. */
export interface PlannedSubject {
  readonly id: string;
  /** Empty when `--wasm` brought a file of unknown origin. */
  readonly axes: Readonly<Record<string, string>>;
  /** The path that `--wasm` brought. */
  readonly file?: string;
}

/** Cases of one suite on one subject in one engine. */
export interface Cell {
  readonly subject: string;
  readonly engine: string;
  readonly suite: { readonly name: string };
  readonly cases: readonly { readonly id: string; readonly title: string }[];
  /** The stage that runs them again; absent: a case is repeated by itself. */
  readonly stage?: string;
}

/** A cell of a suite: its cases run in a worker. */
export interface TestCell extends Cell {
  readonly suite: Suite;
  readonly cases: readonly Case[];
}

export interface Plan {
  readonly tier: RunTier;
  readonly subjects: readonly PlannedSubject[];
  readonly engines: readonly string[];
  readonly cells: readonly TestCell[];
}

export interface PlanRequest {
  readonly tier: RunTier;
  readonly subjects: readonly PlannedSubject[];
  readonly engines: readonly string[];
  readonly suites: readonly Suite[];
  /** The subjects of suites whose spread is `representatives`; all where it is absent. */
  readonly representatives?: ReadonlySet<string>;
  /** Which cases of which cell; all where it is absent. */
  readonly only?: (place: CasePlace) => boolean;
}

/** A case in its cell: what `repro` and `--failed` choose by. */
export interface CasePlace {
  readonly subject: string;
  readonly engine: string;
  readonly case: string;
}

/** Cells without a case, and subjects without a cell when some are chosen, are left out. */
export function plan(request: PlanRequest): Plan {
  const { tier, subjects, engines, suites, representatives, only } = request;
  const cells = subjects.flatMap((subject) =>
    engines.flatMap((engine) =>
      suites.filter(isMeant(subject, representatives)).map((suite): TestCell => {
        const cases = suite.cases.filter(
          (each) =>
            runsIn(tier, each.tier) &&
            (only?.({ subject: subject.id, engine, case: each.id }) ?? true),
        );
        return { subject: subject.id, engine, suite, cases };
      }),
    ),
  );
  const filled = cells.filter(({ cases }) => cases.length > 0);
  const used = new Set(filled.map(({ subject }) => subject));
  return {
    tier,
    subjects: only === undefined ? subjects : subjects.filter(({ id }) => used.has(id)),
    engines,
    cells: filled,
  };
}

/** One part of a list that is split into equal parts over several machines. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Whether the compilation with that number, and all that is made of it, belongs to the shard. */
export function inShard(compilation: number, { index, count }: Shard): boolean {
  return compilation % count === index - 1;
}

/** How a case in its place is named on the command line. */
export function placeId({ subject, engine, case: caseId }: CasePlace): string {
  return `${subject}/${engine}/${caseId}`;
}

function isMeant(
  { id }: PlannedSubject,
  representatives: ReadonlySet<string> | undefined,
): (suite: Suite) => boolean {
  return ({ spread }) => spread === "every-variant" || (representatives?.has(id) ?? true);
}

function runsIn(tier: RunTier, caseTier: Tier): boolean {
  return tier === "full" || caseTier !== "exhaustive";
}
