/** The section on sizes: charts over variants, bytes and changes, the sections of each wasm. */
import { formatCount, formatPlural, formatTime } from "../format.ts";
import type { ReportModel, Size, VariantReport } from "../schema.ts";
import { change, count, empty, words } from "../section/cells.ts";
import {
  type Cell,
  type Column,
  chartsPart,
  figureColumn,
  type Part,
  type Section,
  type Table,
  textPart,
} from "../section/section.ts";
import { fileMetrics, sizeIn } from "../sizes.ts";
import { sizeCharts, sizeKey } from "./size-charts.ts";
import { tablesByTarget, variantCell } from "./variants.ts";

export function sizesSection(model: ReportModel): Section | undefined {
  const measured = model.variants.filter(({ sizes }) => sizes.length > 0);
  if (measured.length === 0) return undefined;
  const shown = model.variants.filter(
    ({ sizes, build }) => sizes.length > 0 || build.state === "failed",
  );
  const largestBytes = Math.max(1, ...measured.map((each) => sizeIn(each, "raw")?.bytes ?? 0));
  const isCompared = model.baseline.length > 0;
  return {
    id: "sizes",
    title: "Sizes",
    parts: [
      textPart(baselineWords(model)),
      ...chartsPart(sizeCharts(model), sizeKey(model)),
      { kind: "heading", text: isCompared ? "Bytes, and the change" : "Bytes" },
      {
        kind: "columns",
        isWide: true,
        columns: tablesByTarget(shown, (group, variants) =>
          sizesTable({ group, variants, isCompared, largestBytes }),
        ),
      },
      ...wasmSections({ variants: measured, isCompared }),
    ],
  };
}

function baselineWords({ baseline }: ReportModel): string {
  const last = baseline.at(-1);
  if (last === undefined) {
    return "There is no baseline to compare with; --update-baseline makes one.";
  }
  const revision = last.revision === undefined ? "" : `, revision ${last.revision}`;
  const older = baseline.length - 1;
  const others = older > 0 ? `, and ${formatPlural(older, "earlier run")}` : "";
  return `Compared with the baseline of ${formatTime(last.startedAt)}${revision}${others}.`;
}

interface SizesTable {
  readonly variants: readonly VariantReport[];
  readonly isCompared: boolean;
}

function sizesTable({
  group,
  variants,
  isCompared,
  largestBytes,
}: SizesTable & { readonly group: string; readonly largestBytes: number }): Table {
  const sizeCells = (variant: VariantReport, metric: string): readonly Cell[] => {
    const size = sizeIn(variant, metric);
    if (size === undefined) {
      const text = variant.build.state === "failed" ? "not built" : "–";
      return [{ text, tone: "quiet" }, ...(isCompared ? [empty] : [])];
    }
    const bytes = count(size.bytes);
    const figure = metric === "raw" ? { ...bytes, share: size.bytes / largestBytes } : bytes;
    return [figure, ...(isCompared ? [changeCell(size)] : [])];
  };
  return {
    label: `Sizes of ${group}`,
    columns: columnsOf(fileMetrics, isCompared),
    rows: variants.map((variant) => ({
      cells: [
        variantCell(variant.variant, group),
        ...fileMetrics.flatMap((metric) => sizeCells(variant, metric)),
      ],
    })),
  };
}

function columnsOf(metrics: readonly string[], isCompared: boolean): readonly Column[] {
  const columns = metrics.flatMap((metric) => (isCompared ? [metric, "±"] : [metric]));
  return [{ title: "Variant" }, ...columns.map(figureColumn)];
}

function changeCell({ changeBytes, changePercent }: Size): Cell {
  return change(changeBytes, changePercent);
}

/** Of every wasm; whose bytes they are stands in its ledger. */
function wasmSections({ variants, isCompared }: SizesTable): readonly Part[] {
  const names = [
    ...new Set(variants.flatMap(({ sections }) => sections.map(({ metric }) => metric))),
  ];
  if (names.length === 0) return [];
  const table: Table = {
    label: "Sections of each wasm",
    columns: columnsOf(names, isCompared),
    rows: variants.map(({ variant, sections }) => ({
      cells: [
        { text: variant, look: "code" },
        ...names.flatMap((name) => {
          const size = sections.find(({ metric }) => metric === name);
          const figure = words(size === undefined ? "" : formatCount(size.bytes));
          if (!isCompared) return [figure];
          return [figure, size === undefined ? empty : changeCell(size)];
        }),
      ],
    })),
  };
  const note = formatPlural(names.length, "section");
  return [{ kind: "fold", title: table.label, note, parts: [{ kind: "table", table }] }];
}
