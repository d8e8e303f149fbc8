/** The section on whose bytes a wasm is: treemap, difference, groups, changes and largest items. */

import { type Chart, seriesKey } from "../chart/chart.ts";
import { rowChart } from "../chart/rows.ts";
import { familiesOf, treemapChart } from "../chart/treemap.ts";
import { formatChange, formatCount, formatPlural } from "../format.ts";
import type { ReportModel } from "../schema.ts";
import type { LedgerReport } from "../schema-figures.ts";
import { change, code, count, row, share, words } from "../section/cells.ts";
import {
  chartsPart,
  columnsOf,
  type Part,
  type Section,
  tablePart,
  textPart,
} from "../section/section.ts";

/** A treemap each: of the variants that are timed, for people ship those; else the smallest. */
const mapsShown = 2;
const groupsDrawn = 14;
const changesOpen = 10;
const groupsOpen = 18;
/** Of the variants without a treemap: 48 with all they have would be megabytes. */
const changesBrief = 25;
const itemsBrief = 12;

export function ledgerSection(model: ReportModel): Section | undefined {
  const { ledgers } = model;
  if (ledgers.length === 0) return undefined;
  const drawn = drawnLedgers(model);
  const lost = ledgers.filter(({ unaccountedBytes }) => unaccountedBytes > 0).length;
  const said =
    lost === 0 ? "None is unaccounted for." : `${formatPlural(lost, "ledger")} miss bytes.`;
  const others = ledgers.filter((ledger) => !drawn.includes(ledger));
  return {
    id: "ledger",
    title: "Whose bytes",
    parts: [
      textPart(
        `Every byte of each wasm, by where it comes from. ${said} ` +
          "An item's retained size is what would go if it went.",
      ),
      ...drawn.flatMap(drawnLedger),
      ...(others.length === 0 ? [] : [otherLedgers(others)]),
    ],
  };
}

function drawnLedgers({ ledgers, workloads }: ReportModel): readonly LedgerReport[] {
  const timed = new Set(workloads.flatMap((one) => one.subjects.map(({ subject }) => subject)));
  const ofTimed = ledgers.filter(({ variant }) => timed.has(variant)).slice(0, mapsShown);
  if (ofTimed.length > 0) return ofTimed;
  return ledgers.toSorted((a, b) => a.totalBytes - b.totalBytes).slice(0, 1);
}

function drawnLedger(ledger: LedgerReport): readonly Part[] {
  const { variant } = ledger;
  const caption = `Groups of ${variant} as areas; the table beside has the figures.`;
  return [
    { kind: "heading", code: variant, text: ledgerWords(ledger) },
    {
      kind: "columns",
      columns: [
        [
          ...chartsPart(
            [treemapChart(ledger, { title: "By group", caption })],
            seriesKey(familiesOf(ledger)),
          ),
          ...chartsPart(differenceChart(ledger)),
        ],
        [groupsTable(ledger)],
      ],
    },
    ...changesTable(ledger),
    { kind: "fold", title: "The largest items", parts: [itemsTable(ledger)] },
  ];
}

function otherLedgers(ledgers: readonly LedgerReport[]): Part {
  return {
    kind: "fold",
    title: formatPlural(ledgers.length, "other variant"),
    parts: ledgers.map((ledger) => ({
      kind: "fold",
      title: ledger.variant,
      isCode: true,
      note: ledgerWords(ledger),
      parts: [
        groupsTable(ledger),
        ...changesTable({ ...ledger, changes: ledger.changes.slice(0, changesBrief) }),
        itemsTable({ ...ledger, items: ledger.items.slice(0, itemsBrief) }),
      ],
    })),
  };
}

function ledgerWords({
  totalBytes,
  unaccountedBytes,
  baselineBytes,
  changesCount,
}: LedgerReport): string {
  const lost = unaccountedBytes === 0 ? "" : `, ${formatCount(unaccountedBytes)} unaccounted for`;
  const total = `${formatCount(totalBytes)} bytes${lost}`;
  if (baselineBytes === undefined) return total;
  if (changesCount === 0) return `${total}, as in the baseline`;
  const items = formatPlural(changesCount, "item");
  return `${total}, ${formatChange(totalBytes - baselineBytes)} in ${items}`;
}

function differenceChart({ variant, groups }: LedgerReport): readonly Chart[] {
  const points = groups
    .flatMap(({ group, changeBytes = 0 }) =>
      changeBytes === 0
        ? []
        : [{ row: group, value: changeBytes, tone: changeBytes > 0 ? "bad" : "good" } as const],
    )
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, groupsDrawn);
  if (points.length === 0) return [];
  const title = "Change against the baseline, bytes";
  const caption = `${title}, by group of ${variant}.`;
  return [rowChart({ title, caption, points, line: 0, heading: "by group", isBars: true })];
}

function groupsTable({ variant, groups, baselineBytes, totalBytes }: LedgerReport): Part {
  const isCompared = baselineBytes !== undefined;
  return tablePart({
    label: `Groups of ${variant}`,
    columns: columnsOf({
      words: ["Group"],
      figures: ["Bytes", "Share", ...(isCompared ? ["±"] : [])],
    }),
    rows: groups.map(({ group, bytes, changeBytes = 0 }) =>
      row(
        code(group),
        count(bytes),
        share(bytes, totalBytes),
        ...(isCompared ? [change(changeBytes)] : []),
      ),
    ),
    openRows: groupsOpen,
  });
}

function changesTable({ variant, changes, changesCount }: LedgerReport): readonly Part[] {
  if (changes.length === 0) return [];
  const rest = changesCount - changes.length;
  const left = rest > 0 ? `; ${formatCount(rest)} smaller ones are in the records` : "";
  return [
    tablePart({
      label: `Changes of ${variant}`,
      caption: `Not as large as in the baseline${left}`,
      columns: columnsOf({
        words: ["Item", "Kind", "Group", "What"],
        figures: ["Before", "Now", "±"],
      }),
      rows: changes.map(({ kind, name, group, state, bytes, baselineBytes, changeBytes }) =>
        row(
          code(name),
          words(kind),
          words(group),
          words(state),
          count(baselineBytes),
          count(bytes),
          change(changeBytes),
        ),
      ),
      openRows: changesOpen,
    }),
  ];
}

function itemsTable({ variant, items }: LedgerReport): Part {
  return tablePart({
    label: `Largest items of ${variant}`,
    columns: columnsOf({ words: ["Item", "Kind", "Group"], figures: ["Bytes", "Retained"] }),
    rows: items.map(({ kind, name, group, bytes, retainedBytes }) =>
      row(code(name), words(kind), words(group), count(bytes), count(retainedBytes)),
    ),
  });
}
