/** The section on cells: variants as rows, suites as columns; and what did not pass whole. */
import { formatCount, formatDuration, formatPlural } from "../format.ts";
import type { CellState, Cell as MatrixCell, ReportModel, VariantReport } from "../schema.ts";
import { code, row, words } from "../section/cells.ts";
import {
  type Cell,
  columnsOf,
  type Data,
  type FiltersPart,
  type Part,
  type Section,
  type Table,
  type Tone,
  tablePart,
  textPart,
} from "../section/section.ts";
import { cellDetail, cellText, stateWords } from "../words.ts";
import { tablesByTarget, variantCell } from "./variants.ts";

const tones: Readonly<Record<CellState, Tone>> = {
  crash: "bad",
  timeout: "bad",
  fail: "bad",
  missing: "notice",
  "not-run": "notice",
  unsupported: "quiet",
  skipped: "quiet",
  pass: "good",
};

/** With more columns, the tables of the targets stand one below the other. */
const columnsBesides = 4;
/** report.json has them all. */
const exceptionsShown = 100;
const exceptionsOpen = 8;

interface SuiteColumn {
  readonly engine: string;
  readonly suite: string;
}

export function cellsSection(model: ReportModel): Section | undefined {
  const { cells, variants } = model;
  if (cells.length === 0) return undefined;
  const columns = [
    ...new Map(
      cells.map(({ engine, suite }) => [JSON.stringify([engine, suite]), { engine, suite }]),
    ).values(),
  ];
  const byPlace = new Map(cells.map((one) => [cellKey(one), one]));
  const whole = cells.filter(({ state }) => state === "pass").length;
  const tables = tablesByTarget(variants, (group, members) =>
    matrixTable({ group, variants: members, columns, cells: byPlace }),
  );
  return {
    id: "cells",
    title: "Cells",
    parts: [
      textPart(
        `${formatCount(whole)} of ${formatPlural(cells.length, "cell")} passed whole. ` +
          "A cell is one suite on one variant in one engine, and shows its worst state.",
      ),
      filters(model),
      ...(columns.length > columnsBesides
        ? tables.flat()
        : [{ kind: "columns", columns: tables } as const]),
      ...exceptions(model),
    ],
  };
}

function matrixTable({
  group,
  variants,
  columns,
  cells,
}: {
  readonly group: string;
  readonly variants: readonly VariantReport[];
  readonly columns: readonly SuiteColumn[];
  readonly cells: ReadonlyMap<string, MatrixCell>;
}): Table {
  const hasEngines = new Set(columns.map(({ engine }) => engine)).size > 1;
  return {
    label: `Cells of ${group}`,
    columns: [
      { title: "Variant" },
      ...columns.map(({ suite, engine }) => ({
        title: hasEngines ? `${suite} · ${engine}` : suite,
        data: { suite },
      })),
    ],
    rows: variants.map(({ variant, axes, build }) => ({
      data: axisData(axes),
      cells: [
        variantCell(variant, group),
        ...columns.map((column) => {
          const found = cells.get(cellKey({ variant, ...column }));
          return matrixCell({ found, suite: column.suite, isUnbuilt: build.state === "failed" });
        }),
      ],
    })),
  };
}

function matrixCell({
  found,
  suite,
  isUnbuilt,
}: {
  readonly found: MatrixCell | undefined;
  readonly suite: string;
  readonly isUnbuilt: boolean;
}): Cell {
  const stateCell = (state: string) => ({ isState: true, data: { suite, state } });
  if (isUnbuilt) return { ...stateCell("missing"), text: "✗ not built", tone: "bad" };
  if (found === undefined) {
    return { ...stateCell(""), text: "·", tone: "quiet", note: "not asked for" };
  }
  const { state, counts, durationMs, reusedCount } = found;
  const reused = reusedCount === 0 ? "" : `, ${formatCount(reusedCount)} from the cache`;
  const isPartial = tones[state] === "quiet" && counts.pass > 0;
  return {
    ...stateCell(state),
    text: cellText(found),
    tone: isPartial ? "part" : tones[state],
    note: `${cellDetail(found)}; ${formatDuration(durationMs)}${reused}`,
  };
}

function exceptions({ cells }: ReportModel): readonly Part[] {
  const found = cells.filter(({ state }) => state !== "pass");
  if (found.length === 0) return [];
  return [
    tablePart({
      label: "Cells that did not pass whole",
      caption: "Not passed whole",
      columns: columnsOf({ words: ["Variant", "Engine", "Suite", "Outcomes"], figures: [] }),
      rows: found
        .slice(0, exceptionsShown)
        .map((cell) =>
          row(code(cell.variant), words(cell.engine), words(cell.suite), words(cellDetail(cell))),
        ),
      openRows: exceptionsOpen,
    }),
  ];
}

/** By axis, suite and state, where there is a choice. */
function filters({ variants, cells }: ReportModel): FiltersPart {
  const axes = [...new Set(variants.flatMap((variant) => Object.keys(variant.axes)))];
  const plain = (values: Iterable<string>) =>
    [...new Set(values)].map((value) => ({ value, word: value }));
  const states = [...new Set(cells.map(({ state }) => state))];
  const choices = [
    ...axes.map((axis) => ({
      name: axisName(axis),
      label: axis,
      values: plain(variants.flatMap((variant) => variant.axes[axis] ?? [])),
    })),
    { name: "suite", label: "suite", values: plain(cells.map(({ suite }) => suite)) },
    {
      name: "state",
      label: "state",
      values: states.map((value) => ({ value, word: stateWords[value].word })),
    },
  ];
  return { kind: "filters", choices: choices.filter(({ values }) => values.length > 1) };
}

/** Axes and the two fixed filters share a form, so an axis has a name of its own. */
function axisName(axis: string): string {
  return `axis-${axis}`;
}

function axisData(axes: Readonly<Record<string, string>>): Data {
  return Object.fromEntries(Object.entries(axes).map(([axis, value]) => [axisName(axis), value]));
}

function cellKey({ variant, engine, suite }: SuiteColumn & { readonly variant: string }): string {
  return JSON.stringify([variant, engine, suite]);
}
