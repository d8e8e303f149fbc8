/** What cases measured, as tables: one per suite and engine, a row for each figure of a case. */
import { formatCount, formatDuration } from "./format.ts";
import type { CellState, ReportModel, ReportOutcome } from "./schema.ts";

/** One variant's figure of one case; a case that did not pass has a state in its place. */
export type FigureValue =
  | { readonly kind: "figure"; readonly text: string }
  | { readonly kind: "state"; readonly state: CellState }
  | { readonly kind: "none" };

/** The least or the most of a figure, and the first variant that has it. */
export interface FigureEnd {
  readonly text: string;
  readonly variant: string;
}

export interface FigureRow {
  readonly case: string;
  readonly title: string;
  /** In words: "heap peak, bytes". */
  readonly figure: string;
  readonly least: FigureEnd;
  /** Absent where all variants have the same. */
  readonly most?: FigureEnd;
  /** One for each of the table's variants. */
  readonly values: readonly FigureValue[];
}

export interface FigureTable {
  readonly suite: string;
  readonly engine: string;
  readonly variants: readonly string[];
  readonly casesCount: number;
  readonly rows: readonly FigureRow[];
}

/** The time of a case stands behind its figures under this name. */
const timeFigure = "durationMs";

/** Suites and cases without a figure are left out. */
export function figureTables({ outcomes }: ReportModel): readonly FigureTable[] {
  const suites = Map.groupBy(outcomes, ({ suite, engine }) => JSON.stringify([suite, engine]));
  return [...suites.values()].flatMap((ofSuite) => {
    const [first] = ofSuite;
    const variants = [...new Set(ofSuite.map(({ variant }) => variant))];
    const cases = [...Map.groupBy(ofSuite, (outcome) => outcome.case).values()];
    const measured = cases.map((ofCase) => rowsOf(ofCase, variants));
    const rows = measured.flat();
    if (first === undefined || rows.length === 0) return [];
    const casesCount = measured.filter((ofCase) => ofCase.length > 0).length;
    return [{ suite: first.suite, engine: first.engine, variants, casesCount, rows }];
  });
}

function rowsOf(
  outcomes: readonly ReportOutcome[],
  variants: readonly string[],
): readonly FigureRow[] {
  const names = [...new Set(outcomes.flatMap(({ figures = {} }) => Object.keys(figures)))];
  const [first] = outcomes;
  if (first === undefined || names.length === 0) return [];
  const byVariant = new Map(outcomes.map((outcome) => [outcome.variant, outcome]));
  return [...names, timeFigure].flatMap((name) => {
    const known = outcomes.flatMap((outcome) => {
      const value = figureOf(outcome, name);
      return value === undefined ? [] : [{ value, variant: outcome.variant }];
    });
    const [least, ...others] = known.toSorted((a, b) => a.value - b.value);
    if (least === undefined) return [];
    const most = others.at(-1);
    const endOf = ({ value, variant }: typeof least) => ({
      ...{ text: formatFigure(name, value), variant },
    });
    return [
      {
        ...{ case: first.case, title: first.title, figure: figureName(name) },
        least: endOf(least),
        ...(most === undefined || most.value === least.value ? {} : { most: endOf(most) }),
        values: variants.map((variant) => figureIn(byVariant.get(variant), name)),
      },
    ];
  });
}

function figureIn(outcome: ReportOutcome | undefined, name: string): FigureValue {
  if (outcome === undefined) return { kind: "none" };
  if (outcome.state !== "pass") return { kind: "state", state: outcome.state };
  const value = figureOf(outcome, name);
  return value === undefined
    ? { kind: "none" }
    : { kind: "figure", text: formatFigure(name, value) };
}

function figureOf(outcome: ReportOutcome, name: string): number | undefined {
  if (outcome.state !== "pass") return undefined;
  return name === timeFigure ? outcome.durationMs : outcome.figures?.[name];
}

/** heapPeakBytes → "heap peak, bytes"; a last word that is no unit counts something. */
export function figureName(name: string): string {
  if (name === timeFigure) return "time";
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(" ");
  const unit = units.get(words.at(-1) ?? "");
  return unit === undefined ? words.join(" ") : `${words.slice(0, -1).join(" ")}, ${unit}`;
}

const units = new Map([
  ["bytes", "bytes"],
  ["ms", "time"],
  ["percent", "%"],
  ["ulp", "ulp"],
]);

/** A figure in the form of its unit. */
export function formatFigure(name: string, value: number): string {
  if (name.endsWith("Ms")) return formatDuration(value);
  if (name.endsWith("Percent")) return `${value.toFixed(1)} %`;
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(3);
}
