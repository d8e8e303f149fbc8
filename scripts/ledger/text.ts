/** What `npm run matrix -- ledger` prints: tables of groups, items and changes, and ways. */
import type { ItemChange, LedgerDifference } from "../../harness/ledger/difference.ts";
import type { LedgerItem } from "../../harness/ledger/item.ts";
import type { Ledger } from "../../harness/ledger/ledger.ts";
import type { Why } from "../../harness/ledger/why.ts";
import { formatChange, formatChangePercent, formatCount } from "../../harness/report/format.ts";
import { count, row, share, words } from "../../harness/report/section/cells.ts";
import {
  type Cell,
  columnsOf,
  type Row,
  type Table,
} from "../../harness/report/section/section.ts";
import { terminalTable } from "../../harness/report/terminal/table.ts";

const labelWidthMax = 56;

export function ledgerText(
  { totalBytes, unaccountedBytes, items, groups }: Ledger,
  { title, top }: { readonly title: string; readonly top: number },
): string {
  const groupRows = groups.map(([group, bytes]) =>
    row(words(group), count(bytes), share(bytes, totalBytes)),
  );
  const retaining = items.toSorted((a, b) => b.retainedBytes - a.retainedBytes);
  const unreached = items.filter(({ isUnreached }) => isUnreached);
  return paragraphs([
    [
      `${title}: ${formatCount(totalBytes)} bytes in ${formatCount(items.length)} items, ` +
        `${formatCount(unaccountedBytes)} unaccounted`,
    ],
    table(columnsOf({ words: ["source"], figures: ["bytes", "share"] }), groupRows, top),
    itemTable("largest items", items, top),
    itemTable("what keeps most", retaining, top),
    unreached.length === 0 ? [] : itemTable("nothing leads to", unreached, top),
    [
      "keeps: its own bytes and all that would go with it; exports and the table's functions stay.",
      "with data: the same with the data that only it refers to, guessed from numbers in the code.",
      "data/…: data by the source that refers to it, guessed likewise.",
    ],
  ]);
}

function itemTable(title: string, items: readonly LedgerItem[], top: number): readonly string[] {
  const figures = columnsOf({ words: [title], figures: ["bytes", "keeps", "with data"] });
  const rows = items.map((item) =>
    row(
      words(labelOf(item)),
      count(item.shallowBytes),
      count(item.retainedBytes),
      count(item.retainedWithDataBytes),
      words(item.group),
    ),
  );
  return table([...figures, { title: "source" }], rows, top);
}

export function differenceText(
  { bytesBefore, bytesAfter, items, groups }: LedgerDifference,
  { before, after, top }: { readonly before: string; readonly after: string; readonly top: number },
): string {
  const change = bytesAfter - bytesBefore;
  const sizes = (old: number, now: number): readonly Cell[] => [
    words(formatChange(now - old)),
    count(old),
    count(now),
  ];
  const figures = ["change", "before", "after"];
  return paragraphs([
    [
      `${before} → ${after}: ${formatCount(bytesBefore)} → ${formatCount(bytesAfter)} bytes ` +
        `(${formatChange(change)}, ${formatChangePercent((100 * change) / bytesBefore)})`,
    ],
    table(
      columnsOf({ words: ["source"], figures }),
      groups.map(([group, old, now]) => row(words(group), ...sizes(old, now))),
      top,
    ),
    table(
      [...columnsOf({ words: ["item"], figures }), { title: "" }, { title: "source" }],
      items.map((item) =>
        row(
          words(labelOf(item)),
          ...sizes(item.bytesBefore, item.bytesAfter),
          words(stateText(item)),
          words(item.group),
        ),
      ),
      top,
    ),
    [countsText(items)],
  ]);
}

function stateText({ state, other }: ItemChange): string {
  if (other === undefined) return state;
  return state === "merged" ? `merged into ${other}` : `${state}, was ${other}`;
}

function countsText(items: readonly ItemChange[]): string {
  const counts = [...Map.groupBy(items, ({ state }) => state)];
  if (counts.length === 0) return "no item differs in size";
  return counts.map(([state, { length }]) => `${formatCount(length)} ${state}`).join(", ");
}

export function whyText({ item, path, isApproximate }: Why): string {
  const steps = path.map((step, depth) => {
    const bytes = `${formatCount(step.shallowBytes)} bytes`;
    const size = `${bytes}, keeps ${formatCount(step.retainedBytes)}`;
    return `${"  ".repeat(depth)}${labelOf(step)}  (${step.group}; ${size})`;
  });
  if (steps.length === 0) {
    const reason = isApproximate
      ? "no address of it is seen, but its segment is always loaded"
      : "it could go";
    return `${labelOf(item)}: nothing leads to it; ${reason}\n`;
  }
  const note = isApproximate ? ["addresses are guessed from numbers in the code and the data"] : [];
  return `${[...steps, ...note].join("\n")}\n`;
}

function labelOf({ kind, name }: Pick<LedgerItem, "kind" | "name">): string {
  const label = name.startsWith(`${kind} `) ? name : `${kind} ${name}`;
  return label.length <= labelWidthMax ? label : `${label.slice(0, labelWidthMax - 1)}…`;
}

function table(columns: Table["columns"], rows: readonly Row[], top: number): readonly string[] {
  return terminalTable({ columns, rows, rowsShown: top, remedy: ": --top N" });
}

function paragraphs(parts: readonly (readonly string[])[]): string {
  const texts = parts.filter(({ length }) => length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}
