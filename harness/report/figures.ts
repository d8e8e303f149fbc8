/** What cases measured, as tables: one per suite and engine, cases as rows, variants as columns. */
import { formatCount, formatDuration } from "./format.ts";
import type { CellState, ReportModel, ReportOutcome } from "./schema.ts";

/** One variant's figures of one case; a case that did not pass has a state in their place. */
export type FigureValue =
  | { readonly kind: "figures"; readonly text: string }
  | { readonly kind: "state"; readonly state: CellState }
  | { readonly kind: "none" };

export interface FigureRow {
  readonly case: string;
  readonly title: string;
  /** What the values are, in words: "heap peak, bytes · time". */
  readonly figures: string;
  /** Figures that are the same on all variants, once for all: "cut blocks 3". */
  readonly shared: string;
  /** One for each of the table's variants. */
  readonly values: readonly FigureValue[];
}

export interface FigureTable {
  readonly suite: string;
  readonly engine: string;
  readonly variants: readonly string[];
  readonly rows: readonly FigureRow[];
}

/** The time of a case stands behind its figures under this name. */
const timeFigure = "durationMs";
const separator = " · ";

/** Suites and cases without a figure are left out. */
export function figureTables({ outcomes }: ReportModel): readonly FigureTable[] {
  const suites = Map.groupBy(outcomes, ({ suite, engine }) => JSON.stringify([suite, engine]));
  return [...suites.values()].flatMap((ofSuite) => {
    const [first] = ofSuite;
    const variants = [...new Set(ofSuite.map(({ variant }) => variant))];
    const cases = Map.groupBy(ofSuite, (outcome) => outcome.case);
    const rows = [...cases.values()].flatMap((ofCase) => rowOf(ofCase, variants));
    if (first === undefined || rows.length === 0) return [];
    return [{ suite: first.suite, engine: first.engine, variants, rows }];
  });
}

function rowOf(
  outcomes: readonly ReportOutcome[],
  variants: readonly string[],
): readonly FigureRow[] {
  const names = [...new Set(outcomes.flatMap(({ figures = {} }) => Object.keys(figures)))];
  const [first] = outcomes;
  if (first === undefined || names.length === 0) return [];
  const measured = outcomes.flatMap(({ figures }) => (figures === undefined ? [] : [figures]));
  const isShared = (name: string): boolean =>
    measured.length > 1 && new Set(measured.map((figures) => figures[name])).size === 1;
  const own = [...names.filter((name) => !isShared(name)), timeFigure];
  const byVariant = new Map(outcomes.map((outcome) => [outcome.variant, outcome]));
  return [
    {
      case: first.case,
      title: first.title,
      figures: own.map(figureName).join(separator),
      shared: names
        .filter(isShared)
        .map((name) => `${figureName(name)} ${formatFigure(name, measured[0]?.[name] ?? 0)}`)
        .join(separator),
      values: variants.map((variant) => figuresIn(byVariant.get(variant), own)),
    },
  ];
}

function figuresIn(outcome: ReportOutcome | undefined, names: readonly string[]): FigureValue {
  if (outcome === undefined) return { kind: "none" };
  if (outcome.state !== "pass") return { kind: "state", state: outcome.state };
  const texts = names.map((name) => {
    const value = name === timeFigure ? outcome.durationMs : outcome.figures?.[name];
    return value === undefined ? "–" : formatFigure(name, value);
  });
  return { kind: "figures", text: texts.join(separator) };
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
