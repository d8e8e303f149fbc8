/** What `npm run matrix -- ledger` prints: tables of groups, items and changes, and ways. */
import type { ItemChange, LedgerDifference } from "../../harness/ledger/difference.ts";
import type { LedgerItem } from "../../harness/ledger/item.ts";
import type { Ledger } from "../../harness/ledger/ledger.ts";
import type { Why } from "../../harness/ledger/why.ts";
import { formatChange, formatChangePercent, formatCount } from "../../harness/report/format.ts";

const labelWidthMax = 56;

export function ledgerText(
  { totalBytes, unaccountedBytes, items, groups }: Ledger,
  { title, top }: { readonly title: string; readonly top: number },
): string {
  const share = (bytes: number): string => `${((100 * bytes) / totalBytes).toFixed(1)} %`;
  const groupRows = groups.map(([group, bytes]) => [group, formatCount(bytes), share(bytes)]);
  const retaining = items.toSorted((a, b) => b.retainedBytes - a.retainedBytes);
  const unreached = items.filter(({ isUnreached }) => isUnreached);
  return paragraphs([
    [
      `${title}: ${formatCount(totalBytes)} bytes in ${formatCount(items.length)} items, ` +
        `${formatCount(unaccountedBytes)} unaccounted`,
    ],
    table({ heading: ["source", "bytes", "share"], rows: groupRows, top }),
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
  return table({
    heading: [title, "bytes", "keeps", "with data", "source"],
    rows: items.map((item) => [
      labelOf(item),
      formatCount(item.shallowBytes),
      formatCount(item.retainedBytes),
      formatCount(item.retainedWithDataBytes),
      item.group,
    ]),
    top,
  });
}

export function differenceText(
  { bytesBefore, bytesAfter, items, groups }: LedgerDifference,
  { before, after, top }: { readonly before: string; readonly after: string; readonly top: number },
): string {
  const change = bytesAfter - bytesBefore;
  const sizes = (bytes: readonly [number, number]): readonly string[] => [
    formatChange(bytes[1] - bytes[0]),
    formatCount(bytes[0]),
    formatCount(bytes[1]),
  ];
  return paragraphs([
    [
      `${before} → ${after}: ${formatCount(bytesBefore)} → ${formatCount(bytesAfter)} bytes ` +
        `(${formatChange(change)}, ${formatChangePercent((100 * change) / bytesBefore)})`,
    ],
    table({
      heading: ["source", "change", "before", "after"],
      rows: groups.map(([group, old, now]) => [group, ...sizes([old, now])]),
      top,
    }),
    table({
      heading: ["item", "change", "before", "after", "", "source"],
      rows: items.map((item) => [
        labelOf(item),
        ...sizes([item.bytesBefore, item.bytesAfter]),
        stateText(item),
        item.group,
      ]),
      top,
    }),
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

/** Columns whose cells all begin with a digit or a sign stand to the right. */
function table(options: {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly top: number;
}): readonly string[] {
  const { heading, rows, top } = options;
  if (rows.length === 0) return [];
  const shown = rows.slice(0, top);
  const columns = heading.map((title, column) => {
    const cells = shown.map((row) => row[column] ?? "");
    return {
      width: Math.max(title.length, ...cells.map(({ length }) => length)),
      isFigure: cells.every((cell) => /^[+−]?\d[\d,.]*(?: %)?$/.test(cell)),
    };
  });
  const lines = [heading, ...shown].map((row) =>
    columns
      .map(({ width, isFigure }, column) => {
        const cell = row[column] ?? "";
        return isFigure ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const hidden = rows.length - shown.length;
  return hidden === 0 ? lines : [...lines, `… ${formatCount(hidden)} more: --top N`];
}

function paragraphs(parts: readonly (readonly string[])[]): string {
  const texts = parts.filter(({ length }) => length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}
